/* The tasks of poolings and of standardizing, at the level in use. */
#include "kernels.h"

void bp_window_task(const void *arguments, int64_t task, void *scratch) {
  const bp_window *work = arguments;
  int64_t count = work->batch;
  (void)scratch;
  if (work->code == BP_WINDOW_GRADIENT) {
    count *= (work->channels + work->channel_block - 1) / work->channel_block;
  } else {
    for (int axis = 0; axis < BP_AXES; axis++) count *= work->out_sizes[axis];
  }
  const int64_t begin = bp_part_start(count, task, work->task_count);
  const int64_t end = bp_part_start(count, task + 1, work->task_count);
  BP_DISPATCH(bp_window, work, begin, end);
}

void bp_standardize_task(const void *arguments, int64_t task, void *scratch) {
  const bp_standardize *work = arguments;
  const int64_t tile = work->type == BP_F64 ? 8 : 16;
  const int64_t parts = work->width == 1 ? (work->groups + tile - 1) / tile : work->groups;
  const int64_t count = work->outer * parts;
  (void)scratch;
  const int64_t begin = bp_part_start(count, task, work->task_count);
  const int64_t end = bp_part_start(count, task + 1, work->task_count);
  BP_DISPATCH(bp_standardize, work, begin, end);
}
