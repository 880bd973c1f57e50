/* The entry points of each instruction set's copy of scan.inc. */
#ifndef BP_SCAN_LEVELS_H
#define BP_SCAN_LEVELS_H

#include "kernels.h"

#define BP_SCAN_FUNCTION(level) \
  void bp_scan_##level(const bp_scan *work, int64_t begin, int64_t end, void *scratch);

BP_SCAN_FUNCTION(plain)
#if defined(__x86_64__)
BP_SCAN_FUNCTION(avx2)
BP_SCAN_FUNCTION(avx512)
#endif

#endif
