/* Convolutions for any processor: vectors of 16 bytes, which are SSE2 on x86-64 and NEON on Arm. */
#include "kernels.h"

#define BP_BYTES 16
#if defined(__aarch64__)
#define BP_ROWS 12
#else
#define BP_ROWS 6
#endif
#define BP_LEVEL(name) BP_CONCATENATE(name, plain)
#include "convolution.inc"
