/* CKernels: flat loops over pointers. No allocation, no policy.
 *
 * Every function that the executor schedules is a `bp_task_function`: it does part number `task`
 * of the work that `arguments` describes. How work is cut into parts depends on sizes alone, never
 * on how many threads there are, so results are the same bits at any thread count.
 */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { BP_F32 = 0, BP_F64 = 1, BP_I32 = 2 } bp_type;

/* Does part `task` of the work. `scratch` is memory of the calling thread, 64-byte aligned, as
 * large as the work was said to need. */
typedef void (*bp_task_function)(const void *arguments, int64_t task, void *scratch);

/* ---- cpu.c: which instruction set the kernels use -------------------------------------------- */

typedef enum { BP_CPU_PLAIN = 0, BP_CPU_AVX2 = 1, BP_CPU_AVX512 = 2 } bp_cpu_level;

/* The best level this processor has (BP_CPU_PLAIN on Arm, where plain code is already NEON). */
bp_cpu_level bp_cpu_best(void);
/* The level in use: the best one, unless bp_cpu_limit or the environment variable BACKPROP_CPU
 * (avx2 or plain) lowered it. */
bp_cpu_level bp_cpu_current(void);
/* Lowers the level in use, before any kernel is looked up. */
void bp_cpu_limit(bp_cpu_level level);

/* ---- memory.c --------------------------------------------------------------------------------- */

/* Gives the pages of freed blocks back to the system, where the C library keeps them (glibc). */
void bp_return_free_memory(void);

/* ---- maps: element-wise loops (maps.inc, compiled once per instruction set) ------------------- */

/* out[i] = f(a[i], b[i], c[i]; p) for i < n. Unused inputs are ignored; out may equal an input.
 * Pointers need no alignment. */
typedef void (*bp_map)(const void *a, const void *b, const void *c, void *out, int64_t n, double p);

typedef enum {
  BP_MAP_COPY = 0,   /* a */
  BP_MAP_NEGATE,     /* -a */
  BP_MAP_ADD,        /* a + b */
  BP_MAP_SUBTRACT,   /* a - b */
  BP_MAP_MULTIPLY,   /* a * b */
  BP_MAP_DIVIDE,     /* a / b */
  BP_MAP_MINIMUM,    /* a < b ? a : b (a NaN in either gives NaN) */
  BP_MAP_MAXIMUM,    /* a > b ? a : b (a NaN in either gives NaN) */
  BP_MAP_EQUAL,      /* a == b ? 1 : 0 */
  BP_MAP_NOT_EQUAL,  /* a != b ? 1 : 0 */
  BP_MAP_LESS,       /* a < b ? 1 : 0 */
  BP_MAP_LESS_EQUAL, /* a <= b ? 1 : 0 */
  BP_MAP_GREATER,    /* a > b ? 1 : 0 */
  BP_MAP_GREATER_EQUAL, /* a >= b ? 1 : 0 */
  BP_MAP_SELECT,     /* a != 0 ? b : c */
  BP_MAP_MULTIPLY_ADD,  /* a * b + c, each rounded (no fused multiply-add) */
  BP_MAP_SCALE,      /* a * p */
  BP_MAP_OFFSET,     /* a + p */
  BP_MAP_ABSOLUTE,   /* |a| */
  BP_MAP_SIGN,       /* -1, 0 or 1; NaN stays NaN */
  BP_MAP_STEP,       /* a >= 0 ? 1 : 0 */
  BP_MAP_SQUARE,     /* a * a */
  BP_MAP_SQUARE_ROOT,   /* sqrt a */
  BP_MAP_RECIPROCAL, /* 1 / a */
  BP_MAP_EXPONENTIAL,   /* e^a */
  BP_MAP_LOGARITHM,  /* ln a */
  BP_MAP_POWER,      /* a ^ b */
  BP_MAP_SIGMOID,    /* 1 / (1 + e^-a) */
  BP_MAP_TANH,       /* tanh a */
  BP_MAP_RELU,       /* max(a, 0) */
  BP_MAP_LEAKY_RELU, /* a > 0 ? a : p a */
  BP_MAP_ELU,        /* a > 0 ? a : p (e^a - 1) */
  BP_MAP_GELU,       /* a * (1 + erf(a / sqrt 2)) / 2 */
  BP_MAP_GELU_SLOPE, /* the derivative of BP_MAP_GELU */
  BP_MAP_SILU,       /* a / (1 + e^-a) */
  BP_MAP_SOFTPLUS,   /* ln(1 + e^a), stable */
  BP_MAP_SOFTSIGN,   /* a / (1 + |a|) */
  BP_MAP_ERF,        /* erf a */
  BP_MAP_SINE,       /* sin a */
  BP_MAP_COSINE,     /* cos a */
  BP_MAP_COUNT
} bp_map_code;

