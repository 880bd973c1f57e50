/* What short chains do with AVX-512, whose instructions pick a vector's lanes by number. A value is
 * written as one vector, since reading several small pieces of what has just been written as one takes
 * long. */
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BP_BYTES 64
/* clang-format off */
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
/* clang-format on */
#include "vector.inc"

#define SHORT_FUNCTIONS(type, vector, permute, part)                        \
  static void product_##type(const bp_short_product *product, void *const *at) { \
    vector a, b, sum = {0};                                                 \
    memcpy(&a, at[0], BP_BYTES);                                            \
    memcpy(&b, at[1], BP_BYTES);                                            \
    const __m512i *lanes = product->lanes;                                  \
    for (int64_t p = 0; p < product->terms; p++, lanes += 2) {              \
      sum += (vector)permute(lanes[0], a) * (vector)permute(lanes[1], b);   \
    }                                                                       \
    memcpy(at[2], &sum, BP_BYTES);                                          \
  }                                                                         \
                                                                            \
  static void number_##type(const void *in, void *out) {                    \
    const vector v = splat_##type(*(const __typeof__((vector){0}[0]) *)in);  \
    memcpy(out, &v, BP_BYTES);                                              \
  }                                                                         \
                                                                            \
  static void neighbors_##type(const void *in, void *out, int64_t n) {      \
    const vector v = (vector)part(in, n);                                   \
    memcpy(out, &v, BP_BYTES);                                              \
  }
SHORT_FUNCTIONS(f32, bp_f32, _mm512_permutexvar_ps, load_part_4)
SHORT_FUNCTIONS(f64, bp_f64, _mm512_permutexvar_pd, load_part_8)
#pragma clang attribute pop

const bp_short_functions *bp_short_avx512(bp_type type) {
  static const bp_short_functions functions[2] = {
      [BP_F32] = {product_f32, number_f32, neighbors_f32},
      [BP_F64] = {product_f64, number_f64, neighbors_f64}};
  return functions + type;
}
#endif
