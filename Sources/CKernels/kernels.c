#include "variants.h"

#if defined(__x86_64__)
#define CHOOSE(kernel)                                              \
    (__builtin_cpu_supports("avx512f")                              \
         ? kernel##_avx512                                          \
         : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? kernel##_avx2 : kernel##_baseline)
#else
#define CHOOSE(kernel) kernel##_baseline
#endif

void ckernels_layer_norm(
    const float *x, float *y, size_t rows, size_t width, const float *gain, const float *shift, float eps) {
    CHOOSE(layer_norm)(x, y, rows, width, gain, shift, eps);
}

void ckernels_softmax(float *x, size_t rows, size_t width, size_t stride) {
    CHOOSE(softmax)(x, rows, width, stride);
}

size_t ckernels_attention_scratch(size_t queries, size_t keys, size_t size) {
    return size * rounded(keys) + keys * rounded(size) + queries * rounded(keys);
}

void ckernels_attention(const ckernels_attention_arguments *a) { CHOOSE(attention)(a); }
