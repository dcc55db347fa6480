#ifdef PAIRS
/// Two adjacent factors of an inner product, rounded to bf16: one step multiplies both.
typedef int32_t factor;
typedef integers factors;
INLINE vector add_products(vector sum, factor a, factors b) {
    return (vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)whole_numbers(a), (__m512bh)b);
}
#else
typedef float factor;
typedef vector factors;
INLINE vector add_products(vector sum, factor a, factors b) { return sum + broadcast(a) * b; }
#endif

INLINE factors load_factors(const factor *p) {
    factors f;
    memcpy(&f, p, sizeof f);
    return f;
}

/// c[rows × LANES·vectors] = scale · a[rows × inner] · b[inner × LANES·vectors]; every sum runs over `inner` in order.
/// `rows` and `vectors` are constants at the call, so c stays in registers.
INLINE void tile(
    const factor *a, size_t a_stride, const factor *b, size_t b_stride, size_t inner, float scale, float *c,
    size_t c_stride, int rows, int vectors, size_t columns) {
    vector sums[4][4] = {0};
    for (size_t k = 0; k < inner; k++)
        for (int j = 0; j < vectors; j++) {
            factors y = load_factors(b + k * b_stride + j * lanes);
            for (int i = 0; i < rows; i++) sums[i][j] = add_products(sums[i][j], a[i * a_stride + k], y);
        }
    for (int j = 0; j < vectors; j++) {
        size_t left = columns - j * lanes;
        for (int i = 0; i < rows; i++) {
            float *to = c + i * c_stride + j * lanes;
            if (left >= lanes) store(to, sums[i][j] * broadcast(scale));
            else store_some(to, sums[i][j] * broadcast(scale), left);
        }
    }
}

INLINE void band(
    const factor *a, size_t a_stride, const factor *b, size_t b_stride, size_t inner, float scale, float *c,
    size_t c_stride, int rows, size_t columns) {
    size_t j = 0;
    for (; j + 3 * lanes < columns; j += 4 * lanes)
        tile(a, a_stride, b + j, b_stride, inner, scale, c + j, c_stride, rows, 4, columns - j);
    for (; j + lanes < columns; j += 2 * lanes)
        tile(a, a_stride, b + j, b_stride, inner, scale, c + j, c_stride, rows, 2, columns - j);
    if (j < columns) tile(a, a_stride, b + j, b_stride, inner, scale, c + j, c_stride, rows, 1, columns - j);
}

/// c[rows × columns] = scale · a[rows × inner] · b[inner × columns]; b is readable up to a multiple of LANES columns.
INLINE void product(
    const factor *a, size_t a_stride, const factor *b, size_t b_stride, size_t rows, size_t inner, size_t columns,
    float scale, float *c, size_t c_stride) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        band(a + i * a_stride, a_stride, b, b_stride, inner, scale, c + i * c_stride, c_stride, 4, columns);
    for (; i + 2 <= rows; i += 2)
        band(a + i * a_stride, a_stride, b, b_stride, inner, scale, c + i * c_stride, c_stride, 2, columns);
    if (i < rows) band(a + i * a_stride, a_stride, b, b_stride, inner, scale, c + i * c_stride, c_stride, 1, columns);
}
