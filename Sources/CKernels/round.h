typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES)));

/// The upper halves of x, rounded to nearest, ties to even; NaN stays NaN.
#ifdef PAIRS
INLINE halves upper_halves(vector x) { return (halves)_mm512_cvtneps_pbh((__m512)x); }
#else
INLINE halves upper_halves(vector x) {
    words bits = (words)x;
    // Adds half a unit, or one bit less if that keeps a tie even.
    words rounded_up = bits + 0x7fff + ((bits >> 16) & 1);
    // The sum would overflow a NaN into the exponent or the sign.
    words quiet = bits | 0x400000, nan = (words)(x != x);
    return __builtin_convertvector(((quiet & nan) | (rounded_up & ~nan)) >> 16, halves);
}
#endif

INLINE void round_some(const float *x, uint16_t *y, size_t count, int activated) {
    size_t whole = count / lanes * lanes;
    for (size_t i = 0; i < whole; i += lanes) {
        vector v = load(x + i);
        halves h = upper_halves(activated ? gelu_to_round(v) : v);
        memcpy(y + i, &h, sizeof h);
    }
    if (whole < count) {
        vector v = load_some(x + whole, count - whole);
        halves h = upper_halves(activated ? gelu_to_round(v) : v);
        memcpy(y + whole, &h, (count - whole) * sizeof *y);
    }
}

void NAME(bf16)(const float *x, uint16_t *y, size_t count) { round_some(x, y, count, 0); }

void NAME(gelu_bf16)(const float *x, uint16_t *y, size_t count) { round_some(x, y, count, 1); }
