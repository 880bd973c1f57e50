/* A pool of threads that wait for work: one job at a time, its tasks shared out among them. */
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

/* A thread's share of a job: a run of its tasks. A thread does its own share first, so that it
 * meets the same memory from step to step, and then takes tasks from those who are behind. */
typedef struct {
  /* The end of the run (high half) and the first task that nobody has taken (low half). Whoever
   * adds one to it gets a task of the job that it then belongs to, or none. What the tasks are
   * lies in the same cache line, so that it comes with the ticket. It is written only when all
   * tasks of the job before are done, and read only by who has a task. */
  _Alignas(64) _Atomic uint64_t ticket;
  bp_task_function function;
  const void *arguments;
  /* The thread's own, fixed at its start. */
  bp_pool *pool;
  void *scratch;
  pthread_t thread; /* this and what follows: not for the caller's share, which is the first */
  pthread_cond_t wake;
} pool_share;

struct bp_pool {
  _Alignas(64) _Atomic int64_t done; /* tasks that workers have finished */
  _Alignas(64) _Atomic int32_t stopping;
  int32_t threads;
  int32_t team;    /* how many of them get tasks: the caller's alone to read and write */
  int32_t crowded; /* more threads than cores: a spinning thread may keep a working one waiting */
  pthread_mutex_t mutex;
  _Atomic uint8_t asleep[BP_POOL_MOST_THREADS];
  pool_share share[];
};

static inline int64_t next_task(uint64_t ticket) { return (int64_t)(ticket & 0xFFFFFFFF); }
static inline int has_task(uint64_t ticket) { return next_task(ticket) < (int64_t)(ticket >> 32); }
static inline int offers_task(pool_share *share) {
  return has_task(atomic_load_explicit(&share->ticket, memory_order_relaxed));
}

enum { SPIN_NANOSECONDS = 40000, SPINS_A_LOOK = 32, CALLER_SPINS = 256 };
/* A ticket counts to 2^32, and every thread may count beyond the last task. */
static const int64_t MOST_TASKS = INT32_MAX;

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

/* Does what is left of a share. Returns how many tasks that was. */
static int64_t do_share(pool_share *share, void *scratch) {
  for (int64_t finished = 0;; finished++) {
    const uint64_t ticket = atomic_fetch_add_explicit(&share->ticket, 1, memory_order_acquire);
    if (!has_task(ticket)) return finished;
    share->function(share->arguments, next_task(ticket), scratch);
    /* Asking for a task behind the last would cost as much as a hand-over. */
    if (!has_task(ticket + 1)) return finished + 1;
  }
}

/* Does what the first so many threads have not begun. Returns how many tasks that was. */
static int64_t help(bp_pool *pool, const pool_share *own, int32_t threads) {
  int64_t finished = 0;
  for (int32_t i = 0; i < threads; i++) {
    pool_share *share = &pool->share[i];
    if (share != own && offers_task(share)) finished += do_share(share, own->scratch);
  }
  return finished;
}

static void report(bp_pool *pool, int64_t finished) {
  if (finished > 0) atomic_fetch_add_explicit(&pool->done, finished, memory_order_release);
}

/* Takes part in the job if it has a task for this thread. What it has done it says before it looks
 * at the others: the caller may be waiting for it. */
static int join(bp_pool *pool, pool_share *own) {
  if (!offers_task(own)) return 0;
  report(pool, do_share(own, own->scratch));
  /* Of all: the team is the caller's alone to read. */
  report(pool, help(pool, own, pool->threads));
  return 1;
}

static int is_wanted(bp_pool *pool, pool_share *own) {
  return has_task(atomic_load(&own->ticket)) || atomic_load(&pool->stopping);
}

/* Waits in short spins, so that the next job of a training step finds the worker awake. */
static int spin(bp_pool *pool, pool_share *own) {
  const int64_t end = nanoseconds() + SPIN_NANOSECONDS;
  do {
    for (int i = 0; i < SPINS_A_LOOK; i++) {
      if (offers_task(own)) return 1;
      relax();
    }
    if (pool->crowded) sched_yield();
  } while (nanoseconds() < end);
  return 0;
}

/* The sleeper says so before it looks, and the caller publishes before it looks for sleepers: one of
 * the two sees the other. */
static void rest(bp_pool *pool, pool_share *own) {
  _Atomic uint8_t *asleep = &pool->asleep[own - pool->share];
  pthread_mutex_lock(&pool->mutex);
  atomic_store(asleep, 1);
  while (!is_wanted(pool, own)) pthread_cond_wait(&own->wake, &pool->mutex);
  atomic_store(asleep, 0);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
  pool_share *own = argument;
  bp_pool *pool = own->pool;
#if defined(__APPLE__)
  pthread_set_qos_class_self_np(QOS_CLASS_USER_INITIATED, 0);
#endif
  while (!atomic_load_explicit(&pool->stopping, memory_order_acquire)) {
    if (join(pool, own) || spin(pool, own)) continue;
    rest(pool, own);
  }
  return NULL;
}