/* The loop for `code` over `type` at the current CPU level, or NULL where there is none (the
 * arithmetic, comparisons, select, copy, negate, abs, sign, min and max exist for BP_I32 too). */
bp_map bp_map_lookup(bp_map_code code, bp_type type);

/* How many elements the loop goes through at a time: those of a vector at the current level, or 1. */
int64_t bp_map_lanes(bp_map_code code, bp_type type);

/* ---- composites: several maps in one pass (composites.inc) ------------------------------------ */

/* Reads the operands and writes the results of n elements; `at` holds BP_MAX_OPERANDS addresses:
 * the operands', then the results', in the order given below. A result may lie over an operand. `given` are numbers that are
 * fixed with the plan. The bits are those of the maps run one by one. */
typedef void (*bp_composite)(void *const *at, int64_t n, const double *given);

typedef enum {
  BP_COMPOSITE_ADAM = 0, /* g, m, v, w, then step size s and correction c (one number each) ->
                          * m' = given[0] m + given[1] g, v' = given[2] v + given[3] g^2,
                          * w - s m' / (c sqrt v' + given[4]) */
  BP_COMPOSITE_MIX,      /* a, b -> given[0] a + given[1] b */
  BP_COMPOSITE_MIX_SQUARE,       /* a, b -> given[0] a + given[1] b^2 */
  BP_COMPOSITE_SUBTRACT_PRODUCT, /* a, b, c -> a - b c */
  BP_COMPOSITE_ADD_RELU,         /* a, b -> max(a + b, 0) */
  BP_COMPOSITE_SELECT_GREATER,   /* a, x, b, y (x and y one number each) -> a > x ? b : y */
  BP_COMPOSITE_COUNT
} bp_composite_code;

/* The loop for `code` over `type` at the current CPU level, or NULL where there is none. */
bp_composite bp_composite_lookup(bp_composite_code code, bp_type type);

#define BP_MAX_OPERANDS 10 /* of a composite, its results among them */
#define BP_MAX_GIVEN 5

/* ---- fused.c: chains of maps ------------------------------------------------------------------- */

#define BP_MAX_RANK 8

#include "fused.h"

/* ---- reduce.inc: reductions, softmax, data movement ------------------------------------------ */

typedef enum { BP_REDUCE_SUM, BP_REDUCE_MEAN, BP_REDUCE_MAX, BP_REDUCE_MIN } bp_reduction_code;

/* in is [outer, reduced, inner]; out is [outer, inner]. With task_count > 1 the tasks split
 * outer * inner (never the reduced axis). Sums over a contiguous axis (inner == 1) keep several
 * partial sums, in an order that depends on `reduced` alone. */
typedef struct {
  bp_type type;
  bp_reduction_code code;
  const void *in;
  void *out;
  int64_t outer, reduced, inner;
  int64_t task_count;
} bp_reduce;
void bp_reduce_task(const void *arguments, int64_t task, void *scratch);

