/* The built-in matrix product with AVX-512: 16 floats or 8 doubles a vector. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "gemm_kernels.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), \
    apply_to = function)

#define REGISTERS 32

#define T float
#define LANES 16
#define NAME(x) x##_f32
#define KERNELS bp_gemm_avx512_f32
#define LOAD_PART(p, n) ((V)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), (p)))
#define STORE_PART(p, v, n) \
  _mm512_mask_storeu_ps((p), (__mmask16)((1u << (n)) - 1), (__m512)(v))
#define INTERLEAVE_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "gemm.inc"

#define T double
#define LANES 8
#define NAME(x) x##_f64
#define KERNELS bp_gemm_avx512_f64
#define LOAD_PART(p, n) ((V)_mm512_maskz_loadu_pd((__mmask8)((1u << (n)) - 1), (p)))
#define STORE_PART(p, v, n) \
  _mm512_mask_storeu_pd((p), (__mmask8)((1u << (n)) - 1), (__m512d)(v))
#define INTERLEAVE_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#include "gemm.inc"

#pragma clang attribute pop
#endif
