/* Finds the loop of a map or a composite at the level in use. */
#include "kernels.h"

bp_map bp_map_lookup(bp_map_code code, bp_type type) {
  if ((int)code < 0 || code >= BP_MAP_COUNT || (int)type < 0 || type > BP_I32) return NULL;
  return BP_DISPATCH(bp_map, code, type);
}

int64_t bp_map_lanes(bp_map_code code, bp_type type) { return BP_DISPATCH(bp_map_lanes, code, type); }

bp_composite bp_composite_lookup(bp_composite_code code, bp_type type) {
  if ((int)code < 0 || code >= BP_COMPOSITE_COUNT || (int)type < 0 || type > BP_I32) return NULL;
  return BP_DISPATCH(bp_composite, code, type);
}

const bp_short_functions *bp_short_lookup(bp_type type) {
#if defined(__x86_64__)
  if (bp_cpu_current() == BP_CPU_AVX512 && type != BP_I32) return bp_short_avx512(type);
#endif
  (void)type;
  return NULL;
}
