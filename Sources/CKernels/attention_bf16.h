INLINE factors pair(halves upper, halves lower) {
    return (factors)(__builtin_convertvector(upper, words) | __builtin_convertvector(lower, words) << 16);
}

/// y[i] = the pair of upper[i] and lower[i], or of upper[i] and 0 if there is no row below. Fills whole registers.
INLINE void pair_rows(const uint16_t *upper, const uint16_t *lower, size_t width, factor *y) {
    size_t whole = width / lanes * lanes, rest = (width - whole) * sizeof *upper;
    for (size_t i = 0; i < whole; i += lanes) {
        halves a, b = {0};
        memcpy(&a, upper + i, sizeof a);
        if (lower) memcpy(&b, lower + i, sizeof b);
        factors f = pair(a, b);
        memcpy(y + i, &f, sizeof f);
    }
    if (rest == 0) return;
    halves a = {0}, b = {0};
    memcpy(&a, upper + whole, rest);
    if (lower) memcpy(&b, lower + whole, rest);
    factors f = pair(a, b);
    memcpy(y + whole, &f, sizeof f);
}

/// Rounds a row of floats in place, into its first half.
INLINE void round_row(float *row, size_t width) {
    for (size_t i = 0; i < width; i += lanes) {
        halves h = upper_halves(load(row + i));
        memcpy((char *)row + i * sizeof(uint16_t), &h, sizeof h);
    }
}

/// Prefetches the columns of the next head while the current ones are computed: rows are so far apart that the
/// processor's own prefetcher does not help.
INLINE void fetch(const void *from, size_t stride, size_t rows, size_t bytes) {
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)from + r * stride + i);
}

void NAME(attention)(const ckernels_attention_arguments *a) {
    size_t keys = a->keys, size = a->size, wide = rounded(keys), deep = rounded(size), pairs = size / 2;
    float scale = 1.0f / sqrtf((float)size), *scores = a->scratch;
    factor *turned = (factor *)(scores + a->queries * wide), *values = turned + pairs * wide;
    const uint16_t *query = a->query, *key = a->key, *value = a->value;
    for (size_t head = 0; head < a->heads; head++, query += size, key += size, value += size) {
        if (head + 1 < a->heads) {
            size_t number = sizeof(uint16_t), bytes = size * number;
            fetch(key + size, a->key_stride * number, keys, bytes);
            fetch(value + size, a->value_stride * number, keys, bytes);
            fetch(query + size, a->query_stride * number, a->queries, bytes);
        }
        turn((const float *)key, a->key_stride / 2, keys, pairs, (float *)turned, wide);
        for (size_t d = 0; d < pairs; d++) memset(turned + d * wide + keys, 0, (wide - keys) * sizeof(factor));
        for (size_t s = 0; s < keys; s += 2) {
            const uint16_t *row = value + s * a->value_stride;
            pair_rows(row, s + 1 < keys ? row + a->value_stride : NULL, size, values + s / 2 * deep);
        }

        product((const factor *)query, a->query_stride / 2, turned, wide, a->queries, pairs, wide, scale, scores, wide);
        for (size_t t = 0; t < a->queries; t++) {
            float *row = scores + t * wide;
            if (a->bias)
                for (size_t s = 0; s < keys; s++) row[s] += a->bias[t * keys + s];
            softmax_row(row, keys);
            round_row(row, wide);
        }
        product(
            (const factor *)scores, wide, values, deep, a->queries, (keys + 1) / 2, size, 1,
            a->out + head * size, a->out_stride);
    }
}
