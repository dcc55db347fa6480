#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "internal.h"

const char *conednn_status_words(int status) {
    switch ((dnnl_status_t)status) {
    case dnnl_success: return "success";
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented for this processor";
    case dnnl_runtime_error: return "run-time error";
    case dnnl_not_required: return "not required";
    default: return "unknown error";
    }
}

static char version[32];
static pthread_once_t version_once = PTHREAD_ONCE_INIT;

static void write_version(void) {
    const dnnl_version_t *v = dnnl_version();
    snprintf(version, sizeof version, "%d.%d.%d", v->major, v->minor, v->patch);
}

const char *conednn_version(void) {
    pthread_once(&version_once, write_version);
    return version;
}

int conednn_has(conednn_format format) {
    unsigned here = (unsigned)dnnl_get_effective_cpu_isa(), bf16 = (unsigned)dnnl_cpu_isa_avx512_core_bf16,
             vnni = (unsigned)dnnl_cpu_isa_avx512_core_vnni, vnni2 = (unsigned)dnnl_cpu_isa_avx2_vnni;
    switch (format) {
    case CONEDNN_BF16: return (here & bf16) == bf16;
    case CONEDNN_INT8: return (here & vnni) == vnni || (here & vnni2) == vnni2;
    default: return 1;
    }
}

int conednn_use_one_thread(void) {
    // Looked up at run time instead of linked: a build of oneDNN without OpenMP needs neither the library nor the call.
    void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (!set_threads) return 0;
    set_threads(1);
    return 1;
}

static dnnl_engine_t engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void make_engine(void) {
    if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t processor(void) {
    pthread_once(&engine_once, make_engine);
    return engine;
}
