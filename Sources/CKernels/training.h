// Kernels that only training needs: backward passes, dropout, and the optimiser. Included like the other kernels.

typedef uint32_t counts __attribute__((vector_size(4 * LANES)));
typedef uint64_t wide_counts __attribute__((vector_size(8 * LANES)));

/// One round's half of Philox: the two words of m · x.
INLINE void multiply_words(counts x, uint32_t m, counts *high, counts *low) {
    wide_counts product = __builtin_convertvector(x, wide_counts) * (uint64_t)m;
    *high = __builtin_convertvector(product >> 32, counts);
    *low = x * m;
}

/// Philox4x32-10 (Salmon et al. 2011) of `lanes` consecutive counters.
INLINE void philox(ckernels_dropout d, uint32_t first, counts out[4]) {
    static const uint32_t places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    counts c[4], zero = {0};
    memcpy(&c[0], places, sizeof c[0]);
    c[0] += first, c[1] = zero + d.site, c[2] = zero + d.step, c[3] = zero + d.part;
    uint32_t key0 = (uint32_t)d.seed, key1 = (uint32_t)(d.seed >> 32);
    for (int round = 0; round < 10; round++) {
        counts high0, low0, high1, low1;
        multiply_words(c[0], 0xD2511F53, &high0, &low0);
        multiply_words(c[2], 0xCD9E8D57, &high1, &low1);
        c[0] = high1 ^ c[1] ^ key0, c[1] = low1;
        c[2] = high0 ^ c[3] ^ key1, c[3] = low0;
        key0 += 0x9E3779B9, key1 += 0xBB67AE85;
    }
    for (int i = 0; i < 4; i++) out[i] = c[i];
}

void NAME(dropout)(const float *x, const float *residual, float *y, size_t first, size_t count, ckernels_dropout d) {
    vector scale = broadcast(d.scale), zero = {0};
    for (size_t group = first / 64, i = 0; i < count; group++, i += 64)
        for (int part = 0; part < 16 / lanes; part++) {
            counts random[4], least = (counts){0} + d.least;
            philox(d, (uint32_t)(group * 16 + part * lanes), random);
            for (int word = 0; word < 4; word++) {
                size_t at = i + word * 16 + part * lanes;
                if (at >= count) continue;
                size_t left = count - at;
                integers kept = (integers)(random[word] >= least);
                vector v = left >= lanes ? load(x + at) : load_some(x + at, left);
                vector result = chosen(kept, v * scale, zero);
                if (residual) result += left >= lanes ? load(residual + at) : load_some(residual + at, left);
                if (left >= lanes) store(y + at, result);
                else store_some(y + at, result, left);
            }
        }
}

void NAME(add)(const float *x, float *y, size_t count) {
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) store(y + i, load(y + i) + load(x + i));
    for (; i < count; i++) y[i] += x[i];
}

/// Φ(x) and e^(-x²/2), with an error of erf of 1.5e-7: near the origin z P(z²), then 1 - e^(-Q(z)), where P and Q are
/// Chebyshev fits of erf(z) / z on [0, 1] and of -ln erfc(z) on [1, 4].
INLINE vector normal_share(vector x, vector *density) {
    integers sign = (integers)x & whole_numbers((int32_t)0x80000000);
    vector z = (vector)((integers)x ^ sign) * broadcast(0.70710678118654752f), t = z * z;
    vector p = broadcast(7.882497114e-05f);
    p = p * t + broadcast(-8.018854993e-04f);
    p = p * t + broadcast(5.189311943e-03f);
    p = p * t + broadcast(-2.685432880e-02f);
    p = p * t + broadcast(1.128359746e-01f);
    p = p * t + broadcast(-3.761262690e-01f);
    p = p * t + broadcast(1.128379166e+00f);
    vector far = chosen(z > broadcast(4), broadcast(4), z), q = broadcast(-1.614061602e-06f);
    q = q * far + broadcast(4.559062242e-05f);
    q = q * far + broadcast(-5.927695376e-04f);
    q = q * far + broadcast(4.740222340e-03f);
    q = q * far + broadcast(-2.636471736e-02f);
    q = q * far + broadcast(1.099782451e-01f);
    q = q * far + broadcast(6.319370937e-01f);
    q = q * far + broadcast(1.130166676e+00f);
    q = q * far + broadcast(-3.032129692e-04f);
    vector erf = chosen(z < broadcast(1), z * p, broadcast(1) - exponential(-q));
    *density = exponential(-t);
    return broadcast(0.5f) * (broadcast(1.0f) + (vector)((integers)erf | sign));
}