/* For each row of [rows, columns]. BP_ROW_ARGMAX writes int32 (the first of equal maxima). */
typedef enum { BP_ROW_SOFTMAX, BP_ROW_LOG_SOFTMAX, BP_ROW_LOG_SUM_EXP, BP_ROW_ARGMAX } bp_row_code;
typedef struct {
  bp_type type;
  bp_row_code code;
  const void *in;
  void *out;   /* [rows, columns], or [rows] for LOG_SUM_EXP and ARGMAX */
  int64_t rows, columns;
  int64_t task_count;  /* the tasks split the rows */
} bp_row;
void bp_row_task(const void *arguments, int64_t task, void *scratch);

/* out[index] = in[offset + sum index * stride], a copy by strides: transposes, slices and parts of
 * concatenations. The output may be strided too. Sizes are outermost first. */
typedef struct {
  int64_t element_size; /* 4 or 8 */
  const void *in;
  void *out;
  int32_t rank;
  int64_t sizes[BP_MAX_RANK];
  int64_t in_strides[BP_MAX_RANK], out_strides[BP_MAX_RANK]; /* in elements */
  int64_t in_offset, out_offset;                             /* in elements */
} bp_strided_copy;
/* `arguments` is an array of bp_strided_copy; task t does the t-th. */
void bp_strided_copy_task(const void *arguments, int64_t task, void *scratch);

/* Task t does each_task copies, from number t * each_task on. */
typedef struct {
  const bp_strided_copy *copies;
  int64_t each_task;
} bp_strided_copies;
void bp_strided_copies_task(const void *arguments, int64_t task, void *scratch);

/* Fills elements first ..< first + count of out with a value, then copies into them. */
typedef struct {
  bp_type type;
  double value;
  int64_t first, count;
  bp_strided_copy copy;
} bp_pad;
/* `arguments` is an array of bp_pad; task t does the t-th. */
void bp_pad_task(const void *arguments, int64_t task, void *scratch);

/* out[j] = in[rows[j]]: rows picked for a batch. Rows of bytes become numbers of `type`, each byte
 * over `divisor`, where the divisor is not 0; else they are copied as they are. A task does per_task
 * rows of part_bytes of their bytes: those of one part of the rows come one behind the other. It has
 * the next row fetched while it does one, and in the end those of the same places of the batch to
 * come, which the same thread will do. */
typedef struct {
  const void *in;
  const int64_t *rows, *next_rows; /* next_rows: of the batch to come */
  void *out;
  int64_t count, next_count, row_bytes, per_task, part_bytes; /* bytes of the input */
  bp_type type;                                   /* BP_F32 or BP_F64 */
  double divisor;
} bp_pick_rows;
void bp_pick_rows_task(const void *arguments, int64_t task, void *scratch);
/* Task t picks part t of all rows, then does task t of what reads that part alone. */
typedef struct {
  bp_pick_rows rows;
  bp_task_function then;
  const void *arguments;
} bp_pick_and_go;
void bp_pick_and_go_task(const void *arguments, int64_t task, void *scratch);

/* out[i] = in[i] for whole numbers of 0 to 255, as bytes. Returns 0, with out half done, where
 * another number is met (a negative zero is one). */
int32_t bp_bytes_from_f32(const float *in, uint8_t *out, int64_t n);
int32_t bp_bytes_from_f64(const double *in, uint8_t *out, int64_t n);

/* out[outer, j, inner] = in[outer, indices[j], inner]; an index outside 0..<in_size writes zeros. */
typedef struct {
  int64_t element_size;
  const void *in;
  const int32_t *indices;
  void *out;
  int64_t outer, in_size, index_count, inner;
  int64_t task_count; /* the tasks split outer * index_count */
} bp_gather;
void bp_gather_task(const void *arguments, int64_t task, void *scratch);

/* out = 0; out[outer, indices[j], inner] += in[outer, j, inner], in order of j: gather's gradient. */
typedef struct {
  bp_type type;
  const void *in;
  const int32_t *indices;
  void *out;
  int64_t outer, out_size, index_count, inner;
  int64_t outer_tasks, size_tasks; /* the tasks split outer, and out_size within each part */
} bp_scatter_add;
void bp_scatter_add_task(const void *arguments, int64_t task, void *scratch);

