#include "variants.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 16
#define PAIRS
#define NAME(kernel) ckernels_##kernel##_avx512bf16
#pragma clang attribute push(__attribute__((target("avx512f,avx512bf16"))), apply_to = function)
#include "vector.h"

#include "gelu.h"
#include "product.h"
#include "round.h"
#include "softmax.h"
#include "turn.h"

#include "attention_bf16.h"
#pragma clang attribute pop

#endif
