/* The built-in matrix product with 128-bit vectors: SSE2 or NEON, 4 floats or 2 doubles. */
#include "gemm_kernels.h"

typedef float floats __attribute__((ext_vector_type(4)));
typedef double doubles __attribute__((ext_vector_type(2)));

static inline __attribute__((always_inline)) floats load_f32_part(const float *p, int n) {
  floats v = 0;
  if (n >= 4) {
    __builtin_memcpy(&v, p, sizeof v);
  } else {
    v[0] = p[0];
    if (n > 1) v[1] = p[1];
    if (n > 2) v[2] = p[2];
  }
  return v;
}

static inline __attribute__((always_inline)) void store_f32_part(float *p, floats v, int n) {
  if (n >= 4) {
    __builtin_memcpy(p, &v, sizeof v);
  } else {
    p[0] = v[0];
    if (n > 1) p[1] = v[1];
    if (n > 2) p[2] = v[2];
  }
}

static inline __attribute__((always_inline)) doubles load_f64_part(const double *p, int n) {
  doubles v = 0;
  if (n >= 2) {
    __builtin_memcpy(&v, p, sizeof v);
  } else {
    v[0] = p[0];
  }
  return v;
}

static inline __attribute__((always_inline)) void store_f64_part(double *p, doubles v, int n) {
  if (n >= 2) {
    __builtin_memcpy(p, &v, sizeof v);
  } else {
    p[0] = v[0];
  }
}

#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif

#define T float
#define LANES 4
#define NAME(x) x##_f32
#define KERNELS bp_gemm_plain_f32
#define LOAD_PART(p, n) load_f32_part((p), (n))
#define STORE_PART(p, v, n) store_f32_part((p), (v), (n))
#define INTERLEAVE_LOW 0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#include "gemm.inc"

#define T double
#define LANES 2
#define NAME(x) x##_f64
#define KERNELS bp_gemm_plain_f64
#define LOAD_PART(p, n) load_f64_part((p), (n))
#define STORE_PART(p, v, n) store_f64_part((p), (v), (n))
#define INTERLEAVE_LOW 0, 2
#define INTERLEAVE_HIGH 1, 3
#include "gemm.inc"
