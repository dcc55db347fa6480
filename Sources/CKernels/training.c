#include "variants.h"

#if defined(__x86_64__)
#define WIDEST(kernel)                                                              \
    (ckernels_level() == 2   ? ckernels_##kernel##_avx512                           \
     : ckernels_level() == 1 ? ckernels_##kernel##_avx2 : ckernels_##kernel##_baseline)
#else
#define WIDEST(kernel) ckernels_##kernel##_baseline
#endif

void ckernels_dropout_apply(
    const float *x, const float *residual, float *y, size_t first, size_t count, ckernels_dropout d) {
    WIDEST(dropout)(x, residual, y, first, count, d);
}

void ckernels_add(const float *x, float *y, size_t count) { WIDEST(add)(x, y, count); }

void ckernels_gelu(const float *x, float *y, size_t count) { WIDEST(gelu)(x, y, count); }

void ckernels_gelu_back(const float *x, float *dy, size_t count) { WIDEST(gelu_back)(x, dy, count); }

void ckernels_quick_gelu(const float *x, float *y, size_t count) { WIDEST(quick_gelu)(x, y, count); }

void ckernels_quick_gelu_back(const float *x, float *dy, size_t count) { WIDEST(quick_gelu_back)(x, dy, count); }

void ckernels_tanh_gelu(const float *x, float *y, size_t count) { WIDEST(tanh_gelu)(x, y, count); }

void ckernels_tanh_gelu_back(const float *x, float *dy, size_t count) { WIDEST(tanh_gelu_back)(x, dy, count); }

void ckernels_norm_back(
    const float *x, const float *stats, const float *weight, const float *dy, float *dx, size_t rows, size_t width,
    int accumulate) {
    WIDEST(norm_back)(x, stats, weight, dy, dx, rows, width, accumulate);
}

void ckernels_norm_gradients(
    const float *x, const float *stats, const float *dy, size_t rows, size_t width, size_t columns, float *weight,
    float *bias) {
    WIDEST(norm_gradients)(x, stats, dy, rows, width, columns, weight, bias);
}

void ckernels_column_sums(const float *x, size_t rows, size_t width, size_t columns, float *sums) {
    WIDEST(column_sums)(x, rows, width, columns, sums);
}

double ckernels_squares(const float *x, size_t count) { return WIDEST(squares)(x, count); }

void ckernels_adam_step(float *w, float *m, float *v, const float *g, size_t count, ckernels_adam a) {
    WIDEST(adam)(w, m, v, g, count, a);
}

size_t ckernels_training_attention_scratch(size_t queries, size_t keys, size_t heads, size_t size) {
    size_t longest = keys > queries ? keys : queries;
    return longest * rounded(size) + size * rounded(keys) + 2 * heads * queries * rounded(keys);
}

void ckernels_attention_forward(const ckernels_training_attention *a) { WIDEST(attention_forward)(a); }

void ckernels_attention_back(const ckernels_training_attention *a) { WIDEST(attention_back)(a); }
