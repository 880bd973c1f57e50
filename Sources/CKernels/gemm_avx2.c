/* The built-in matrix product with AVX2 and FMA: 8 floats or 4 doubles a vector. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "gemm_kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

/* n elements are chosen by the mask that begins n elements before the zeros. */
static const int32_t mask_words[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

static inline __m256i mask_f32(int n) {
  return _mm256_loadu_si256((const __m256i *)(mask_words + 8 - n));
}

static inline __m256i mask_f64(int n) {
  return _mm256_loadu_si256((const __m256i *)(mask_words + 8 - 2 * n));
}

/* Masked stores are slow on some processors: parts are stored by halves instead. */
static inline __attribute__((always_inline)) void store_part_f32(float *p, __m256 v, int n) {
  if (n >= 8) {
    _mm256_storeu_ps(p, v);
    return;
  }
  __m128 part = _mm256_castps256_ps128(v);
  if (n & 4) {
    _mm_storeu_ps(p, part);
    p += 4;
    part = _mm256_extractf128_ps(v, 1);
  }
  if (n & 2) {
    _mm_storel_pi((__m64 *)p, part);
    p += 2;
    part = _mm_movehl_ps(part, part);
  }
  if (n & 1) _mm_store_ss(p, part);
}

static inline __attribute__((always_inline)) void store_part_f64(double *p, __m256d v, int n) {
  if (n >= 4) {
    _mm256_storeu_pd(p, v);
    return;
  }
  __m128d part = _mm256_castpd256_pd128(v);
  if (n & 2) {
    _mm_storeu_pd(p, part);
    p += 2;
    part = _mm256_extractf128_pd(v, 1);
  }
  if (n & 1) _mm_store_sd(p, part);
}

#define REGISTERS 16

#define T float
#define LANES 8
#define NAME(x) x##_f32
#define KERNELS bp_gemm_avx2_f32
#define LOAD_PART(p, n) ((V)_mm256_maskload_ps((p), mask_f32(n)))
#define STORE_PART(p, v, n) store_part_f32((p), (__m256)(v), (n))
#define INTERLEAVE_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#include "gemm.inc"

#define T double
#define LANES 4
#define NAME(x) x##_f64
#define KERNELS bp_gemm_avx2_f64
#define LOAD_PART(p, n) ((V)_mm256_maskload_pd((p), mask_f64(n)))
#define STORE_PART(p, v, n) store_part_f64((p), (__m256d)(v), (n))
#define INTERLEAVE_LOW 0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#include "gemm.inc"

#pragma clang attribute pop
#endif