/* out[i, c] = indices[i] == c ? 1 : 0. */
typedef struct {
  bp_type type;
  const int32_t *indices;
  void *out;
  int64_t count, depth;
  int64_t task_count; /* the tasks split count */
} bp_one_hot;
void bp_one_hot_task(const void *arguments, int64_t task, void *scratch);

/* Converts between types (float to int32 cuts off). */
typedef struct {
  bp_type from, to;
  const void *in;
  void *out;
  int64_t count;
  int64_t task_count; /* the tasks split count */
} bp_cast;
void bp_cast_task(const void *arguments, int64_t task, void *scratch);

/* Uniform numbers in [0, 1): element i is (word >> 8) * 2^-24, where word is number i % 4 of the
 * Philox 4x32-10 block with counter (i / 4, stream, key[2], key[3]) and key (key[0], key[1]).
 * Task t fills elements t * per_task ..< min((t + 1) * per_task, count); per_task % 4 == 0. */
typedef struct {
  bp_type type;
  const int32_t *key; /* four words: seed low, seed high, step low, step high */
  uint32_t stream;
  void *out;
  int64_t count, per_task;
} bp_uniform;
void bp_uniform_task(const void *arguments, int64_t task, void *scratch);

/* ---- gemm.c: matrix products ------------------------------------------------------------------ */

/* The CBLAS routine's address, or NULL for the built-in product. */
typedef void *bp_blas_gemm;

/* C[batch] = A[batch] B[batch]. A is [m, k] (or [k, m] with transpose_a), B is [k, n] (or [n, k]
 * with transpose_b), C is [m, n]: rows of neighbors, lda, ldb and ldc elements apart. The batch has
 * batch_rank axes, outermost first, along which each matrix has strides of its own; a stride of 0
 * repeats a matrix.
 *
 * Tasks cut C into tiles of tile_m rows by tile_n columns: task = (batch * row_tiles + row_tile) *
 * column_tiles + column_tile. Each element of C is summed over k by one task, in one order;
 * or, with k_pieces > 1 (only where batch is 1 and a tile has all rows of C), a task computes one of so
 * many parts of k for one tile, task = piece * column_tiles + column_tile, and when all are done
 * bp_gemm_finish_task adds them in order. So a small product of long sums keeps several threads busy,
 * each with a part of A and B of its own.
 * When `epilogue` is set, its program runs over each finished tile, row by row (its element
 * numbers are offsets from c). Where c is NULL, C never reaches memory: the finished rows lie in
 * scratch, and are the program's BP_REGISTER_TILE. */
typedef struct {
  bp_type type; /* BP_F32 or BP_F64 */
  const void *a, *b;
  void *c;
  int64_t m, n, k;
  int64_t lda, ldb, ldc;
  int32_t batch_rank;
  int64_t batch_sizes[BP_MAX_RANK];
  int64_t a_strides[BP_MAX_RANK], b_strides[BP_MAX_RANK], c_strides[BP_MAX_RANK];
  int32_t transpose_a, transpose_b;
  int64_t tile_m, tile_n;
  int64_t k_pieces;
  void *partial;    /* k_pieces * m * n elements, where k_pieces > 1 */
  int64_t finish_m; /* rows of a task of bp_gemm_finish_task */
  bp_blas_gemm blas; /* cblas_sgemm or cblas_dgemm */
  const bp_fused *epilogue;
  int64_t epilogue_scratch_offset; /* where in scratch the epilogue's blocks lie */
  int64_t kept_offset;             /* where in scratch C's rows lie, where c is NULL */
  const void *rate; /* where set, by bp_gemm_fold: C -= rate * A B, with one number at `rate` */
  void *packed_b;   /* where set, what bp_gemm_pack_task has made of B is read in its place */
} bp_gemm;
/* Products of so many multiply-adds at most are worked one by one, without packing. */
enum { BP_GEMM_TINY = 16 };
void bp_gemm_task(const void *arguments, int64_t task, void *scratch);
/* Where k_pieces > 1: adds the parts of rows task * finish_m ..< (task + 1) * finish_m, and runs the
 * epilogue over them. */
