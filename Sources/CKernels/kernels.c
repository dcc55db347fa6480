#include <stdatomic.h>

#include "variants.h"

static atomic_int limit = 3;

#if defined(__x86_64__)

int ckernels_widest(void) {
    if (__builtin_cpu_supports("avx512f")) return 2;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

#define WIDEST(kernel)                                                              \
    (ckernels_level() == 2   ? ckernels_##kernel##_avx512                           \
     : ckernels_level() == 1 ? ckernels_##kernel##_avx2 : ckernels_##kernel##_baseline)

int ckernels_has_bf16(void) {
    return ckernels_level() == 2 && atomic_load_explicit(&limit, memory_order_relaxed) > 2
        && __builtin_cpu_supports("avx512bf16");
}

#define WITH_BF16(kernel) (ckernels_has_bf16() ? ckernels_##kernel##_avx512bf16 : WIDEST(kernel))

#else

int ckernels_widest(void) { return 0; }
int ckernels_has_bf16(void) { return 0; }

#define WIDEST(kernel) ckernels_##kernel##_baseline
#define WITH_BF16(kernel) WIDEST(kernel)

#endif

void ckernels_limit(int level) { atomic_store_explicit(&limit, level, memory_order_relaxed); }

int ckernels_level(void) {
    int widest = ckernels_widest(), most = atomic_load_explicit(&limit, memory_order_relaxed);
    return widest < most ? widest : most;
}

void ckernels_layer_norm(
    const float *x, float *y, float *stats, size_t rows, size_t width, const float *weight, const float *bias,
    float eps) {
    WIDEST(layer_norm)(x, y, stats, rows, width, weight, bias, eps);
}

void ckernels_bf16(const float *x, uint16_t *y, size_t count) { WITH_BF16(bf16)(x, y, count); }

void ckernels_gelu_bf16(const float *x, uint16_t *y, size_t count) { WITH_BF16(gelu_bf16)(x, y, count); }

void ckernels_quantise(const float *x, size_t rows, size_t width, uint8_t *y, ckernels_token *tokens) {
    WIDEST(quantise)(x, rows, width, y, tokens);
}

void ckernels_quantise_weights(
    const float *w, size_t rows, size_t width, int8_t *y, float *scales, int32_t *sums) {
    WIDEST(quantise_weights)(w, rows, width, y, scales, sums);
}

void ckernels_dequantise(
    const int32_t *s, const ckernels_token *tokens, size_t rows, size_t width, const ckernels_columns *columns,
    ckernels_activation activation, int accumulate, float *y) {
    WIDEST(dequantise)(s, tokens, rows, width, columns, activation, accumulate, y);
}

void ckernels_softmax(float *x, size_t rows, size_t width, size_t stride) {
    WIDEST(softmax)(x, rows, width, stride);
}

size_t ckernels_attention_scratch(size_t queries, size_t keys, size_t size) {
    // Pairs of factors take half of that in addition to the scores, except a last odd key.
    return size * rounded(keys) + (keys + 1) * rounded(size) + queries * rounded(keys);
}

void ckernels_attention(const ckernels_attention_arguments *a) {
    if (a->bf16) WITH_BF16(attention)(a);
    else WIDEST(attention)(a);
}
