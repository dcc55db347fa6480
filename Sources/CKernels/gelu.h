/// x Φ(x) = x / 2 (1 + erf(x / √2)), with erf by formula 7.1.26 of Abramowitz and Stegun, whose error is at most
/// 1.5e-7.
INLINE vector gelu(vector x) {
    integers sign = (integers)x & whole_numbers((int32_t)0x80000000);
    vector z = (vector)((integers)x ^ sign) * broadcast(0.70710678118654752f);
    vector t = broadcast(1.0f) / (broadcast(1.0f) + broadcast(0.3275911f) * z);
    vector p = broadcast(1.061405429f);
    p = p * t + broadcast(-1.453152027f);
    p = p * t + broadcast(1.421413741f);
    p = p * t + broadcast(-0.284496736f);
    p = p * t + broadcast(0.254829592f);
    vector erf = broadcast(1.0f) - p * t * exponential(-z * z);
    return broadcast(0.5f) * x * (broadcast(1.0f) + (vector)((integers)erf | sign));
}

/// 1 / (1 + e^-z); 0 below -87, NaN for NaN.
INLINE vector logistic(vector z) {
    integers tiny = z < broadcast(-87.0f);
    vector near = chosen(tiny, broadcast(0.0f), z);
    return (vector)((integers)(broadcast(1.0f) / (broadcast(1.0f) + exponential(-near))) & ~tiny);
}

/// The factor of x in x σ(1.702 x), GELU in CLIP.
INLINE vector quick_share(vector x) { return logistic(broadcast(1.702f) * x); }

/// The factor of x in x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), GELU in SigLIP: σ of twice that argument.
INLINE vector tanh_share(vector x) {
    return logistic(broadcast(1.5957691216057308f) * x * (broadcast(1.0f) + broadcast(0.044715f) * x * x));
}

/// The same as `gelu` within 6e-5, and within a relative 2e-4 above -1.5: a tenth of the later error of rounding to
/// bf16 or to bytes.
///
/// Φ(x) - 1/2 is odd and nearly constant from 4.4 on, where it is clamped, and x is clamped at -4.4, so that nothing
/// remains far below; between them a polynomial minimises the largest error of x Φ(x) and is 1/2 at the end. It needs
/// no division and no exponential, so it takes half the time.
INLINE vector gelu_to_round(vector x) {
    x = chosen(x < broadcast(-4.4f), broadcast(-4.4f), x);
    vector near = chosen(x > broadcast(4.4f), broadcast(4.4f), x);
    vector square = near * near;
    vector p = broadcast(3.569256695756806e-11f);
    p = p * square + broadcast(-3.753915844839639e-09f);
    p = p * square + broadcast(1.740806823136154e-07f);
    p = p * square + broadcast(-4.724808150058379e-06f);
    p = p * square + broadcast(8.429261652054265e-05f);
    p = p * square + broadcast(-1.054992200806737e-03f);
    p = p * square + broadcast(9.643036872148514e-03f);
    p = p * square + broadcast(-6.607646495103836e-02f);
    p = p * square + broadcast(3.987616300582886e-01f);
    return x * (p * near + broadcast(0.5f));
}
