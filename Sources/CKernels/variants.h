#ifndef CKERNELS_VARIANTS_H
#define CKERNELS_VARIANTS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

/// Rows of scratch space start at multiples of 16 floats, the widest register, in every variant.
static inline size_t rounded(size_t n) { return (n + 15) / 16 * 16; }

#define DECLARE(variant)                                                                                         \
    void layer_norm_##variant(                                                                                   \
        const float *x, float *y, size_t rows, size_t width, const float *gain, const float *shift, float eps);  \
    void softmax_##variant(float *x, size_t rows, size_t width, size_t stride);                                  \
    void attention_##variant(const ckernels_attention_arguments *a);

DECLARE(baseline)
DECLARE(avx2)
DECLARE(avx512)

#endif
