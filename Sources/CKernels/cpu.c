/* Which instruction set the kernels use: asked of the processor once, then remembered. */
#include "kernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* Which register states the operating system saves (XCR0), or 0 where it does not say. */
static uint64_t saved_states(uint32_t leaf1_ecx) {
  if (!(leaf1_ecx & bit_OSXSAVE)) return 0;
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((uint64_t)high << 32) | low;
}

bp_cpu_level bp_cpu_best(void) {
  uint32_t a, b, c, d, b7, c7, d7;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return BP_CPU_PLAIN;
  if (!__get_cpuid_count(7, 0, &a, &b7, &c7, &d7)) return BP_CPU_PLAIN;
  const uint64_t states = saved_states(c);
  const uint64_t ymm = 0x6, zmm = 0xe6; /* XMM+YMM; and the mask and upper ZMM registers */
  if ((states & ymm) != ymm || !(c & bit_AVX) || !(c & bit_FMA) || !(b7 & bit_AVX2)) {
    return BP_CPU_PLAIN;
  }
  const uint32_t wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
  return (states & zmm) == zmm && (b7 & wide) == wide ? BP_CPU_AVX512 : BP_CPU_AVX2;
}
#else
bp_cpu_level bp_cpu_best(void) { return BP_CPU_PLAIN; }
#endif

/* The level in use plus one; 0 while nobody has asked yet. */
static atomic_int current = 0;

bp_cpu_level bp_cpu_current(void) {
  int level = atomic_load_explicit(&current, memory_order_relaxed);
  if (level == 0) {
    const char *asked = getenv("BACKPROP_CPU");
    bp_cpu_limit(asked && !strcmp(asked, "plain")  ? BP_CPU_PLAIN
                 : asked && !strcmp(asked, "avx2") ? BP_CPU_AVX2
                                                   : BP_CPU_AVX512);
    level = atomic_load_explicit(&current, memory_order_relaxed);
  }
  return (bp_cpu_level)(level - 1);
}

void bp_cpu_limit(bp_cpu_level level) {
  const bp_cpu_level best = bp_cpu_best();
  const bp_cpu_level chosen = level < best ? level : best;
  atomic_store_explicit(&current, (int)chosen + 1, memory_order_relaxed);
}
