#include "variants.h"

#define LANES 4
#define NAME(kernel) ckernels_##kernel##_baseline
#include "vector.h"

#include "attention.h"
#include "norm.h"
#include "quantise.h"
#include "round.h"
#include "training.h"

#include "attention_back.h"
