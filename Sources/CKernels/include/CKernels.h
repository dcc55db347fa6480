#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CTraining.h"

// The loops between the matrix products that Swift cannot vectorise well: there the compiler may only use the
// baseline's 128-bit registers, and cannot choose wider ones at run time. Every function has a simple counterpart in
// Swift that the tests compare it with.

/// y = (x - mean) / sqrt(variance + eps) * weight + bias for each of `rows` rows of `width` floats; y may be x. Writes
/// each row's mean and 1 / sqrt(variance + eps) to `stats`, for the backward pass, unless that is NULL.
void ckernels_layer_norm(
    const float *x, float *y, float *stats, size_t rows, size_t width, const float *weight, const float *bias,
    float eps);

/// Rounds `count` floats to bf16, the upper half of an f32: to the nearest, ties to even; NaN stays NaN.
/// Numbers below 2^-126 may become 0.
void ckernels_bf16(const float *x, uint16_t *y, size_t count);

/// Rounds GELU of `count` floats to bf16. GELU is x Φ(x) to 6e-5, less than a tenth of what rounding changes.
void ckernels_gelu_bf16(const float *x, uint16_t *y, size_t count);

/// The meaning of a row of bytes: the number of byte q is (q - zero) * scale.
typedef struct {
    float scale;
    int32_t zero;
} ckernels_token;

/// Rounds each of `rows` rows of `width` floats to bytes from 0 to 255, whose meaning is written to `token`: the row's
/// range including 0, in 255 equal steps. A row with a number that is not finite gets a scale of NaN.
void ckernels_quantise(const float *x, size_t rows, size_t width, uint8_t *y, ckernels_token *tokens);

/// Rounds each of `rows` rows of `width` weights to -127 to 127; `scales` get the largest magnitude divided by 127, and
/// `sums` the sums of the results. A row with a number that is not finite gets a scale of NaN.
void ckernels_quantise_weights(
    const float *w, size_t rows, size_t width, int8_t *y, float *scales, int32_t *sums);

/// The function applied to a sum before it is written; all pass on NaN. GELU is x Φ(x) within 6e-5, QUICK_GELU x
/// σ(1.702 x), TANH_GELU x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
typedef enum {
    CKERNELS_NONE, CKERNELS_RELU, CKERNELS_GELU, CKERNELS_QUICK_GELU, CKERNELS_TANH_GELU
} ckernels_activation;

/// The columns of a quantised W: outputs numbers each.
typedef struct {
    const float *scales;
    const int32_t *sums;
    const float *bias;
} ckernels_columns;

/// y = f((s - zero * sum) * scale * column scale + bias), or y += that, for `rows` rows of `width` sums s of bytes
/// times weights, with the zero and scale of token i for row i.
void ckernels_dequantise(
    const int32_t *s, const ckernels_token *tokens, size_t rows, size_t width, const ckernels_columns *columns,
    ckernels_activation activation, int accumulate, float *y);

/// Replaces each of `rows` rows of `width` floats, `stride` apart, by its softmax. A row's floats beyond `width`, up to
/// the next multiple of 16, must exist; they become zeros.
void ckernels_softmax(float *x, size_t rows, size_t width, size_t stride);

/// The number of floats of scratch space that `ckernels_attention` needs for this post.
size_t ckernels_attention_scratch(size_t queries, size_t keys, size_t size);

/// Whether the processor has instructions for products of bf16 numbers.
int ckernels_has_bf16(void);

/// The arguments of `ckernels_attention`: one post, all heads. Strides are in numbers.
typedef struct {
    /// Floats or, with `bf16`, upper halves of floats; the latter only if `ckernels_has_bf16`, with an even `size` and
    /// even strides.
    const void *query, *key, *value;
    int bf16;
    /// queries × keys, added to the scores of every head; may be NULL.
    const float *bias;
    float *out;
    size_t query_stride, key_stride, value_stride, out_stride;
    size_t queries, keys, heads, size;
    float *scratch;
} ckernels_attention_arguments;

/// out = softmax(query · keyᵀ / sqrt(size) + bias) · value, for each of `heads` heads of `size` columns. With `bf16`
/// the softmax is rounded like the rest; all sums are f32.
void ckernels_attention(const ckernels_attention_arguments *a);

// The same kernels, once for each instruction set; those above choose the widest set that the processor has and the
// limit allows.

/// The widest instruction set the processor has: 0 for the baseline, 1 for AVX2, 2 for AVX-512.
int ckernels_widest(void);

/// Limits the kernels to this set for the whole process; 3 means AVX-512 with its instructions for bf16. Call it before
/// any kernel runs: later results could differ in their last bits from earlier ones.
void ckernels_limit(int level);

/// The set in use.
int ckernels_level(void);

#define CKERNELS_VARIANT(set)                                                                                    \
    void ckernels_layer_norm_##set(                                                                              \
        const float *x, float *y, float *stats, size_t rows, size_t width, const float *weight,                  \
        const float *bias, float eps);                                                                           \
    void ckernels_bf16_##set(const float *x, uint16_t *y, size_t count);                                         \
    void ckernels_gelu_bf16_##set(const float *x, uint16_t *y, size_t count);                                    \
    void ckernels_quantise_##set(const float *x, size_t rows, size_t width, uint8_t *y, ckernels_token *tokens); \
    void ckernels_quantise_weights_##set(                                                                        \
        const float *w, size_t rows, size_t width, int8_t *y, float *scales, int32_t *sums);                     \
    void ckernels_dequantise_##set(                                                                              \
        const int32_t *s, const ckernels_token *tokens, size_t rows, size_t width,                               \
        const ckernels_columns *columns, ckernels_activation activation, int accumulate, float *y);              \
    void ckernels_softmax_##set(float *x, size_t rows, size_t width, size_t stride);                             \
    void ckernels_attention_##set(const ckernels_attention_arguments *a);

CKERNELS_VARIANT(baseline)
#if defined(__x86_64__)
CKERNELS_VARIANT(avx2)
CKERNELS_VARIANT(avx512)

void ckernels_bf16_avx512bf16(const float *x, uint16_t *y, size_t count);
void ckernels_gelu_bf16_avx512bf16(const float *x, uint16_t *y, size_t count);
void ckernels_attention_avx512bf16(const ckernels_attention_arguments *a);
#endif

#endif
