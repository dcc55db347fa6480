INLINE float row_sum(const float *x, size_t width, float centre, int squared) {
    size_t whole = width / lanes * lanes;
    vector total = {0};
    for (size_t i = 0; i < whole; i += lanes) {
        vector d = load(x + i) - broadcast(centre);
        total += squared ? d * d : d;
    }
    float rest = 0;
    for (size_t i = whole; i < width; i++) {
        float d = x[i] - centre;
        rest += squared ? d * d : d;
    }
    return sum(total) + rest;
}

void NAME(layer_norm)(
    const float *x, float *y, float *stats, size_t rows, size_t width, const float *weight, const float *bias,
    float eps) {
    size_t whole = width / lanes * lanes;
    for (size_t r = 0; r < rows; r++, x += width, y += width) {
        float mean = row_sum(x, width, 0, 0) / (float)width;
        float variance = row_sum(x, width, mean, 1) / (float)width;
        float scale = 1.0f / sqrtf(variance + eps);
        if (stats) stats[2 * r] = mean, stats[2 * r + 1] = scale;
        for (size_t i = 0; i < whole; i += lanes)
            store(y + i, (load(x + i) - broadcast(mean)) * broadcast(scale) * load(weight + i) + load(bias + i));
        for (size_t i = whole; i < width; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
}
