/* The tasks of reductions, row functions and uniform numbers, at the level in use. */
#include "kernels.h"

/* Where part `task` of `count` things begins, when `tasks` share them evenly. */
static int64_t part_start(int64_t count, int64_t task, int64_t tasks) {
  const int64_t each = count / tasks, more = count % tasks;
  return each * task + (task < more ? task : more);
}

void bp_reduce_task(const void *arguments, int64_t task, void *scratch) {
  const bp_reduce *work = arguments;
  const int64_t count = work->outer * work->inner;
  const int64_t begin = part_start(count, task, work->task_count);
  const int64_t end = part_start(count, task + 1, work->task_count);
  (void)scratch;
  BP_DISPATCH(bp_reduce, work, begin, end);
}

void bp_row_task(const void *arguments, int64_t task, void *scratch) {
  const bp_row *work = arguments;
  const int64_t begin = part_start(work->rows, task, work->task_count);
  const int64_t end = part_start(work->rows, task + 1, work->task_count);
  (void)scratch;
  BP_DISPATCH(bp_row, work, begin, end);
}

void bp_uniform_task(const void *arguments, int64_t task, void *scratch) {
  const bp_uniform *work = arguments;
  const int64_t begin = task * work->per_task;
  const int64_t left = work->count - begin;
  (void)scratch;
  BP_DISPATCH(bp_uniform, work, begin, begin + (left < work->per_task ? left : work->per_task));
}
