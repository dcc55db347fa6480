#include <string.h>

#include "internal.h"

static void *aligned(size_t bytes) { return aligned_alloc(64, (bytes + 63) / 64 * 64); }

/// Copies the dense matrix `from` into `to` in the order of `to`.
static dnnl_status_t reorder(const void *from, descriptor_ref dense, dnnl_memory_t to, descriptor_ref order) {
    dnnl_memory_t source = NULL;
    dnnl_primitive_desc_t how = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_memory_create(&source, dense, processor(), (void *)from);
    if (!status) status = dnnl_reorder_primitive_desc_create(&how, dense, processor(), order, processor(), NULL);
    if (!status) status = dnnl_primitive_create(&primitive, how);
    if (!status) status = dnnl_stream_create(&stream, processor(), dnnl_stream_default_flags);
    if (!status) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, to}};
        status = dnnl_primitive_execute(primitive, stream, 2, arguments);
        dnnl_status_t waited = dnnl_stream_wait(stream);
        if (!status) status = waited;
    }
    if (stream) dnnl_stream_destroy(stream);
    if (primitive) dnnl_primitive_destroy(primitive);
    if (how) dnnl_primitive_desc_destroy(how);
    if (source) dnnl_memory_destroy(source);
    return status;
}

static dnnl_status_t pack(conednn_weights *p, const void *weights, const float *bias) {
    dnnl_dims_t sizes = {p->outputs, p->inputs}, bias_sizes = {p->outputs};
    dnnl_primitive_desc_t how = NULL;
    descriptor dense = NULL, flat = NULL;
    conednn_format result = bias ? CONEDNN_F32 : p->format;
    dnnl_status_t status = inner_product_describe(&how, p, conednn_rows, result, CONEDNN_NONE, 0);
    if (!status) status = descriptor_copy(&p->order, dnnl_primitive_desc_query_md(how, dnnl_query_weights_md, 0));
    if (!status) status = descriptor_create(&dense, 2, sizes, bias ? dnnl_f32 : dnnl_s8, dnnl_ab);
    if (!status && bias) status = descriptor_create(&flat, 1, bias_sizes, dnnl_f32, dnnl_a);
    if (!status) {
        size_t packed = dnnl_memory_desc_get_size(p->order), bias_bytes = (size_t)p->outputs * sizeof(float);
        p->bytes = packed;
        p->numbers = aligned(packed);
        if (!p->numbers) status = dnnl_out_of_memory;
        if (!status && bias) {
            p->bytes += bias_bytes;
            p->bias = aligned(bias_bytes);
            if (p->bias) memcpy(p->bias, bias, bias_bytes);
            else status = dnnl_out_of_memory;
        }
    }
    if (!status) status = dnnl_memory_create(&p->numbers_memory, p->order, processor(), p->numbers);
    if (!status && bias) status = dnnl_memory_create(&p->bias_memory, flat, processor(), p->bias);
    if (!status) status = reorder(weights, dense, p->numbers_memory, p->order);
    descriptor_destroy(dense);
    descriptor_destroy(flat);
    if (how) dnnl_primitive_desc_destroy(how);
    return status;
}

int conednn_weights_create(
    conednn_weights **out, conednn_format format, const void *weights, const float *bias, int64_t outputs,
    int64_t inputs) {
    if (!bias != (format == CONEDNN_INT8)) return dnnl_invalid_arguments;
    conednn_weights *made = calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    made->format = format;
    made->outputs = outputs;
    made->inputs = inputs;
    dnnl_status_t status = pack(made, weights, bias);
    if (status) conednn_weights_destroy(made);
    else *out = made;
    return status;
}

void conednn_weights_destroy(conednn_weights *weights) {
    if (!weights) return;
    if (weights->numbers_memory) dnnl_memory_destroy(weights->numbers_memory);
    if (weights->bias_memory) dnnl_memory_destroy(weights->bias_memory);
    descriptor_destroy(weights->order);
    free(weights->numbers);
    free(weights->bias);
    free(weights);
}

size_t conednn_weights_bytes(const conednn_weights *weights) { return weights->bytes; }
