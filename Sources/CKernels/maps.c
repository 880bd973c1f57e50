/* Finds the loop of a map or a composite at the level in use. */
#include "kernels.h"

bp_map bp_map_lookup(bp_map_code code, bp_type type) {
  if ((int)code < 0 || code >= BP_MAP_COUNT || (int)type < 0 || type > BP_I32) return NULL;
  return BP_DISPATCH(bp_map, code, type);
}

bp_composite bp_composite_lookup(bp_composite_code code, bp_type type) {
  if ((int)code < 0 || code >= BP_COMPOSITE_COUNT || (int)type < 0 || type > BP_I32) return NULL;
  return BP_DISPATCH(bp_composite, code, type);
}