int64_t bp_pool_size(int32_t threads) {
  const int64_t shares = threads > 1 ? threads : 1;
  return (int64_t)sizeof(bp_pool) + shares * (int64_t)sizeof(pool_share);
}

int32_t bp_pool_start(bp_pool *pool, int32_t threads, void *scratch, int64_t scratch_size) {
  if (threads > BP_POOL_MOST_THREADS) threads = BP_POOL_MOST_THREADS;
  atomic_init(&pool->done, 0);
  atomic_init(&pool->stopping, 0);
  pool->crowded = threads > sysconf(_SC_NPROCESSORS_ONLN);
  pthread_mutex_init(&pool->mutex, NULL);
  for (int32_t i = 0; i < threads || i < 1; i++) {
    pool_share *share = &pool->share[i];
    atomic_init(&share->ticket, 0);
    atomic_init(&pool->asleep[i], 0);
    share->pool = pool;
    share->scratch = (char *)scratch + i * scratch_size;
  }
  int32_t started = 1;
  while (started < threads) {
    pool_share *share = &pool->share[started];
    pthread_cond_init(&share->wake, NULL);
    if (pthread_create(&share->thread, NULL, work, share) != 0) {
      pthread_cond_destroy(&share->wake);
      break;
    }
    started++;
  }
  pool->threads = started; /* nobody reads it before there is a job */
  pool->team = started;
  return started;
}

void bp_pool_set_team(bp_pool *pool, int32_t threads) {
  pool->team = threads < 1 ? 1 : threads < pool->threads ? threads : pool->threads;
}

static void wake(bp_pool *pool, int32_t i) {
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_signal(&pool->share[i].wake);
  pthread_mutex_unlock(&pool->mutex);
}

/* Hands share i the tasks before ends[i] that no share before it has, and returns when all are done. */
static void hand_out(bp_pool *pool, bp_task_function f, const void *arguments, const int64_t *ends) {
  const int32_t team = pool->team;
  atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
  /* The caller's own share last, so that the others can begin. */
  for (int32_t i = team - 1; i >= 0; i--) {
    const int64_t first = i > 0 ? ends[i - 1] : 0, end = ends[i];
    if (first == end) continue;
    pool_share *share = &pool->share[i];
    share->function = f;
    share->arguments = arguments;
    atomic_store(&share->ticket, (uint64_t)end << 32 | (uint64_t)first);
  }
  for (int32_t i = 1; i < team; i++) {
    if (atomic_load(&pool->asleep[i]) && ends[i] > ends[i - 1]) wake(pool, i);
  }
  pool_share *own = &pool->share[0];
  const int64_t count = ends[team - 1];
  const int64_t finished = do_share(own, own->scratch);
  const int64_t others = count - finished - help(pool, own, team);
  for (int spins = 0; atomic_load_explicit(&pool->done, memory_order_acquire) != others; spins++) {
    if (spins < CALLER_SPINS && !pool->crowded) {
      relax();
    } else {
      sched_yield();
    }
  }
}

int64_t bp_pool_share_end(int64_t count, int64_t thread, int64_t threads) {
  const int64_t each = count / threads, more = count % threads;
  return (thread + 1) * each + (thread + 1 < more ? thread + 1 : more);
}

void bp_pool_run(bp_pool *pool, bp_task_function f, const void *arguments, int64_t count) {
  const int32_t threads = pool->team;
  if (count <= 1 || threads == 1 || count > MOST_TASKS) {
    for (int64_t task = 0; task < count; task++) f(arguments, task, pool->share[0].scratch);
    return;
  }
  int64_t ends[BP_POOL_MOST_THREADS];
  for (int32_t i = 0; i < threads; i++) ends[i] = bp_pool_share_end(count, i, threads);
  hand_out(pool, f, arguments, ends);
}

void bp_pool_run_stage(bp_pool *pool, const bp_stage *stage) {
  if (pool->team == 1) {
    for (int64_t t = 0; t < stage->ends[0]; t++) bp_stage_task(stage->tasks, t, pool->share[0].scratch);
  } else {
    hand_out(pool, bp_stage_task, stage->tasks, stage->ends);
  }
}

void bp_stage_task(const void *arguments, int64_t task, void *scratch) {
  const bp_strand_task *own = (const bp_strand_task *)arguments + task;
  for (int32_t i = 0; i < own->call_count; i++) {
    own->calls[i].function(own->calls[i].arguments, own->task, scratch);
  }
}

void bp_pool_stop(bp_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stopping, 1);
  for (int32_t i = 1; i < pool->threads; i++) pthread_cond_signal(&pool->share[i].wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 1; i < pool->threads; i++) {
    pthread_join(pool->share[i].thread, NULL);
    pthread_cond_destroy(&pool->share[i].wake);
  }
  pthread_mutex_destroy(&pool->mutex);
  pool->threads = pool->team = 1;
}
