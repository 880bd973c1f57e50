/* What gemm.c asks of the products that gemm.inc defines, once per instruction set and type. */
#ifndef GEMM_KERNELS_H
#define GEMM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* How a product is computed. */
typedef enum {
  GEMM_DOT,    /* few rows, transposed B: dot products along k */
  GEMM_DIRECT, /* register tiles over the operands where they lie */
  GEMM_PACKED, /* B copied to panels, A left where it lies */
  GEMM_PACKED_BOTH
} gemm_path;

/* What is done to a tile's elements once they are finished, some rows at a time, while they are in
 * the cache. */
typedef struct {
  /* Rows and columns are counted from the tile's corner; the first element lies at `c`. */
  void (*finish)(const void *context, int64_t row, int64_t rows, int64_t column, int64_t columns,
                 const void *c);
  const void *context;
} gemm_after;

/* Matrices that lie like C and that `finish` reads or writes: each tile's part of them is fetched while
 * its sums are computed. */
enum { GEMM_MOST_AHEAD = 4 };
typedef struct {
  int count;
  const char *at[GEMM_MOST_AHEAD]; /* the tile's corner */
  int64_t stride;                  /* bytes from row to row */
} gemm_ahead;

/* Sums no longer than this are done in one block of k. */
enum { GEMM_FOLDABLE_K = 256 };

/* One tile: C[m, n] = A B. The pointers are at the tile's corners; leading dimensions are in
 * elements. With transpose_a, element (i, p) of A lies at a[p * lda + i], else at a[i * lda + p];
 * with transpose_b, element (p, j) of B lies at b[j * ldb + p], else at b[p * ldb + j]. */
typedef struct {
  gemm_path path;
  int32_t transpose_a, transpose_b;
  const void *a, *b;
  void *c;
  int64_t m, n, k, lda, ldb, ldc;
  void *scratch;
  const gemm_after *after; /* may be NULL; GEMM_DOT does without */
  const gemm_ahead *ahead; /* may be NULL, and is where `after` is; for GEMM_PACKED_BOTH */
  /* Where set, C -= *rate A B, each product and difference rounded; for k up to GEMM_FOLDABLE_K, and
   * not GEMM_DOT. */
  const void *rate;
  /* Where set, B as `pack` left it: B is not read. For GEMM_PACKED. */
  const void *packed;
  int64_t packed_columns; /* of all of B: whole panels */
  int64_t packed_first;   /* where among them the tile begins, a multiple of a panel's */
  int64_t kept_rows; /* c has room for so many rows, as `kept` says: what is finished may be written
                        over. 0: c has room for all */
} gemm_tile;

typedef struct {
  /* Looks at sizes alone, so that all tiles of a product go the same way. */
  gemm_path (*choose)(int64_t m, int64_t n, int64_t k, int transpose_a, int transpose_b);
  int64_t (*scratch)(gemm_path path, int64_t m, int64_t n, int64_t k);
  /* How many rows and columns of C are under way at a time, where there is a gemm_after. */
  void (*kept)(gemm_path path, int64_t m, int64_t n, int64_t k, int64_t *rows, int64_t *columns);
  void (*run)(const gemm_tile *tile);
  /* How many columns a panel of B has. */
  int64_t panel;
  /* Copies columns of B, the tile's, to where they belong in `out`, which holds all of B in the
   * order in which GEMM_PACKED reads it. */
  void (*pack)(const gemm_tile *tile, void *out);
} gemm_kernels;

extern const gemm_kernels bp_gemm_plain_f32, bp_gemm_plain_f64;
#if defined(__x86_64__)
extern const gemm_kernels bp_gemm_avx2_f32, bp_gemm_avx2_f64;
extern const gemm_kernels bp_gemm_avx512_f32, bp_gemm_avx512_f64;
#endif

#endif