void NAME(gelu)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i += lanes) {
        size_t left = count - i;
        vector density, v = left >= lanes ? load(x + i) : load_some(x + i, left);
        vector result = v * normal_share(v, &density);
        if (left >= lanes) store(y + i, result);
        else store_some(y + i, result, left);
    }
}

void NAME(gelu_back)(const float *x, float *dy, size_t count) {
    for (size_t i = 0; i < count; i += lanes) {
        size_t left = count - i;
        vector density, v = left >= lanes ? load(x + i) : load_some(x + i, left);
        vector g = left >= lanes ? load(dy + i) : load_some(dy + i, left);
        vector share = normal_share(v, &density);
        vector result = g * (share + v * density * broadcast(0.39894228040143268f));
        if (left >= lanes) store(dy + i, result);
        else store_some(dy + i, result, left);
    }
}

/// The two forms of GELU that are x σ(z), with z nearly a multiple of x.
INLINE void sigmoid_gelu(const float *x, float *y, size_t count, int is_tanh) {
    for (size_t i = 0; i < count; i += lanes) {
        size_t left = count - i;
        vector v = left >= lanes ? load(x + i) : load_some(x + i, left);
        vector result = v * (is_tanh ? tanh_share(v) : quick_share(v));
        if (left >= lanes) store(y + i, result);
        else store_some(y + i, result, left);
    }
}

/// dy (σ + x σ (1 - σ) z').
INLINE void sigmoid_gelu_back(const float *x, float *dy, size_t count, int is_tanh) {
    for (size_t i = 0; i < count; i += lanes) {
        size_t left = count - i;
        vector v = left >= lanes ? load(x + i) : load_some(x + i, left);
        vector g = left >= lanes ? load(dy + i) : load_some(dy + i, left);
        vector share = is_tanh ? tanh_share(v) : quick_share(v), slope = broadcast(1.702f);
        if (is_tanh) slope = broadcast(1.5957691216057308f) * (broadcast(1.0f) + broadcast(0.134145f) * v * v);
        vector rest = share * (broadcast(1.0f) - share);
        // If σ has reached 0 or 1, the slope of a huge x may be infinite.
        vector along = chosen(rest == broadcast(0), rest, rest * v * slope);
        vector result = g * (share + along);
        if (left >= lanes) store(dy + i, result);
        else store_some(dy + i, result, left);
    }
}

void NAME(quick_gelu)(const float *x, float *y, size_t count) { sigmoid_gelu(x, y, count, 0); }

void NAME(quick_gelu_back)(const float *x, float *dy, size_t count) { sigmoid_gelu_back(x, dy, count, 0); }

void NAME(tanh_gelu)(const float *x, float *y, size_t count) { sigmoid_gelu(x, y, count, 1); }

void NAME(tanh_gelu_back)(const float *x, float *dy, size_t count) { sigmoid_gelu_back(x, dy, count, 1); }

