#include "variants.h"

#if defined(__x86_64__)

#define LANES 16
#define NAME(kernel) ckernels_##kernel##_avx512
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "vector.h"

#include "gelu.h"
#include "norm.h"
#include "product.h"
#include "quantise.h"
#include "round.h"
#include "softmax.h"
#include "training.h"
#include "turn.h"

#include "attention.h"
#include "attention_back.h"
#pragma clang attribute pop

#endif
