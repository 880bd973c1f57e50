/* windows.inc and standardize.inc for processors with AVX-512 (F, DQ, BW and VL): vectors of 64
 * bytes. */
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BP_BYTES 64
#define BP_LEVEL(name) name##_avx512
/* clang-format off */
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
/* clang-format on */
#include "pooling.inc"
#pragma clang attribute pop
#endif
