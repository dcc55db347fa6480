#include "internal.h"

struct conednn_product {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    dnnl_memory_t x, y, scratch;
    size_t scratch_bytes;
    const char *implementation;
};

static dnnl_status_t memory_for(dnnl_memory_t *out, dnnl_primitive_desc_t how, dnnl_query_t which) {
    return dnnl_memory_create(out, dnnl_primitive_desc_query_md(how, which, 0), processor(), DNNL_MEMORY_NONE);
}

static dnnl_status_t prepare(conednn_product *p, dnnl_primitive_desc_t how) {
    dnnl_status_t status = dnnl_primitive_create(&p->primitive, how);
    if (!status) status = dnnl_stream_create(&p->stream, processor(), dnnl_stream_default_flags);
    if (!status) status = memory_for(&p->x, how, dnnl_query_src_md);
    if (!status) status = memory_for(&p->y, how, dnnl_query_dst_md);
    if (!status) status = memory_for(&p->scratch, how, dnnl_query_scratchpad_md);
    if (!status)
        p->scratch_bytes = dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(how, dnnl_query_scratchpad_md, 0));
    // The name is a constant of the library, so it outlives the description.
    if (!status) status = dnnl_primitive_desc_query(how, dnnl_query_impl_info_str, 0, &p->implementation);
    return status;
}

int conednn_product_create(
    conednn_product **out, const conednn_weights *like, int64_t rows, conednn_format result,
    conednn_activation activation, int accumulate) {
    conednn_product *made = calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_primitive_desc_t how = NULL;
    dnnl_status_t status = inner_product_describe(&how, like, rows, result, activation, accumulate);
    if (!status) status = prepare(made, how);
    if (how) dnnl_primitive_desc_destroy(how);
    if (status) conednn_product_destroy(made);
    else *out = made;
    return status;
}

void conednn_product_destroy(conednn_product *product) {
    if (!product) return;
    if (product->x) dnnl_memory_destroy(product->x);
    if (product->y) dnnl_memory_destroy(product->y);
    if (product->scratch) dnnl_memory_destroy(product->scratch);
    if (product->stream) dnnl_stream_destroy(product->stream);
    if (product->primitive) dnnl_primitive_destroy(product->primitive);
    free(product);
}

size_t conednn_product_scratch_bytes(const conednn_product *product) { return product->scratch_bytes; }

const char *conednn_product_implementation(const conednn_product *product) { return product->implementation; }

int conednn_product_run(
    conednn_product *p, const conednn_weights *weights, const void *x, void *y, void *scratch) {
    dnnl_status_t status = dnnl_memory_set_data_handle(p->x, (void *)x);
    if (!status) status = dnnl_memory_set_data_handle(p->y, y);
    if (!status) status = dnnl_memory_set_data_handle(p->scratch, scratch);
    if (status) return status;
    dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, p->x}, {DNNL_ARG_WEIGHTS, weights->numbers_memory}, {DNNL_ARG_DST, p->y},
        {DNNL_ARG_SCRATCHPAD, p->scratch}, {DNNL_ARG_BIAS, weights->bias_memory}};
    // INT8 has no bias, the last argument.
    status = dnnl_primitive_execute(p->primitive, p->stream, weights->bias ? 5 : 4, arguments);
    dnnl_status_t waited = dnnl_stream_wait(p->stream);
    return status ? status : waited;
}
