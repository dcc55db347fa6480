/// c[rows × LANES·vectors] = a[rows × inner] · b[inner × LANES·vectors]; every sum runs over `inner` in order.
/// `rows` and `vectors` are constants where this is called, so that c stays in registers.
INLINE void tile(
    const float *a, size_t a_stride, const float *b, size_t b_stride, size_t inner, float *c, size_t c_stride,
    int rows, int vectors, size_t columns) {
    vector sums[4][4] = {0};
    for (size_t k = 0; k < inner; k++)
        for (int j = 0; j < vectors; j++) {
            vector y = load(b + k * b_stride + j * lanes);
            for (int i = 0; i < rows; i++) sums[i][j] += broadcast(a[i * a_stride + k]) * y;
        }
    for (int j = 0; j < vectors; j++) {
        size_t left = columns - j * lanes;
        for (int i = 0; i < rows; i++) {
            float *to = c + i * c_stride + j * lanes;
            if (left >= lanes) store(to, sums[i][j]);
            else store_some(to, sums[i][j], left);
        }
    }
}

INLINE void band(
    const float *a, size_t a_stride, const float *b, size_t b_stride, size_t inner, float *c, size_t c_stride,
    int rows, size_t columns) {
    size_t j = 0;
    for (; j + 3 * lanes < columns; j += 4 * lanes)
        tile(a, a_stride, b + j, b_stride, inner, c + j, c_stride, rows, 4, columns - j);
    for (; j + lanes < columns; j += 2 * lanes)
        tile(a, a_stride, b + j, b_stride, inner, c + j, c_stride, rows, 2, columns - j);
    if (j < columns) tile(a, a_stride, b + j, b_stride, inner, c + j, c_stride, rows, 1, columns - j);
}

/// c[rows × columns] = a[rows × inner] · b[inner × columns]; b is readable up to a multiple of LANES columns.
INLINE void product(
    const float *a, size_t a_stride, const float *b, size_t b_stride, size_t rows, size_t inner, size_t columns,
    float *c, size_t c_stride) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        band(a + i * a_stride, a_stride, b, b_stride, inner, c + i * c_stride, c_stride, 4, columns);
    for (; i + 2 <= rows; i += 2)
        band(a + i * a_stride, a_stride, b, b_stride, inner, c + i * c_stride, c_stride, 2, columns);
    if (i < rows) band(a + i * a_stride, a_stride, b, b_stride, inner, c + i * c_stride, c_stride, 1, columns);
}

/// The row's floats behind `width`, up to a whole register, may be anything; they become zeros.
INLINE void softmax_row(float *x, size_t width) {
    size_t whole = width / lanes * lanes, rest = width - whole;
    integers kept = first_lanes(rest);
    vector top = broadcast(-INFINITY);
    for (size_t i = 0; i < whole; i += lanes) top = larger(load(x + i), top);
    if (rest > 0) top = larger(chosen(kept, load(x + whole), broadcast(-INFINITY)), top);
    vector largest = broadcast(largest_lane(top));

    vector total = {0};
    for (size_t i = 0; i < whole; i += lanes) {
        vector e = exponential(load(x + i) - largest);
        store(x + i, e);
        total += e;
    }
    if (rest > 0) {
        vector e = chosen(kept, exponential(load(x + whole) - largest), broadcast(0));
        store(x + whole, e);
        total += e;
    }
    vector scale = broadcast(1.0f / sum(total));
    for (size_t i = 0; i < width; i += lanes) store(x + i, load(x + i) * scale);
}

void NAME(softmax)(float *x, size_t rows, size_t width, size_t stride) {
    for (size_t i = 0; i < rows; i++) softmax_row(x + i * stride, width);
}

typedef float quad __attribute__((vector_size(16)));

INLINE quad load_quad(const float *p) {
    quad q;
    memcpy(&q, p, sizeof q);
    return q;
}

/// to[d × to_stride + s] = from[s × from_stride + d], four by four: one float at a time costs as much as a product.
INLINE void turn(const float *from, size_t from_stride, size_t rows, size_t columns, float *to, size_t to_stride) {
    size_t s = 0;
    for (; s + 4 <= rows; s += 4, from += 4 * from_stride) {
        size_t d = 0;
        for (; d + 4 <= columns; d += 4) {
            quad a = load_quad(from + d), b = load_quad(from + from_stride + d);
            quad c = load_quad(from + 2 * from_stride + d), e = load_quad(from + 3 * from_stride + d);
            quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), ce = __builtin_shufflevector(c, e, 0, 4, 1, 5);
            quad rest_ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), rest_ce = __builtin_shufflevector(c, e, 2, 6, 3, 7);
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

void NAME(attention)(const ckernels_attention_arguments *a) {
    size_t keys = a->keys, size = a->size, wide = rounded(keys), deep = rounded(size);
    float scale = 1.0f / sqrtf((float)size);
    float *turned = a->scratch, *values = turned + size * wide, *scores = values + keys * deep;
    for (size_t head = 0; head < a->heads; head++) {
        // Close together in memory, the head's keys and values stay in the first cache.
        const float *key = a->key + head * size, *value = a->value + head * size;
        turn(key, a->key_stride, keys, size, turned, wide);
        for (size_t s = 0; s < keys; s++) {
            memcpy(values + s * deep, value + s * a->value_stride, size * sizeof(float));
            memset(values + s * deep + size, 0, (deep - size) * sizeof(float));
        }
        for (size_t d = 0; d < size; d++) memset(turned + d * wide + keys, 0, (wide - keys) * sizeof(float));

        product(a->query + head * size, a->query_stride, turned, wide, a->queries, size, wide, scores, wide);
        for (size_t t = 0; t < a->queries; t++) {
            float *row = scores + t * wide;
            for (size_t s = 0; s < wide; s += lanes) store(row + s, load(row + s) * broadcast(scale));
            if (a->bias)
                for (size_t s = 0; s < keys; s++) row[s] += a->bias[t * keys + s];
            softmax_row(row, keys);
        }
        product(scores, wide, values, deep, a->queries, keys, size, a->out + head * size, a->out_stride);
    }
}
