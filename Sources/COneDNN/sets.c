#include "internal.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <string.h>

/// The registers of CPUID's leaf 7, in its subleaves 0 and 1, and of leaf 1.
typedef struct { unsigned c1, b70, c70, d70, a71; } features;

/// The registers that the system saves: AVX and AVX-512 cannot be used if it does not save theirs.
static unsigned saved(unsigned c1) {
    unsigned low = 0, high = 0;
    if (c1 & bit_OSXSAVE) __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static features read_features(void) {
    features f = {0};
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) f.c1 = c;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) f.b70 = b, f.c70 = c, f.d70 = d;
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d)) f.a71 = a;
    return f;
}

static int has(dnnl_cpu_isa_t isa) {
    features f = read_features();
    unsigned state = saved(f.c1), wide = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    int avx = (state & 0x6) == 0x6 && f.c1 >> 28 & 1, avx2 = avx && f.b70 >> 5 & 1 && f.c1 >> 12 & 1;
    int avx512 = avx2 && (state & 0xE6) == 0xE6 && (f.b70 & wide) == wide, vnni = avx512 && f.c70 >> 11 & 1;
    int bf16 = vnni && f.a71 >> 5 & 1;
    switch ((int)isa) {
    case dnnl_cpu_isa_sse41: return f.c1 >> 19 & 1;
    case dnnl_cpu_isa_avx: return avx;
    case dnnl_cpu_isa_avx2: return avx2;
    case dnnl_cpu_isa_avx2_vnni: return avx2 && f.a71 >> 4 & 1;
    case dnnl_cpu_isa_avx512_core: return avx512;
    case dnnl_cpu_isa_avx512_core_vnni: return vnni;
    case dnnl_cpu_isa_avx512_core_bf16: return bf16;
    case dnnl_cpu_isa_avx512_core_amx: return bf16 && (f.d70 >> 22 & 0xD) == 0xD && (state >> 17 & 3) == 3;
    default: return 0;
    }
}

static const struct { dnnl_cpu_isa_t isa; const char *name; conednn_width width; } sets[] = {
    {dnnl_cpu_isa_sse41, "sse41", CONEDNN_128},
    {dnnl_cpu_isa_avx, "avx", CONEDNN_128},
    {dnnl_cpu_isa_avx2, "avx2", CONEDNN_256},
    {dnnl_cpu_isa_avx2_vnni, "avx2_vnni", CONEDNN_256},
    {dnnl_cpu_isa_avx512_core, "avx512_core", CONEDNN_512},
    {dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni", CONEDNN_512},
    {dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16", CONEDNN_512},
    {dnnl_cpu_isa_avx512_core_amx, "avx512_core_amx", CONEDNN_512},
};

size_t conednn_sets(void) { return sizeof sets / sizeof sets[0]; }
const char *conednn_set_name(size_t set) { return sets[set].name; }
conednn_width conednn_set_width(size_t set) { return sets[set].width; }
int conednn_set_is_here(size_t set) { return has(sets[set].isa); }

int conednn_pin(size_t set) {
    // Asking for the effective set fixes it, so nothing may ask before.
    dnnl_status_t status = dnnl_set_max_cpu_isa(sets[set].isa);
    return status ? status : strcmp(conednn_instruction_set(), sets[set].name) ? dnnl_unimplemented : dnnl_success;
}

const char *conednn_instruction_set(void) {
    // There is one bit per extension, so the bits of a wider set include those of narrower ones. The sets are those
    // that both versions of the library know; a newer one counts as the widest known set that it includes.
    unsigned here = (unsigned)dnnl_get_effective_cpu_isa();
    for (size_t i = conednn_sets(); i-- > 0;)
        if ((here & sets[i].isa) == (unsigned)sets[i].isa) return sets[i].name;
    return "generic";
}

#else

size_t conednn_sets(void) { return 0; }
const char *conednn_set_name(size_t set) { return ""; }
conednn_width conednn_set_width(size_t set) { return CONEDNN_128; }
int conednn_set_is_here(size_t set) { return 0; }
int conednn_pin(size_t set) { return dnnl_unimplemented; }
const char *conednn_instruction_set(void) { return "generic"; }

#endif
