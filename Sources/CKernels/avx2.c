#include "variants.h"

#if defined(__x86_64__)

#define LANES 8
#define NAME(kernel) ckernels_##kernel##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
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
