typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES)));

/// The upper halves of x, rounded: half a unit is added, or one bit less where that keeps a tie even.
INLINE halves upper_halves(vector x) {
    words bits = (words)x;
    words rounded_up = bits + 0x7fff + ((bits >> 16) & 1);
    // The sum would carry a NaN into the exponent or the sign.
    words quiet = bits | 0x400000, nan = (words)(x != x);
    return __builtin_convertvector(((quiet & nan) | (rounded_up & ~nan)) >> 16, halves);
}

void NAME(bf16)(const float *x, uint16_t *y, size_t count) {
    size_t whole = count / lanes * lanes;
    for (size_t i = 0; i < whole; i += lanes) {
        halves h = upper_halves(load(x + i));
        memcpy(y + i, &h, sizeof h);
    }
    if (whole < count) {
        halves h = upper_halves(load_some(x + whole, count - whole));
        memcpy(y + whole, &h, (count - whole) * sizeof *y);
    }
}
