#include "internal.h"

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t descriptor_create(
    descriptor *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t order) {
    return dnnl_memory_desc_create_with_tag(out, rank, sizes, type, order);
}

dnnl_status_t descriptor_copy(descriptor *out, descriptor_ref from) { return dnnl_memory_desc_clone(out, from); }

void descriptor_destroy(descriptor d) {
    if (d) dnnl_memory_desc_destroy(d);
}

static dnnl_status_t append_activation(dnnl_post_ops_t to, dnnl_alg_kind_t kind, float alpha) {
    return dnnl_post_ops_append_eltwise(to, kind, alpha, 0);
}

static dnnl_status_t append_sum(dnnl_post_ops_t to) {
    return dnnl_post_ops_append_sum(to, 1, 0, dnnl_data_type_undef);
}

static dnnl_status_t describe(
    dnnl_primitive_desc_t *out, descriptor_ref x, descriptor_ref w, descriptor_ref b, descriptor_ref y,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_inner_product_forward_primitive_desc_create(
        out, processor(), dnnl_forward_inference, x, w, b, y, attributes);
}

#else

dnnl_status_t descriptor_create(
    descriptor *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t order) {
    *out = malloc(sizeof **out);
    return *out ? dnnl_memory_desc_init_by_tag(*out, rank, sizes, type, order) : dnnl_out_of_memory;
}

dnnl_status_t descriptor_copy(descriptor *out, descriptor_ref from) {
    *out = malloc(sizeof **out);
    if (!*out) return dnnl_out_of_memory;
    **out = *from;
    return dnnl_success;
}

void descriptor_destroy(descriptor d) { free(d); }

static dnnl_status_t append_activation(dnnl_post_ops_t to, dnnl_alg_kind_t kind, float alpha) {
    return dnnl_post_ops_append_eltwise(to, 1, kind, alpha, 0);
}

static dnnl_status_t append_sum(dnnl_post_ops_t to) { return dnnl_post_ops_append_sum(to, 1); }

static dnnl_status_t describe(
    dnnl_primitive_desc_t *out, descriptor_ref x, descriptor_ref w, descriptor_ref b, descriptor_ref y,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_inner_product_desc_t operation;
    dnnl_status_t status = dnnl_inner_product_forward_desc_init(&operation, dnnl_forward_inference, x, w, b, y);
    return status ? status : dnnl_primitive_desc_create(out, &operation, attributes, processor(), NULL);
}

#endif

static dnnl_status_t fuse(dnnl_primitive_attr_t attributes, conednn_activation activation, int accumulate) {
    dnnl_post_ops_t after = NULL;
    dnnl_status_t status = dnnl_post_ops_create(&after);
    if (!status && accumulate) status = append_sum(after);
    if (!status && activation == CONEDNN_GELU) status = append_activation(after, dnnl_eltwise_gelu_erf, 0);
    if (!status && activation == CONEDNN_QUICK_GELU) status = append_activation(after, dnnl_eltwise_swish, 1.702f);
    if (!status && activation == CONEDNN_TANH_GELU) status = append_activation(after, dnnl_eltwise_gelu_tanh, 0);
    if (!status) status = dnnl_primitive_attr_set_post_ops(attributes, after);
    if (after) dnnl_post_ops_destroy(after);
    return status;
}

/// The library's data types of x, W and y.
static const struct { dnnl_data_type_t x, w, y; } types[] = {
    [CONEDNN_F32] = {dnnl_f32, dnnl_f32, dnnl_f32},
    [CONEDNN_BF16] = {dnnl_bf16, dnnl_bf16, dnnl_bf16},
    [CONEDNN_INT8] = {dnnl_u8, dnnl_s8, dnnl_s32},
};

dnnl_status_t inner_product_describe(
    dnnl_primitive_desc_t *out, const conednn_weights *like, int64_t rows, conednn_format result,
    conednn_activation activation, int accumulate) {
    if (!processor()) return dnnl_unimplemented;
    int64_t outputs = like->outputs, inputs = like->inputs;
    dnnl_data_type_t x_type = types[like->format].x, w_type = types[like->format].w;
    int biased = like->format != CONEDNN_INT8;
    dnnl_dims_t x_sizes = {rows, inputs}, y_sizes = {rows, outputs};
    dnnl_dims_t w_sizes = {outputs, inputs}, b_sizes = {outputs};
    descriptor x = NULL, w = NULL, b = NULL, y = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_status_t status = descriptor_create(&x, 2, x_sizes, x_type, dnnl_ab);
    if (!status) status = like->order ? descriptor_copy(&w, like->order)
                                      : descriptor_create(&w, 2, w_sizes, w_type, dnnl_format_tag_any);
    if (!status && biased) status = descriptor_create(&b, 1, b_sizes, dnnl_f32, dnnl_a);
    if (!status) status = descriptor_create(&y, 2, y_sizes, types[result].y, dnnl_ab);
    if (!status) status = dnnl_primitive_attr_create(&attributes);
    if (!status) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    // Otherwise an environment variable could trade f32 for bf16.
    if (!status) status = dnnl_primitive_attr_set_fpmath_mode(attributes, dnnl_fpmath_mode_strict);
    if (!status) status = fuse(attributes, activation, accumulate);
    if (!status) status = describe(out, x, w, b, y, attributes);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    descriptor_destroy(x);
    descriptor_destroy(w);
    descriptor_destroy(b);
    descriptor_destroy(y);
    return status;
}
