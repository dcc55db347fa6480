#include "variants.h"

#define LANES 4
#define NAME(kernel) ckernels_##kernel##_baseline
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