void NAME(norm_back)(
    const float *x, const float *stats, const float *weight, const float *dy, float *dx, size_t rows, size_t width,
    int accumulate) {
    size_t whole = width / lanes * lanes;
    for (size_t r = 0; r < rows; r++, x += width, dy += width, dx += width, stats += 2) {
        float mean = stats[0], scale = stats[1], rest = 0, rest_along = 0;
        vector total = {0}, along = {0};
        for (size_t i = 0; i < whole; i += lanes) {
            vector g = load(dy + i) * load(weight + i);
            total += g, along += g * ((load(x + i) - broadcast(mean)) * broadcast(scale));
        }
        for (size_t i = whole; i < width; i++) {
            float g = dy[i] * weight[i];
            rest += g, rest_along += g * ((x[i] - mean) * scale);
        }
        float mean_g = (sum(total) + rest) / (float)width, mean_along = (sum(along) + rest_along) / (float)width;
        for (size_t i = 0; i < width; i += lanes) {
            size_t left = width - i;
            int full = left >= lanes;
            vector v = full ? load(x + i) : load_some(x + i, left), g = full ? load(dy + i) : load_some(dy + i, left);
            g *= full ? load(weight + i) : load_some(weight + i, left);
            vector hat = (v - broadcast(mean)) * broadcast(scale);
            vector result = (g - broadcast(mean_g) - hat * broadcast(mean_along)) * broadcast(scale);
            if (accumulate) result += full ? load(dx + i) : load_some(dx + i, left);
            if (full) store(dx + i, result);
            else store_some(dx + i, result, left);
        }
    }
}

void NAME(norm_gradients)(
    const float *x, const float *stats, const float *dy, size_t rows, size_t width, size_t columns, float *weight,
    float *bias) {
    for (size_t i = 0; i < columns; i += lanes) {
        size_t left = columns - i;
        int full = left >= lanes;
        vector weight_sums = {0}, bias_sums = {0};
        for (size_t r = 0; r < rows; r++) {
            const float *from = x + r * width + i, *back = dy + r * width + i;
            vector v = full ? load(from) : load_some(from, left), g = full ? load(back) : load_some(back, left);
            weight_sums += g * ((v - broadcast(stats[2 * r])) * broadcast(stats[2 * r + 1])), bias_sums += g;
        }
        for (size_t k = 0; k < (full ? lanes : left); k++) weight[i + k] += weight_sums[k], bias[i + k] += bias_sums[k];
    }
}

void NAME(column_sums)(const float *x, size_t rows, size_t width, size_t columns, float *sums) {
    for (size_t i = 0; i < columns; i += lanes) {
        size_t left = columns - i;
        vector total = {0};
        for (size_t r = 0; r < rows; r++)
            total += left >= lanes ? load(x + r * width + i) : load_some(x + r * width + i, left);
        for (size_t k = 0; k < (left >= lanes ? lanes : left); k++) sums[i + k] += total[k];
    }
}

double NAME(squares)(const float *x, size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; i += 4096) {
        size_t end = i + 4096 < count ? i + 4096 : count, k = i;
        vector part = {0};
        for (; k + lanes <= end; k += lanes) part += load(x + k) * load(x + k);
        float rest = 0;
        for (; k < end; k++) rest += x[k] * x[k];
        total += (double)sum(part) + rest;
    }
    return total;
}

void NAME(adam)(float *w, float *m, float *v, const float *g, size_t count, ckernels_adam a) {
    for (size_t i = 0; i < count; i += lanes) {
        size_t left = count - i;
        int full = left >= lanes;
        vector p = full ? load(w + i) : load_some(w + i, left), mean = full ? load(m + i) : load_some(m + i, left);
        vector square = full ? load(v + i) : load_some(v + i, left), d = full ? load(g + i) : load_some(g + i, left);
        d *= broadcast(a.gradient_scale);
        mean = mean * broadcast(a.beta1) + d * broadcast(1 - a.beta1);
        square = square * broadcast(a.beta2) + d * d * broadcast(1 - a.beta2);
        vector update = mean / (__builtin_elementwise_sqrt(square) + broadcast(a.eps)) + broadcast(a.decay) * p;
        p -= broadcast(a.rate) * update;
        if (full) store(w + i, p), store(m + i, mean), store(v + i, square);
        else store_some(w + i, p, left), store_some(m + i, mean, left), store_some(v + i, square, left);
    }
}
