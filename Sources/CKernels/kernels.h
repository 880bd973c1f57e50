/* What the kernel sources share and nobody outside sees: the entry points of each instruction
 * set's copy of maps.inc, reduce.inc and uniform.inc. */
#ifndef BP_KERNELS_H
#define BP_KERNELS_H

#include <math.h>
#include <string.h>

#include "include/CKernels.h"

/* Where part `task` of `count` things begins, when `tasks` share them evenly. */
static inline int64_t bp_part_start(int64_t count, int64_t task, int64_t tasks) {
  const int64_t each = count / tasks, more = count % tasks;
  return each * task + (task < more ? task : more);
}

#define BP_LEVEL_FUNCTIONS(level)                                              \
  bp_map bp_map_##level(bp_map_code code, bp_type type);                       \
  int64_t bp_map_lanes_##level(bp_map_code code, bp_type type);                \
  bp_composite bp_composite_##level(bp_composite_code code, bp_type type);     \
  void bp_decode_##level(const uint8_t *in, void *out, int64_t n, bp_type type, double divisor); \
  void bp_reduce_##level(const bp_reduce *work, int64_t begin, int64_t end);   \
  void bp_row_##level(const bp_row *work, int64_t begin, int64_t end);         \
  void bp_window_##level(const bp_window *work, int64_t begin, int64_t end);   \
  void bp_standardize_##level(const bp_standardize *work, int64_t begin, int64_t end); \
  void bp_uniform_##level(const bp_uniform *work, int64_t begin, int64_t end);

BP_LEVEL_FUNCTIONS(plain)
#if defined(__x86_64__)
BP_LEVEL_FUNCTIONS(avx2)
BP_LEVEL_FUNCTIONS(avx512)
const bp_short_functions *bp_short_avx512(bp_type type);
/* Calls the copy of `name` for the level in use. */
#define BP_DISPATCH(name, ...)                                         \
  (bp_cpu_current() == BP_CPU_AVX512 ? name##_avx512(__VA_ARGS__)      \
   : bp_cpu_current() == BP_CPU_AVX2 ? name##_avx2(__VA_ARGS__)        \
                                     : name##_plain(__VA_ARGS__))
#else
#define BP_DISPATCH(name, ...) name##_plain(__VA_ARGS__)
#endif

#endif
