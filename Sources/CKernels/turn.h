typedef float quad __attribute__((vector_size(16)));

INLINE quad load_quad(const float *p) {
    quad q;
    memcpy(&q, p, sizeof q);
    return q;
}

/// to[d × to_stride + s] = from[s × from_stride + d], in blocks of four by four: copying single floats costs as much as
/// a product.
INLINE void turn(const float *from, size_t from_stride, size_t rows, size_t columns, float *to, size_t to_stride) {
    size_t s = 0;
    for (; s + 4 <= rows; s += 4, from += 4 * from_stride) {
        size_t d = 0;
        for (; d + 4 <= columns; d += 4) {
            quad a = load_quad(from + d), b = load_quad(from + from_stride + d);
            quad c = load_quad(from + 2 * from_stride + d), e = load_quad(from + 3 * from_stride + d);
            quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), ce = __builtin_shufflevector(c, e, 0, 4, 1, 5);
            quad rest_ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
            quad rest_ce = __builtin_shufflevector(c, e, 2, 6, 3, 7);
            quad turned[4] = {
                __builtin_shufflevector(ab, ce, 0, 1, 4, 5), __builtin_shufflevector(ab, ce, 2, 3, 6, 7),
                __builtin_shufflevector(rest_ab, rest_ce, 0, 1, 4, 5),
                __builtin_shufflevector(rest_ab, rest_ce, 2, 3, 6, 7)};
            for (int i = 0; i < 4; i++) memcpy(to + (d + i) * to_stride + s, &turned[i], sizeof(quad));
        }
        for (; d < columns; d++)
            for (int i = 0; i < 4; i++) to[d * to_stride + s + i] = from[i * from_stride + d];
    }
    for (; s < rows; s++, from += from_stride)
        for (size_t d = 0; d < columns; d++) to[d * to_stride + s] = from[d];
}
