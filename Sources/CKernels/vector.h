// Included once for each instruction set. Define `LANES`, the number of floats in a register, and `NAME`, which gives a
// kernel its variant's name, before. The helpers are compiled for the same instruction set.

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));
enum { lanes = LANES };

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *p) {
    vector v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store(float *p, vector v) { memcpy(p, &v, sizeof v); }

INLINE vector broadcast(float x) { return x - (vector){0}; }

INLINE integers whole_numbers(int32_t n) { return n - (integers){0}; }

/// All bits of the first `count` lanes.
INLINE integers first_lanes(size_t count) {
    static const int32_t places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    integers place;
    memcpy(&place, places, sizeof place);
    return place < whole_numbers((int32_t)count);
}

/// a where the mask's bits are set, b elsewhere.
INLINE vector chosen(integers mask, vector a, vector b) {
    return (vector)(((integers)a & mask) | ((integers)b & ~mask));
}

/// The first `count` floats, padded with zeros.
INLINE vector load_some(const float *p, size_t count) {
    vector v = {0};
    memcpy(&v, p, count * sizeof(float));
    return v;
}

INLINE void store_some(float *p, vector v, size_t count) { memcpy(p, &v, count * sizeof(float)); }

/// The sum of the lanes, halves first.
INLINE float sum(vector v) {
    float x[lanes];
    store(x, v);
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) x[i] += x[i + half];
    return x[0];
}

INLINE vector larger(vector a, vector b) { return chosen(a > b, a, b); }

/// The largest lane, ignoring NaN.
INLINE float largest_lane(vector v) {
    float x[lanes];
    store(x, v);
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) x[i] = x[i + half] > x[i] ? x[i + half] : x[i];
    return x[0];
}

/// e^x for x <= 0 to 2 units in the last place; 0 below -87, NaN for NaN.
INLINE vector exponential(vector x) {
    // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 is split into two parts, the first with few bits, which keeps r exact.
    const vector rounder = broadcast(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
    integers tiny = x < broadcast(-87.0f);
    vector shifted = x * broadcast(1.44269504088896341f) + rounder;
    vector n = shifted - rounder;
    vector r = x - n * broadcast(0.693359375f);
    r = r - n * broadcast(-2.12194440e-4f);
    // The Taylor series of e^r to the seventh power: its remainder is below 2^-27 on this interval.
    vector p = broadcast(1.0f / 5040);
    p = p * r + broadcast(1.0f / 720);
    p = p * r + broadcast(1.0f / 120);
    p = p * r + broadcast(1.0f / 24);
    p = p * r + broadcast(1.0f / 6);
    p = p * r + broadcast(0.5f);
    p = p * r + broadcast(1.0f);
    p = p * r + broadcast(1.0f);
    // 2^n from its bits: the low bits of `shifted` are n.
    integers power = ((integers)shifted << 23) + 0x3f800000;
    return (vector)((integers)(p * (vector)power) & ~tiny);
}