void bp_gemm_finish_task(const void *arguments, int64_t task, void *scratch);
/* Bytes of scratch that the built-in product needs for packing (0 where it needs none). */
int64_t bp_gemm_scratch(const bp_gemm *arguments);
/* Where c is NULL and all that the epilogue does is to subtract the product, times a number, from
 * a tensor, lets the product do it: what it computes then leaves no register. The same bits. */
void bp_gemm_fold(bp_gemm *arguments);
/* Bytes of scratch for C's rows, where c is NULL. */
int64_t bp_gemm_kept_scratch(const bp_gemm *arguments);
/* A right matrix that several products have in common can be brought into their order once.
 * Bytes at packed_b; 0 where the product reads B where it lies. */
int64_t bp_gemm_packed_size(const bp_gemm *arguments);
/* How many columns of A a task reads where task t reads the t-th part of them alone; else 0. */
int64_t bp_gemm_columns_read(const bp_gemm *arguments);
/* A bp_task_function that fills packed_b from b, and how many tasks it has. */
void bp_gemm_pack_task(const void *arguments, int64_t task, void *scratch);
int64_t bp_gemm_pack_tasks(const bp_gemm *arguments);

/* ---- convolution.c ---------------------------------------------------------------------------- */

#include "convolution.h"

/* ---- pooling.c: windows over images and signals, standardizing --------------------------------- */

#include "pooling.h"

/* ---- scan.c: recurrences over steps ------------------------------------------------------------- */

#include "scan.h"

/* ---- pool.c: threads --------------------------------------------------------------------------- */

/* A pool of waiting threads; its memory (bp_pool_size bytes, 64-byte aligned) is the caller's. */
typedef struct bp_pool bp_pool;
enum { BP_POOL_MOST_THREADS = 256 };
int64_t bp_pool_size(int32_t threads);
/* Starts threads - 1 workers; the caller is the remaining one. scratch is threads * scratch_size
 * bytes. Returns how many threads there are in all (fewer where the system refuses some). */
int32_t bp_pool_start(bp_pool *pool, int32_t threads, void *scratch, int64_t scratch_size);
/* How many of the threads have a share of the tasks from now on, the caller among them: all of them at
 * first. One that still looks for something to do in the job before may help all the same. */
void bp_pool_set_team(bp_pool *pool, int32_t threads);
/* Runs tasks 0..<count of f, on the team's threads, and returns when all are done. Waiting workers
 * spin for some microseconds, then sleep. */
void bp_pool_run(bp_pool *pool, bp_task_function f, const void *arguments, int64_t count);
/* The end of a thread's share where so many tasks are shared out in order. */
int64_t bp_pool_share_end(int64_t count, int64_t thread, int64_t threads);

/* Kernels that depend on one another task by task: one task goes through all of them. */
typedef struct {
  bp_task_function function;
  const void *arguments;
} bp_call;
typedef struct {
  const bp_call *calls;
  int32_t call_count;
  int32_t task; /* which one of each call */
} bp_strand_task;
/* A bp_task_function over an array of bp_strand_task. */
void bp_stage_task(const void *arguments, int64_t task, void *scratch);
/* Tasks of which none depends on another; share i does those before ends[i] that no share before it
 * has. */
typedef struct {
  const bp_strand_task *tasks;
  const int64_t *ends; /* one for each thread of the team */
} bp_stage;
/* Runs them on the team's threads, and returns when all are done. */
void bp_pool_run_stage(bp_pool *pool, const bp_stage *stage);
/* Ends the workers and waits for them. */
void bp_pool_stop(bp_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
