/// The row's floats after `width`, up to a whole register, may have any value; they become zeros.
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
