#ifndef CTRAINING_H
#define CTRAINING_H

#include <stddef.h>
#include <stdint.h>

// The loops of training between the matrix products: forward passes that keep the values for the backward pass,
// backward passes, dropout, and the optimiser. Every function has a simple counterpart in Swift that the tests compare
// it with.

/// The numbers that dropout keeps: those whose random word, Philox4x32-10 of (number, site, step, part) with the key
/// `seed`, is at least `least`; they are multiplied by `scale`. In each group of 64 numbers, number 16 w + i uses word
/// w of counter 16 group + i.
typedef struct {
    uint64_t seed;
    uint32_t site, step, part;
    uint32_t least;
    float scale;
} ckernels_dropout;

/// y = residual + dropout(x), without residual if it is NULL; x[0] is number `first`, a multiple of 64. y may be x.
void ckernels_dropout_apply(
    const float *x, const float *residual, float *y, size_t first, size_t count, ckernels_dropout d);

/// y += x.
void ckernels_add(const float *x, float *y, size_t count);

/// y = x Φ(x); and dy becomes dy · (Φ(x) + x φ(x)).
void ckernels_gelu(const float *x, float *y, size_t count);
void ckernels_gelu_back(const float *x, float *dy, size_t count);

/// The same for x σ(1.702 x).
void ckernels_quick_gelu(const float *x, float *y, size_t count);
void ckernels_quick_gelu_back(const float *x, float *dy, size_t count);

/// The same for x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
void ckernels_tanh_gelu(const float *x, float *y, size_t count);
void ckernels_tanh_gelu_back(const float *x, float *dy, size_t count);

/// dx = or += the gradient with respect to the input x of a layer norm with these `stats`; dx may be dy unless it
/// accumulates.
void ckernels_norm_back(
    const float *x, const float *stats, const float *weight, const float *dy, float *dx, size_t rows, size_t width,
    int accumulate);

/// weight and bias += their gradients, for `columns` columns of rows that are `width` apart.
void ckernels_norm_gradients(
    const float *x, const float *stats, const float *dy, size_t rows, size_t width, size_t columns, float *weight,
    float *bias);

/// sums += the sums over rows, for `columns` columns of rows that are `width` apart.
void ckernels_column_sums(const float *x, size_t rows, size_t width, size_t columns, float *sums);

/// The sum of squares.
double ckernels_squares(const float *x, size_t count);

typedef struct {
    float gradient_scale, beta1, beta2, eps, decay, rate;
} ckernels_adam;

/// One step of Adam without bias correction, with weight decay added to the update.
void ckernels_adam_step(float *w, float *m, float *v, const float *g, size_t count, ckernels_adam a);

/// One post's attention, all heads. All matrices have rows `stride` apart, except `bias` (queries × keys, or NULL) and
/// `shares` (heads × queries × keys rounded up to 16).
typedef struct {
    const float *query, *key, *value, *bias;
    float *shares, *out;
    /// For the backward pass.
    const float *d_out;
    float *d_query, *d_key, *d_value;
    size_t stride, queries, keys, heads, size;
    /// Whether query t attends only to keys 0 to t.
    int causal;
    /// The dropout of the attention weights; its `least` is 0 if nothing is dropped.
    ckernels_dropout dropout;
    /// The index of the first weight, a multiple of 64.
    size_t first;
    float *scratch;
} ckernels_training_attention;

/// The number of floats of scratch space for either pass.
size_t ckernels_training_attention_scratch(size_t queries, size_t keys, size_t heads, size_t size);

/// out = dropout(softmax(query · keyᵀ / √size + bias)) · value; `shares` is the softmax.
void ckernels_attention_forward(const ckernels_training_attention *a);

/// Computes d_query, d_key and d_value from d_out; `shares` must be unchanged since the forward pass.
void ckernels_attention_back(const ckernels_training_attention *a);

#define CTRAINING_VARIANT(set)                                                                                         \
    void ckernels_dropout_##set(                                                                                       \
        const float *x, const float *residual, float *y, size_t first, size_t count, ckernels_dropout d);              \
    void ckernels_add_##set(const float *x, float *y, size_t count);                                                   \
    void ckernels_gelu_##set(const float *x, float *y, size_t count);                                                  \
    void ckernels_gelu_back_##set(const float *x, float *dy, size_t count);                                            \
    void ckernels_quick_gelu_##set(const float *x, float *y, size_t count);                                            \
    void ckernels_quick_gelu_back_##set(const float *x, float *dy, size_t count);                                      \
    void ckernels_tanh_gelu_##set(const float *x, float *y, size_t count);                                             \
    void ckernels_tanh_gelu_back_##set(const float *x, float *dy, size_t count);                                       \
    void ckernels_norm_back_##set(                                                                                     \
        const float *x, const float *stats, const float *weight, const float *dy, float *dx, size_t rows,              \
        size_t width, int accumulate);                                                                                 \
    void ckernels_norm_gradients_##set(                                                                                \
        const float *x, const float *stats, const float *dy, size_t rows, size_t width, size_t columns, float *weight, \
        float *bias);                                                                                                  \
    void ckernels_column_sums_##set(const float *x, size_t rows, size_t width, size_t columns, float *sums);           \
    double ckernels_squares_##set(const float *x, size_t count);                                                       \
    void ckernels_adam_##set(float *w, float *m, float *v, const float *g, size_t count, ckernels_adam a);             \
    void ckernels_attention_forward_##set(const ckernels_training_attention *a);                                       \
    void ckernels_attention_back_##set(const ckernels_training_attention *a);

CTRAINING_VARIANT(baseline)
#if defined(__x86_64__)
CTRAINING_VARIANT(avx2)
CTRAINING_VARIANT(avx512)
#endif

#endif
