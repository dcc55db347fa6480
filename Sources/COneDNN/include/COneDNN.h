#ifndef CONEDNN_H
#define CONEDNN_H

#include <stddef.h>
#include <stdint.h>

// The part of oneDNN that clfa needs, the same for its versions 2 and 3, without its descriptors. Functions that return
// `int` return 0 or one of oneDNN's status codes; nothing here prints or exits.

/// The meaning of `status`, e.g. "out of memory".
const char *conednn_status_words(int status);

/// The library's version, e.g. "2.6.3".
const char *conednn_version(void);

/// The widest instruction set that the library uses on this machine, by oneDNN's own name, e.g. "avx512_core_bf16".
const char *conednn_instruction_set(void);

/// The instruction sets to which the library can be restricted, the narrowest first, by its own names; none except on
/// x86-64.
size_t conednn_sets(void);
const char *conednn_set_name(size_t set);

/// The bits of the widest registers that a set has.
typedef enum { CONEDNN_128 = 128, CONEDNN_256 = 256, CONEDNN_512 = 512 } conednn_width;
conednn_width conednn_set_width(size_t set);

/// Whether the processor and the system have a set. This asks the processor: unlike a question to the library, it does
/// not fix the library's choice.
int conednn_set_is_here(size_t set);

/// Restricts the library to a set, which must be available. Call it before any other call that needs to know the set;
/// later it fails.
int conednn_pin(size_t set);

/// Makes the calling thread run its products alone. Returns 1 if that changed anything (an OpenMP build), else 0.
int conednn_use_one_thread(void);

/// Every product runs over this many rows: the order in which a row's terms are added can depend on the number of rows
/// (it does with AVX2), so a fixed number gives a row the same bits whatever the other rows are. It is large enough for
/// the kernels to be as fast as with thousands of rows.
enum { conednn_rows = 64 };

/// The formats in which x and W are multiplied. Sums are f32; those of INT8, whose x is u8 and whose W is s8, are s32
/// and exact.
typedef enum { CONEDNN_F32, CONEDNN_BF16, CONEDNN_INT8 } conednn_format;

/// Whether the library uses special instructions for products in this format on this machine. If not, it may still
/// compute them, with reference code that is hundreds of times slower.
int conednn_has(conednn_format format);

/// An immutable matrix W (outputs × inputs) with a bias, in the order in which the library's kernels read it. Any
/// number of threads may use it at once.
typedef struct conednn_weights conednn_weights;

/// Packs `weights`: floats, rounded to `format`; for INT8 int8_t, which have no bias.
int conednn_weights_create(
    conednn_weights **out, conednn_format format, const void *weights, const float *bias, int64_t outputs,
    int64_t inputs);
void conednn_weights_destroy(conednn_weights *weights);

/// The bytes that the packed matrix and the bias take.
size_t conednn_weights_bytes(const conednn_weights *weights);

/// The function applied to a result before it is written. The library's ReLU is not among them: it turns NaN into 0.
/// QUICK_GELU is x σ(1.702 x), TANH_GELU x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
typedef enum { CONEDNN_NONE, CONEDNN_GELU, CONEDNN_QUICK_GELU, CONEDNN_TANH_GELU } conednn_activation;

/// y = f(x·Wᵀ + bias), or y += x·Wᵀ + bias, for a number of rows and any weights packed for these sizes. Use it only on
/// the thread that created it.
typedef struct conednn_product conednn_product;

/// `like`: weights of the sizes and format to multiply by. `rows`: `conednn_rows` for all scoring. `result`: the format
/// of y, F32 or that of x; with INT8 y holds the s32 sums. `accumulate`: adds to y; then there is no activation.
int conednn_product_create(
    conednn_product **out, const conednn_weights *like, int64_t rows, conednn_format result,
    conednn_activation activation, int accumulate);
void conednn_product_destroy(conednn_product *product);

/// The bytes of scratch space a run needs, aligned to 64.
size_t conednn_product_scratch_bytes(const conednn_product *product);

/// The library's name of the kernel, e.g. "brgemm:avx512_core".
const char *conednn_product_implementation(const conednn_product *product);

/// x: rows × inputs in the format of the weights, y: rows × outputs, both dense.
int conednn_product_run(
    conednn_product *product, const conednn_weights *weights, const void *x, void *y, void *scratch);

/// C = op(A) · op(B), plus a bias row or the previous value of C, for plain matrices of fixed sizes. Training uses
/// this, since its weights change at every step. Use it only on the thread that created it.
typedef struct conednn_matmul conednn_matmul;

/// Op(A) is rows × inner, op(B) inner × columns, both in `format`, F32 or BF16; C is f32. A matrix with `turned` set is
/// stored transposed. `a_stride`, `b_stride`, `c_stride`: the distance between rows in memory, in numbers.
typedef struct {
    conednn_format format;
    int64_t rows, columns, inner, a_stride, b_stride, c_stride;
    int a_turned, b_turned, biased, accumulate;
} conednn_matmul_sizes;

int conednn_matmul_create(conednn_matmul **out, const conednn_matmul_sizes *sizes);
void conednn_matmul_destroy(conednn_matmul *matmul);
const char *conednn_matmul_implementation(const conednn_matmul *matmul);

/// `bias`: `columns` numbers, or NULL if the plan has none.
int conednn_matmul_run(conednn_matmul *matmul, const void *a, const void *b, const float *bias, float *c);

#endif
