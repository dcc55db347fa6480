void NAME(attention)(const ckernels_attention_arguments *a) {
    size_t keys = a->keys, size = a->size, wide = rounded(keys), deep = rounded(size);
    float scale = 1.0f / sqrtf((float)size);
    const float *query = a->query, *key = a->key, *value = a->value;
    float *turned = a->scratch, *values = turned + size * wide, *scores = values + keys * deep;
    for (size_t head = 0; head < a->heads; head++, query += size, key += size, value += size) {
        // Packed together in memory, the head's keys and values stay in the first-level cache.
        turn(key, a->key_stride, keys, size, turned, wide);
        for (size_t s = 0; s < keys; s++) {
            memcpy(values + s * deep, value + s * a->value_stride, size * sizeof(float));
            memset(values + s * deep + size, 0, (deep - size) * sizeof(float));
        }
        for (size_t d = 0; d < size; d++) memset(turned + d * wide + keys, 0, (wide - keys) * sizeof(float));

        product(query, a->query_stride, turned, wide, a->queries, size, wide, scale, scores, wide);
        for (size_t t = 0; t < a->queries; t++) {
            float *row = scores + t * wide;
            if (a->bias)
                for (size_t s = 0; s < keys; s++) row[s] += a->bias[t * keys + s];
            softmax_row(row, keys);
        }
        product(scores, wide, values, deep, a->queries, keys, size, 1, a->out + head * size, a->out_stride);
    }
}
