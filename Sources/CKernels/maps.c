/* Finds the loop of a map at the level in use. */
#include "kernels.h"

bp_map bp_map_lookup(bp_map_code code, bp_type type) {
  if ((int)code < 0 || code >= BP_MAP_COUNT || (int)type < 0 || type > BP_I32) return NULL;
  return BP_DISPATCH(bp_map, code, type);
}
