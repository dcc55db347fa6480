#ifndef CONEDNN_INTERNAL_H
#define CONEDNN_INTERNAL_H

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

#include "COneDNN.h"

// Version 2 passes memory descriptors by value and describes an operation before a primitive of it;
// version 3 has opaque descriptors and makes the primitive's descriptor directly. `descriptor` hides that.
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t descriptor_ref;
typedef dnnl_memory_desc_t descriptor;
#else
typedef const dnnl_memory_desc_t *descriptor_ref;
typedef dnnl_memory_desc_t *descriptor;
#endif

/// A dense descriptor, or one whose order the library may choose (`dnnl_format_tag_any`).
dnnl_status_t descriptor_create(
    descriptor *out, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t order);
dnnl_status_t descriptor_copy(descriptor *out, descriptor_ref from);
void descriptor_destroy(descriptor d);

/// The descriptor of a primitive y = x·Wᵀ + bias for `rows` rows, for weights of this format and these sizes, and in
/// the order of `like`, unless that is NULL.
dnnl_status_t inner_product_describe(
    dnnl_primitive_desc_t *out, const conednn_weights *like, int64_t rows, conednn_format result,
    conednn_activation activation, int accumulate);

/// The engine for the processor, created on first use; NULL if the library can't use it.
dnnl_engine_t processor(void);

struct conednn_weights {
    conednn_format format;
    int64_t outputs, inputs;
    size_t bytes;
    descriptor order;
    void *numbers;
    float *bias;
    dnnl_memory_t numbers_memory, bias_memory;
};

#endif
