#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// The loops between the matrix products that Swift cannot vectorise: the compiler may not use more than
// the baseline's 128-bit registers there, and has no way to choose wider ones when the program starts.
// Every function has a naive twin in Swift that the tests compare it with.

/// y = (x - mean) / sqrt(variance + eps) * gain + shift for each of `rows` rows of `width` floats; y may be x.
void ckernels_layer_norm(
    const float *x, float *y, size_t rows, size_t width, const float *gain, const float *shift, float eps);

/// Rounds `count` floats to bf16, the upper half of an f32: to the nearest, ties to even; NaN stays NaN.
void ckernels_bf16(const float *x, uint16_t *y, size_t count);

/// Turns each of `rows` rows of `width` floats, `stride` apart, into its softmax. A row's floats beyond
/// `width`, up to the next multiple of 16, must exist; they become zeros.
void ckernels_softmax(float *x, size_t rows, size_t width, size_t stride);

/// The floats of scratch space that `ckernels_attention` needs for such a post.
size_t ckernels_attention_scratch(size_t queries, size_t keys, size_t size);

/// What `ckernels_attention` reads and writes: one post, all heads. Row strides are in floats.
typedef struct {
    const float *query, *key, *value;
    /// queries × keys, added to the scores of every head; may be NULL.
    const float *bias;
    float *out;
    size_t query_stride, key_stride, value_stride, out_stride;
    size_t queries, keys, heads, size;
    float *scratch;
} ckernels_attention_arguments;

/// out = softmax(query · keyᵀ / sqrt(size) + bias) · value, for each of `heads` heads of `size` columns.
void ckernels_attention(const ckernels_attention_arguments *a);

// The same kernels for one instruction set each; the ones above choose the widest that the processor has.

/// The widest instruction set the processor has: 0 for the baseline, 1 for AVX2, 2 for AVX-512.
int ckernels_widest(void);

#define CKERNELS_VARIANT(set)                                                                                    \
    void ckernels_layer_norm_##set(                                                                              \
        const float *x, float *y, size_t rows, size_t width, const float *gain, const float *shift, float eps);  \
    void ckernels_bf16_##set(const float *x, uint16_t *y, size_t count);                                         \
    void ckernels_softmax_##set(float *x, size_t rows, size_t width, size_t stride);                             \
    void ckernels_attention_##set(const ckernels_attention_arguments *a);

CKERNELS_VARIANT(baseline)
#if defined(__x86_64__)
CKERNELS_VARIANT(avx2)
CKERNELS_VARIANT(avx512)
#endif

#endif
