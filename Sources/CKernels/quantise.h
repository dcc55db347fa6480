typedef uint8_t bytes __attribute__((vector_size(LANES)));
typedef int8_t signed_bytes __attribute__((vector_size(LANES)));

INLINE vector smaller(vector a, vector b) { return chosen(a < b, a, b); }

INLINE integers clamped(integers x, int32_t low, int32_t high) {
    integers under = x < whole_numbers(low), over = x > whole_numbers(high);
    x = (whole_numbers(low) & under) | (x & ~under);
    return (whole_numbers(high) & over) | (x & ~over);
}

/// x * scale rounded to the nearest integer, ties to even, for results of at most 2^22.
INLINE integers nearest(vector x, float scale) {
    // There are two statements so that every variant rounds the product before the sum.
    vector product = x * broadcast(scale);
    vector shifted = product + broadcast(12582912.0f);
    return (integers)shifted - whole_numbers(0x4b400000);
}

/// The smallest and the largest of a row and 0; false if a number is not finite.
INLINE int range(const float *x, size_t width, float *low, float *high) {
    size_t whole = width / lanes * lanes;
    vector bottom = {0}, top = {0}, trouble = {0};
    for (size_t i = 0; i < whole; i += lanes) {
        vector v = load(x + i);
        bottom = smaller(v, bottom), top = larger(v, top), trouble += v * broadcast(0);
    }
    if (whole < width) {
        vector v = load_some(x + whole, width - whole);
        bottom = smaller(v, bottom), top = larger(v, top), trouble += v * broadcast(0);
    }
    float spread[lanes];
    store(spread, bottom), *low = 0;
    for (int i = 0; i < lanes; i++) *low = spread[i] < *low ? spread[i] : *low;
    store(spread, top), *high = 0;
    for (int i = 0; i < lanes; i++) *high = spread[i] > *high ? spread[i] : *high;
    return sum(trouble) == 0 && *high - *low < INFINITY;
}

/// Below this the scale's inverse could be infinite; such small numbers count as 0.
#define LEAST 1e-30f

void NAME(quantise)(const float *x, size_t rows, size_t width, uint8_t *y, ckernels_token *tokens) {
    for (size_t r = 0; r < rows; r++, x += width, y += width) {
        float low, high, scale = 0, inverse = 0;
        int finite = range(x, width, &low, &high);
        if (finite && high - low > LEAST) scale = (high - low) / 255, inverse = 255 / (high - low);
        // This is at most half a step more, so a zero is at most 255.
        int32_t zero = finite ? (int32_t)lrintf(-low * inverse) : 0;
        tokens[r] = (ckernels_token){finite ? scale : NAN, zero};
        if (!finite) {
            memset(y, 0, width);
            continue;
        }
        size_t i = 0;
        for (; i + lanes <= width; i += lanes) {
            integers q = clamped(nearest(load(x + i), inverse) + whole_numbers(zero), 0, 255);
            bytes b = __builtin_convertvector(q, bytes);
            memcpy(y + i, &b, sizeof b);
        }
        if (i < width) {
            integers q = clamped(nearest(load_some(x + i, width - i), inverse) + whole_numbers(zero), 0, 255);
            bytes b = __builtin_convertvector(q, bytes);
            memcpy(y + i, &b, width - i);
        }
    }
}

void NAME(quantise_weights)(
    const float *w, size_t rows, size_t width, int8_t *y, float *scales, int32_t *sums) {
    for (size_t r = 0; r < rows; r++, w += width, y += width) {
        float low, high, scale = 0, inverse = 0;
        int finite = range(w, width, &low, &high);
        float largest = -low > high ? -low : high;
        if (finite && largest > LEAST) scale = largest / 127, inverse = 127 / largest;
        scales[r] = finite ? scale : NAN;
        integers total = {0};
        for (size_t i = 0; i < width; i += lanes) {
            size_t count = width - i < lanes ? width - i : lanes;
            vector v = count == lanes ? load(w + i) : load_some(w + i, count);
            // Weights that are not finite become 0; the scale shows it.
            integers q = finite ? clamped(nearest(v, inverse), -127, 127) : whole_numbers(0);
            signed_bytes b = __builtin_convertvector(q, signed_bytes);
            memcpy(y + i, &b, count);
            total += q;
        }
        int32_t sum = 0;
        for (int i = 0; i < lanes; i++) sum += total[i];
        sums[r] = sum;
    }
}

INLINE void dequantise_row(
    const int32_t *s, ckernels_token token, size_t width, const ckernels_columns *columns,
    ckernels_activation activation, int accumulate, float *y) {
    for (size_t i = 0; i < width; i += lanes) {
        size_t left = width - i, count = left < lanes ? left : lanes;
        integers sums = {0}, totals = {0};
        vector scales, bias, before = {0};
        if (count == lanes) {
            memcpy(&sums, s + i, sizeof sums), memcpy(&totals, columns->sums + i, sizeof totals);
            scales = load(columns->scales + i), bias = load(columns->bias + i);
            if (accumulate) before = load(y + i);
        } else {
            memcpy(&sums, s + i, count * sizeof *s), memcpy(&totals, columns->sums + i, count * sizeof *s);
            scales = load_some(columns->scales + i, count), bias = load_some(columns->bias + i, count);
            if (accumulate) before = load_some(y + i, count);
        }
        vector whole = __builtin_convertvector(sums - whole_numbers(token.zero) * totals, vector);
        vector v = whole * (broadcast(token.scale) * scales) + bias;
        if (activation == CKERNELS_RELU) v = (vector)((integers)v & ~(v < broadcast(0)));
        if (activation == CKERNELS_GELU) v = gelu_to_round(v);
        if (activation == CKERNELS_QUICK_GELU) v = v * quick_share(v);
        if (activation == CKERNELS_TANH_GELU) v = v * tanh_share(v);
        if (accumulate) v += before;
        if (count == lanes) store(y + i, v);
        else store_some(y + i, v, count);
    }
}

void NAME(dequantise)(
    const int32_t *s, const ckernels_token *tokens, size_t rows, size_t width, const ckernels_columns *columns,
    ckernels_activation activation, int accumulate, float *y) {
    for (size_t r = 0; r < rows; r++, s += width, y += width) {
        // Constants where the row's loop is compiled.
        if (activation == CKERNELS_GELU) dequantise_row(s, tokens[r], width, columns, CKERNELS_GELU, 0, y);
        else if (activation == CKERNELS_QUICK_GELU)
            dequantise_row(s, tokens[r], width, columns, CKERNELS_QUICK_GELU, 0, y);
        else if (activation == CKERNELS_TANH_GELU)
            dequantise_row(s, tokens[r], width, columns, CKERNELS_TANH_GELU, 0, y);
        else if (activation == CKERNELS_RELU) dequantise_row(s, tokens[r], width, columns, CKERNELS_RELU, 0, y);
        else if (accumulate) dequantise_row(s, tokens[r], width, columns, CKERNELS_NONE, 1, y);
        else dequantise_row(s, tokens[r], width, columns, CKERNELS_NONE, 0, y);
    }
}
