/* What a product's arguments say of it. */
#ifndef GEMM_ARGUMENTS_H
#define GEMM_ARGUMENTS_H

#include "CKernels.h"
#include "gemm_kernels.h"

static inline int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }

static inline const gemm_kernels *kernels_for(bp_type type) {
#if defined(__x86_64__)
  switch (bp_cpu_current()) {
    case BP_CPU_AVX512: return type == BP_F32 ? &bp_gemm_avx512_f32 : &bp_gemm_avx512_f64;
    case BP_CPU_AVX2: return type == BP_F32 ? &bp_gemm_avx2_f32 : &bp_gemm_avx2_f64;
    case BP_CPU_PLAIN: break;
  }
#endif
  return type == BP_F32 ? &bp_gemm_plain_f32 : &bp_gemm_plain_f64;
}

/* A vector of neighbors is not transposed: it lies in memory the same either way. */
static inline int transposes_a(const bp_gemm *g) {
  return g->transpose_a && g->k > 1 && (g->m > 1 || g->lda > 1);
}
static inline int transposes_b(const bp_gemm *g) {
  return g->transpose_b && g->n > 1 && (g->k > 1 || g->ldb > 1);
}

/* The distance of the rows of A and B as they are read; that of a transposed vector does not
 * matter. */
static inline int64_t lda_of(const bp_gemm *g) {
  return g->transpose_a && !transposes_a(g) ? g->k : g->lda;
}
static inline int64_t ldb_of(const bp_gemm *g) {
  return g->transpose_b && !transposes_b(g) ? g->n : g->ldb;
}

/* A product with one column is computed as its transpose, a row: C' = B' A'. C is one vector of
 * neighbors either way, and so is B; A keeps its place in memory and is transposed when it was
 * not. */
static inline int is_column(const bp_gemm *g) {
  return g->n == 1 && g->m > 1 && g->ldc == 1 && (g->transpose_b || g->ldb == 1);
}

/* Where the matrix of an entry of the batch begins. */
static inline int64_t start_of(const bp_gemm *g, int64_t entry, const int64_t *strides) {
  int64_t start = 0;
  for (int d = g->batch_rank - 1; d >= 0 && entry > 0; d--) {
    start += entry % g->batch_sizes[d] * strides[d];
    entry /= g->batch_sizes[d];
  }
  return start;
}

static inline int fits_blas(const bp_gemm *g) {
  return g->m <= INT32_MAX && g->n <= INT32_MAX && g->k <= INT32_MAX;
}

/* Some multiplications are over before a vector kernel has begun. */
static inline int is_tiny(const bp_gemm *g) {
  return g->blas == NULL && g->m <= BP_GEMM_TINY && g->n <= BP_GEMM_TINY &&
         g->k <= BP_GEMM_TINY && g->m * g->n * g->k <= BP_GEMM_TINY;
}

/* B's columns, as whole panels. */
static inline int64_t packed_columns(const bp_gemm *g, const gemm_kernels *kernels) {
  return (g->n + kernels->panel - 1) / kernels->panel * kernels->panel;
}

#endif
