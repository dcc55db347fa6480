#include "internal.h"

struct conednn_matmul {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    dnnl_memory_t a, b, bias, c;
    const char *implementation;
};

#if DNNL_VERSION_MAJOR >= 3

static dnnl_status_t strided(
    descriptor *out, const dnnl_dims_t sizes, dnnl_data_type_t type, const dnnl_dims_t strides) {
    return dnnl_memory_desc_create_with_strides(out, 2, sizes, type, strides);
}

static dnnl_status_t append_sum(dnnl_post_ops_t to) {
    return dnnl_post_ops_append_sum(to, 1, 0, dnnl_data_type_undef);
}

static dnnl_status_t describe(
    dnnl_primitive_desc_t *out, descriptor a, descriptor b, descriptor bias, descriptor c,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_matmul_primitive_desc_create(out, processor(), a, b, bias, c, attributes);
}

#else

static dnnl_status_t strided(
    descriptor *out, const dnnl_dims_t sizes, dnnl_data_type_t type, const dnnl_dims_t strides) {
    *out = malloc(sizeof **out);
    return *out ? dnnl_memory_desc_init_by_strides(*out, 2, sizes, type, strides) : dnnl_out_of_memory;
}

static dnnl_status_t append_sum(dnnl_post_ops_t to) { return dnnl_post_ops_append_sum(to, 1); }

static dnnl_status_t describe(
    dnnl_primitive_desc_t *out, descriptor a, descriptor b, descriptor bias, descriptor c,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_matmul_desc_t operation;
    dnnl_status_t status = dnnl_matmul_desc_init(&operation, a, b, bias, c);
    return status ? status : dnnl_primitive_desc_create(out, &operation, attributes, processor(), NULL);
}

#endif

static dnnl_status_t attributes_of(dnnl_primitive_attr_t *out, int accumulate) {
    dnnl_post_ops_t after = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(out);
    // Otherwise an environment variable could trade f32 for bf16.
    if (!status) status = dnnl_primitive_attr_set_fpmath_mode(*out, dnnl_fpmath_mode_strict);
    if (!status) status = dnnl_post_ops_create(&after);
    if (!status && accumulate) status = append_sum(after);
    if (!status) status = dnnl_primitive_attr_set_post_ops(*out, after);
    if (after) dnnl_post_ops_destroy(after);
    return status;
}

static dnnl_status_t prepare(conednn_matmul *m, const conednn_matmul_sizes *s) {
    if (!processor()) return dnnl_unimplemented;
    dnnl_data_type_t type = s->format == CONEDNN_BF16 ? dnnl_bf16 : dnnl_f32;
    dnnl_dims_t a_sizes = {s->rows, s->inner}, b_sizes = {s->inner, s->columns}, c_sizes = {s->rows, s->columns};
    dnnl_dims_t a_strides = {s->a_stride, 1}, b_strides = {s->b_stride, 1}, c_strides = {s->c_stride, 1};
    if (s->a_turned) a_strides[0] = 1, a_strides[1] = s->a_stride;
    if (s->b_turned) b_strides[0] = 1, b_strides[1] = s->b_stride;
    dnnl_dims_t bias_sizes = {1, s->columns}, bias_strides = {s->columns, 1};
    descriptor a = NULL, b = NULL, bias = NULL, c = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t how = NULL;
    dnnl_status_t status = strided(&a, a_sizes, type, a_strides);
    if (!status) status = strided(&b, b_sizes, type, b_strides);
    if (!status && s->biased) status = strided(&bias, bias_sizes, dnnl_f32, bias_strides);
    if (!status) status = strided(&c, c_sizes, dnnl_f32, c_strides);
    if (!status) status = attributes_of(&attributes, s->accumulate);
    if (!status) status = describe(&how, a, b, bias, c, attributes);
    if (!status) status = dnnl_primitive_create(&m->primitive, how);
    if (!status) status = dnnl_stream_create(&m->stream, processor(), dnnl_stream_default_flags);
    if (!status) status = dnnl_memory_create(&m->a, a, processor(), DNNL_MEMORY_NONE);
    if (!status) status = dnnl_memory_create(&m->b, b, processor(), DNNL_MEMORY_NONE);
    if (!status && bias) status = dnnl_memory_create(&m->bias, bias, processor(), DNNL_MEMORY_NONE);
    if (!status) status = dnnl_memory_create(&m->c, c, processor(), DNNL_MEMORY_NONE);
    // The name is a constant of the library, so it outlives the description.
    if (!status) status = dnnl_primitive_desc_query(how, dnnl_query_impl_info_str, 0, &m->implementation);
    if (how) dnnl_primitive_desc_destroy(how);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    descriptor_destroy(a);
    descriptor_destroy(b);
    descriptor_destroy(bias);
    descriptor_destroy(c);
    return status;
}

int conednn_matmul_create(conednn_matmul **out, const conednn_matmul_sizes *sizes) {
    conednn_matmul *made = calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_status_t status = prepare(made, sizes);
    if (status) conednn_matmul_destroy(made);
    else *out = made;
    return status;
}

void conednn_matmul_destroy(conednn_matmul *m) {
    if (!m) return;
    if (m->a) dnnl_memory_destroy(m->a);
    if (m->b) dnnl_memory_destroy(m->b);
    if (m->bias) dnnl_memory_destroy(m->bias);
    if (m->c) dnnl_memory_destroy(m->c);
    if (m->stream) dnnl_stream_destroy(m->stream);
    if (m->primitive) dnnl_primitive_destroy(m->primitive);
    free(m);
}

const char *conednn_matmul_implementation(const conednn_matmul *m) { return m->implementation; }

int conednn_matmul_run(conednn_matmul *m, const void *a, const void *b, const float *bias, float *c) {
    dnnl_status_t status = dnnl_memory_set_data_handle(m->a, (void *)a);
    if (!status) status = dnnl_memory_set_data_handle(m->b, (void *)b);
    if (!status && m->bias) status = dnnl_memory_set_data_handle(m->bias, (void *)bias);
    if (!status) status = dnnl_memory_set_data_handle(m->c, c);
    if (status) return status;
    dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, m->a}, {DNNL_ARG_WEIGHTS, m->b}, {DNNL_ARG_DST, m->c}, {DNNL_ARG_BIAS, m->bias}};
    status = dnnl_primitive_execute(m->primitive, m->stream, m->bias ? 4 : 3, arguments);
    dnnl_status_t waited = dnnl_stream_wait(m->stream);
    return status ? status : waited;
}
