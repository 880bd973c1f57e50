/* Counts the memory allocations of chosen threads of a test process.
 *
 * On Linux with glibc this target stands in for malloc and its relatives in the executable that it
 * is linked into, and passes every call on to the C library. Elsewhere, and under a sanitizer that
 * stands in for them itself, nothing is counted. Memory that is asked of the system directly (mmap)
 * is not seen. */
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/* Whether allocations are counted on this system. */
int32_t allocation_counter_works(void);

/* From now on, or no longer, count what the calling thread allocates. */
void allocation_counter_watch(int32_t on);

/* Allocations by watched threads so far: calls of malloc, calloc, realloc, aligned_alloc,
 * posix_memalign and memalign. */
int64_t allocation_counter_total(void);

/* One watch of all threads of a pool: each takes one task of `allocation_counter_join`. */
typedef struct {
  int32_t on;      /* what each thread is to do */
  int32_t threads; /* how many threads there are */
  int32_t arrived; /* how many have done it; 0 at first, counted up by the tasks */
} allocation_counter_crew;

/* A pool's task: watches the thread that runs it, then keeps it until all threads have come, so
 * that none takes two. Waits 10 seconds at most: `arrived` says how many came. */
void allocation_counter_join(const void *crew, int64_t task, void *scratch);

#endif
