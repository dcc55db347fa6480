#ifndef CONEDNN_H
#define CONEDNN_H

#include <stddef.h>
#include <stdint.h>

// The part of oneDNN that clfa needs, the same over its versions 2 and 3, without its descriptors.
// Functions that return `int` return 0 or one of oneDNN's status codes; nothing here prints or exits.

/// What `status` means, e.g. "out of memory".
const char *conednn_status_words(int status);

/// The library's version, e.g. "2.6.3".
const char *conednn_version(void);

/// The widest instruction set the library uses here, by oneDNN's own name, e.g. "avx512_core_bf16".
const char *conednn_instruction_set(void);

/// The instruction sets that the library can be held to, the narrowest first, by its own names; none but on x86-64.
size_t conednn_sets(void);
const char *conednn_set_name(size_t set);

/// The bits of the widest registers that a set has.
typedef enum { CONEDNN_128 = 128, CONEDNN_256 = 256, CONEDNN_512 = 512 } conednn_width;
conednn_width conednn_set_width(size_t set);

/// Whether the processor and the system have a set. Asks the processor: unlike a question to the library, this does
/// not settle which set that uses.
int conednn_set_is_here(size_t set);

/// Holds the library to a set, which must be here. Only before any other call that needs to know the set; later it
/// is refused.
int conednn_pin(size_t set);

/// Makes the calling thread run its products alone. Returns 1 if that needed saying (an OpenMP build), else 0.
int conednn_use_one_thread(void);

/// Every product runs over this many rows: the order in which a row's terms are added can depend on the number
/// of rows (it does with AVX2), so that one number gives a row the same bits in any company. Enough rows for
/// the kernels to be as fast as with thousands.
enum { conednn_rows = 64 };

/// What x and W are multiplied in. Sums are f32; of INT8, whose x is u8 and whose W is s8, they are s32 and exact.
typedef enum { CONEDNN_F32, CONEDNN_BF16, CONEDNN_INT8 } conednn_format;

/// Whether the library multiplies in this format here by instructions made for it. Where it does not, it may
/// still answer, by a reference code that is hundreds of times slower.
int conednn_has(conednn_format format);

/// An immutable matrix W (outputs × inputs) with a bias, in the order the library's kernels read it.
/// Any number of threads may use it at once.
typedef struct conednn_weights conednn_weights;

/// Packs `weights`: floats, rounded to `format`; for INT8 int8_t, which go without a bias.
int conednn_weights_create(
    conednn_weights **out, conednn_format format, const void *weights, const float *bias, int64_t outputs,
    int64_t inputs);
void conednn_weights_destroy(conednn_weights *weights);

/// The bytes that the packed matrix and the bias take.
size_t conednn_weights_bytes(const conednn_weights *weights);

/// What is applied to a result before it is written. The library's ReLU is not among them: it turns NaN into 0.
/// QUICK_GELU is x σ(1.702 x), TANH_GELU x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
typedef enum { CONEDNN_NONE, CONEDNN_GELU, CONEDNN_QUICK_GELU, CONEDNN_TANH_GELU } conednn_activation;

/// y = f(x·Wᵀ + bias), or y += x·Wᵀ + bias, for a number of rows and any weights packed for these sizes.
/// Belongs to the thread that made it.
typedef struct conednn_product conednn_product;

/// `like`: weights of the sizes and format to multiply by. `rows`: `conednn_rows` for all that scores. `result`: the
/// format of y, F32 or that of x; with INT8 y holds the s32 sums. `accumulate`: adds to y; then there is no activation.
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

/// C = op(A) · op(B), plus a bias row or what C holds, of plain matrices whose sizes a plan fixes: what training
/// multiplies by, since its weights change at every step. Belongs to the thread that made it.
typedef struct conednn_matmul conednn_matmul;

/// Op(A) is rows × inner, op(B) inner × columns, both of `format`, F32 or BF16; C is f32. A matrix that is `turned`
/// stands in memory the other way round. `a_stride`, `b_stride`, `c_stride`: the numbers from one row in memory to
/// the next.
typedef struct {
    conednn_format format;
    int64_t rows, columns, inner, a_stride, b_stride, c_stride;
    int a_turned, b_turned, biased, accumulate;
} conednn_matmul_sizes;

int conednn_matmul_create(conednn_matmul **out, const conednn_matmul_sizes *sizes);
void conednn_matmul_destroy(conednn_matmul *matmul);
const char *conednn_matmul_implementation(const conednn_matmul *matmul);

/// `bias`: `columns` numbers, or NULL where the plan has none.
int conednn_matmul_run(conednn_matmul *matmul, const void *a, const void *b, const float *bias, float *c);

#endif
