#ifndef CKERNELS_VARIANTS_H
#define CKERNELS_VARIANTS_H

// The headers that every variant includes before it chooses its instruction set.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"
#include "CTraining.h"

/// Rows of scratch space start at multiples of 16 floats, the widest register, in every variant.
static inline size_t rounded(size_t n) { return (n + 15) / 16 * 16; }

#endif
