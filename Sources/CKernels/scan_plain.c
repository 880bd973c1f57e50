/* scan.inc for any processor: vectors of 16 bytes, which are SSE2 on x86-64
 * and NEON on Arm. */
#include "scan_levels.h"

#define BP_BYTES 16
#define BP_LEVEL(name) name##_plain
#include "scan.inc"
