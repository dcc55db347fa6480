// Attention for training: it keeps the attention weights, and has a backward pass.

/// c[rows × columns] = scale · a · b, where a's number (i, k) is at a[i · a_row + k · a_column] and b's rows are
/// readable up to a multiple of LANES; every sum runs over `inner` in order.
INLINE void strided_tile(
    const float *a, size_t a_row, size_t a_column, const float *b, size_t b_stride, size_t inner, float *c,
    size_t c_stride, float scale, int rows, int vectors, size_t columns) {
    vector sums[4][4] = {0};
    for (size_t k = 0; k < inner; k++)
        for (int j = 0; j < vectors; j++) {
            vector y = load(b + k * b_stride + j * lanes);
            for (int i = 0; i < rows; i++) sums[i][j] += broadcast(a[i * a_row + k * a_column]) * y;
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

INLINE void strided_band(
    const float *a, size_t a_row, size_t a_column, const float *b, size_t b_stride, size_t inner, float *c,
    size_t c_stride, float scale, int rows, size_t columns) {
    size_t j = 0;
    for (; j + 3 * lanes < columns; j += 4 * lanes)
        strided_tile(a, a_row, a_column, b + j, b_stride, inner, c + j, c_stride, scale, rows, 4, columns - j);
    for (; j + lanes < columns; j += 2 * lanes)
        strided_tile(a, a_row, a_column, b + j, b_stride, inner, c + j, c_stride, scale, rows, 2, columns - j);
    if (j < columns)
        strided_tile(a, a_row, a_column, b + j, b_stride, inner, c + j, c_stride, scale, rows, 1, columns - j);
}

INLINE void strided_product(
    const float *a, size_t a_row, size_t a_column, const float *b, size_t b_stride, size_t rows, size_t inner,
    size_t columns, float *c, size_t c_stride, float scale) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        strided_band(a + i * a_row, a_row, a_column, b, b_stride, inner, c + i * c_stride, c_stride, scale, 4, columns);
    for (; i < rows; i++)
        strided_band(a + i * a_row, a_row, a_column, b, b_stride, inner, c + i * c_stride, c_stride, scale, 1, columns);
}

/// A head's columns of `rows` rows, packed together: rows × rounded(size), padded with zeros.
INLINE void gather(const float *from, size_t stride, size_t rows, size_t size, float *to) {
    size_t deep = rounded(size);
    for (size_t r = 0; r < rows; r++) {
        memcpy(to + r * deep, from + r * stride, size * sizeof(float));
        memset(to + r * deep + size, 0, (deep - size) * sizeof(float));
    }
}

/// A head's columns, transposed: size × rounded(rows), padded with zeros.
INLINE void gather_turned(const float *from, size_t stride, size_t rows, size_t size, float *to) {
    size_t wide = rounded(rows);
    for (size_t d = 0; d < size; d++) memset(to + d * wide + rows, 0, (wide - rows) * sizeof(float));
    turn(from, stride, rows, size, to, wide);
}

void NAME(attention_forward)(const ckernels_training_attention *a) {
    size_t wide = rounded(a->keys), size = a->size, deep = rounded(size), shares = a->queries * wide;
    float scale = 1.0f / sqrtf((float)size), *turned = a->scratch, *dropped = turned + a->keys * deep + size * wide;
    for (size_t head = 0; head < a->heads; head++) {
        float *scores = a->shares + head * shares;
        gather_turned(a->key + head * size, a->stride, a->keys, size, turned);
        strided_product(
            a->query + head * size, a->stride, 1, turned, wide, a->queries, size, wide, scores, wide, scale);
        for (size_t t = 0; t < a->queries; t++) {
            float *row = scores + t * wide;
            if (a->bias)
                for (size_t s = 0; s < a->keys; s++) row[s] += a->bias[t * a->keys + s];
            if (a->causal)
                for (size_t s = t + 1; s < a->keys; s++) row[s] = -INFINITY;
            softmax_row(row, a->keys);
        }
    }
    const float *used = a->shares;
    if (a->dropout.least) {
        NAME(dropout)(a->shares, 0, dropped, a->first, a->heads * shares, a->dropout);
        used = dropped;
    }
    for (size_t head = 0; head < a->heads; head++) {
        gather(a->value + head * size, a->stride, a->keys, size, turned);
        strided_product(
            used + head * shares, wide, 1, turned, deep, a->queries, a->keys, size, a->out + head * size, a->stride, 1);
    }
}

void NAME(attention_back)(const ckernels_training_attention *a) {
    size_t wide = rounded(a->keys), size = a->size, deep = rounded(size), shares = a->queries * wide;
    size_t longest = a->keys > a->queries ? a->keys : a->queries;
    float scale = 1.0f / sqrtf((float)size), *part = a->scratch;
    float *back = part + longest * deep + size * wide, *dropped = back + a->heads * shares;
    const float *used = a->shares;
    for (size_t head = 0; head < a->heads; head++) {
        gather_turned(a->value + head * size, a->stride, a->keys, size, part);
        strided_product(
            a->d_out + head * size, a->stride, 1, part, wide, a->queries, size, wide, back + head * shares, wide, 1);
    }
    if (a->dropout.least) {
        NAME(dropout)(a->shares, 0, dropped, a->first, a->heads * shares, a->dropout);
        NAME(dropout)(back, 0, back, a->first, a->heads * shares, a->dropout);
        used = dropped;
    }
    for (size_t head = 0; head < a->heads; head++) {
        float *d = back + head * shares;
        const float *share = a->shares + head * shares;
        gather(a->d_out + head * size, a->stride, a->queries, size, part);
        strided_product(
            used + head * shares, 1, wide, part, deep, a->keys, a->queries, size, a->d_value + head * size, a->stride, 1);
        // The backward pass of the softmax: dS = P (dP - Σ dP P), row by row.
        for (size_t t = 0; t < a->queries; t++) {
            float *row = d + t * wide;
            const float *p = share + t * wide;
            vector along = {0};
            for (size_t s = 0; s < wide; s += lanes) along += load(row + s) * load(p + s);
            vector total = broadcast(sum(along));
            for (size_t s = 0; s < wide; s += lanes) store(row + s, load(p + s) * (load(row + s) - total));
        }
        gather(a->key + head * size, a->stride, a->keys, size, part);
        strided_product(d, wide, 1, part, deep, a->queries, a->keys, size, a->d_query + head * size, a->stride, scale);
        gather(a->query + head * size, a->stride, a->queries, size, part);
        strided_product(d, 1, wide, part, deep, a->keys, a->queries, size, a->d_key + head * size, a->stride, scale);
    }
}
