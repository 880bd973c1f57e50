/* scan.inc for processors with AVX2 and FMA: vectors of 32 bytes. */
#include "scan_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BP_BYTES 32
#define BP_LEVEL(name) name##_avx2
/* clang-format off */
#pragma clang attribute push( \
  __attribute__((target("avx2,fma"))), apply_to = function)
/* clang-format on */
#include "scan.inc"
#pragma clang attribute pop
#endif
