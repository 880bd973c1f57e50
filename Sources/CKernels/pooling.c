/* The tasks of poolings and of standardizing, at the level in use. */
#include "kernels.h"

static inline int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }

/* The gradients of blocks of channels begin ..< end, each finished while it is in the cache. */
static void window_gradients(const bp_window *work, int64_t begin, int64_t end, int64_t blocks,
                             void *scratch) {
  const int64_t pixels = work->in_rows * work->in_columns;
  for (int64_t part = begin; part < end; part++) {
    BP_DISPATCH(bp_window, work, part, part + 1);
    if (work->epilogue == NULL) continue;
    const int64_t first = part % blocks * work->channel_block;
    bp_fused_rows(work->epilogue, part / blocks * pixels * work->channels + first, pixels,
                  least(work->channel_block, work->channels - first), work->channels, scratch);
  }
}

void bp_window_task(const void *arguments, int64_t task, void *scratch) {
  const bp_window *work = arguments;
  const int64_t blocks = (work->channels + work->channel_block - 1) / work->channel_block;
  const int is_gradient = work->code == BP_WINDOW_GRADIENT;
  const int64_t count = work->batch * (is_gradient ? blocks : work->out_rows * work->out_columns);
  const int64_t begin = bp_part_start(count, task, work->task_count);
  const int64_t end = bp_part_start(count, task + 1, work->task_count);
  if (is_gradient) {
    window_gradients(work, begin, end, blocks, scratch);
  } else {
    BP_DISPATCH(bp_window, work, begin, end);
    if (work->epilogue == NULL) return;
    const int64_t elements = (end - begin) * work->channels;
    bp_fused_rows(work->epilogue, begin * work->channels, 1, elements, elements, scratch);
  }
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
