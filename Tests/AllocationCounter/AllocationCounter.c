#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "AllocationCounter.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(SANITIZED)
#define COUNTS 1
/* So that reading the flag never allocates the thread's copy of it. */
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define COUNTS 0
#define THREAD_LOCAL static _Thread_local
#endif

THREAD_LOCAL int32_t watched = 0;
static _Atomic(int64_t) total = 0;

int32_t allocation_counter_works(void) { return COUNTS; }

void allocation_counter_watch(int32_t on) { watched = on; }

int64_t allocation_counter_total(void) { return atomic_load(&total); }

void allocation_counter_join(const void *crew, int64_t task, void *scratch) {
  (void)task, (void)scratch;
  /* The task's arguments are read-only to the pool; the count in them is ours. */
  allocation_counter_crew *all = (allocation_counter_crew *)(uintptr_t)crew;
  allocation_counter_watch(all->on);
  __atomic_fetch_add(&all->arrived, 1, __ATOMIC_SEQ_CST);
  const time_t end = time(NULL) + 10;
  while (__atomic_load_n(&all->arrived, __ATOMIC_SEQ_CST) < all->threads && time(NULL) < end) {
    sched_yield();
  }
}

#if COUNTS
/* The C library's own names for what the definitions below stand in for. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void note(void) {
  if (watched) atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  note();
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  note();
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) {
    return EINVAL;
  }
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *result = memory;
  return 0;
}
#endif
