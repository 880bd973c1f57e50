/* A pool of threads that wait for work: one job at a time, its tasks handed out by a counter. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CKernels.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <pthread/qos.h>
#endif

typedef struct {
  bp_pool *pool;
  pthread_t thread;
  void *scratch;
} pool_worker;

struct bp_pool {
  /* How many more workers the job wants (high half), and how many are in it (low half). A worker
   * reads the job only while it is counted in, so once the high half is zero and the low half has
   * come down to zero, the job is done and its fields are the caller's again. */
  _Alignas(64) _Atomic uint64_t state;
  _Alignas(64) _Atomic int64_t next; /* the first task that nobody has taken */
  _Alignas(64) bp_task_function function;
  const void *arguments;
  int64_t count;
  void *scratch;
  int32_t workers;
  int32_t crowded; /* more threads than cores: a spinning thread may keep a working one waiting */
  _Alignas(64) _Atomic int32_t sleepers;
  _Atomic int32_t stopping;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  pool_worker worker[];
};

static const uint64_t one_wanted = (uint64_t)1 << 32;
static const uint64_t in_job = ((uint64_t)1 << 32) - 1;

enum { SPIN_NANOSECONDS = 40000, SPINS_A_LOOK = 32, CALLER_SPINS = 256 };

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void do_tasks(bp_pool *pool, void *scratch) {
  const bp_task_function function = pool->function;
  const void *arguments = pool->arguments;
  const int64_t count = pool->count;
  for (;;) {
    const int64_t task = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
    if (task >= count) return;
    function(arguments, task, scratch);
  }
}

/* Takes part in the job if it wants one more worker. */
static int join(bp_pool *pool, void *scratch) {
  uint64_t state = atomic_load_explicit(&pool->state, memory_order_relaxed);
  while (state >= one_wanted) {
    if (atomic_compare_exchange_weak_explicit(&pool->state, &state, state - one_wanted + 1,
                                              memory_order_acquire, memory_order_relaxed)) {
      do_tasks(pool, scratch);
      atomic_fetch_sub_explicit(&pool->state, 1, memory_order_release);
      return 1;
    }
  }
  return 0;
}

static int is_wanted(bp_pool *pool) {
  return atomic_load(&pool->state) >= one_wanted || atomic_load(&pool->stopping);
}

/* Waits in short spins, so that the next job of a training step finds the worker awake. */
static int spin(bp_pool *pool) {
  const int64_t end = nanoseconds() + SPIN_NANOSECONDS;
  do {
    for (int i = 0; i < SPINS_A_LOOK; i++) {
      if (atomic_load_explicit(&pool->state, memory_order_relaxed) >= one_wanted) return 1;
      relax();
    }
    if (pool->crowded) sched_yield();
  } while (nanoseconds() < end);
  return 0;
}

/* The sleeper counts itself before it looks, and the caller publishes before it counts sleepers:
 * one of the two sees the other. */
static void rest(bp_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!is_wanted(pool)) pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
  const pool_worker *worker = argument;
  bp_pool *pool = worker->pool;
#if defined(__APPLE__)
  pthread_set_qos_class_self_np(QOS_CLASS_USER_INITIATED, 0);
#endif
  while (!atomic_load_explicit(&pool->stopping, memory_order_acquire)) {
    if (join(pool, worker->scratch) || spin(pool)) continue;
    rest(pool);
  }
  return NULL;
}

int64_t bp_pool_size(int32_t threads) {
  const int64_t workers = threads > 1 ? threads - 1 : 0;
  const int64_t size = (int64_t)sizeof(bp_pool) + workers * (int64_t)sizeof(pool_worker);
  return (size + 63) / 64 * 64;
}

int32_t bp_pool_start(bp_pool *pool, int32_t threads, void *scratch, int64_t scratch_size) {
  atomic_init(&pool->state, 0);
  atomic_init(&pool->next, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->stopping, 0);
  pool->function = NULL;
  pool->arguments = NULL;
  pool->count = 0;
  pool->scratch = scratch;
  pool->workers = 0;
  pool->crowded = threads > sysconf(_SC_NPROCESSORS_ONLN);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (int32_t i = 0; i + 1 < threads; i++) {
    pool_worker *worker = &pool->worker[i];
    worker->pool = pool;
    worker->scratch = (char *)scratch + (i + 1) * scratch_size;
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) break;
    pool->workers = i + 1;
  }
  return pool->workers + 1;
}

static void wake(bp_pool *pool, int64_t wanted) {
  const int32_t sleepers = atomic_load(&pool->sleepers);
  if (sleepers == 0) return;
  pthread_mutex_lock(&pool->mutex);
  if (wanted >= sleepers) {
    pthread_cond_broadcast(&pool->wake);
  } else {
    for (int64_t i = 0; i < wanted; i++) pthread_cond_signal(&pool->wake);
  }
  pthread_mutex_unlock(&pool->mutex);
}

void bp_pool_run(bp_pool *pool, bp_task_function f, const void *arguments, int64_t count) {
  if (count <= 1 || pool->workers == 0) {
    for (int64_t task = 0; task < count; task++) f(arguments, task, pool->scratch);
    return;
  }
  pool->function = f;
  pool->arguments = arguments;
  pool->count = count;
  atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
  const int64_t wanted = count - 1 < pool->workers ? count - 1 : pool->workers;
  atomic_store(&pool->state, (uint64_t)wanted * one_wanted);
  wake(pool, wanted);
  do_tasks(pool, pool->scratch);

  /* No task is left: nobody else may join, and those who are in must leave. */
  atomic_fetch_and_explicit(&pool->state, in_job, memory_order_acquire);
  for (int spins = 0; atomic_load_explicit(&pool->state, memory_order_acquire) != 0; spins++) {
    if (spins < CALLER_SPINS && !pool->crowded) {
      relax();
    } else {
      sched_yield();
    }
  }
}

void bp_pool_stop(bp_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stopping, 1);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 0; i < pool->workers; i++) pthread_join(pool->worker[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  pool->workers = 0;
}
