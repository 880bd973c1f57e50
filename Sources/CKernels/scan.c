/* The tasks of scans, at the level in use. */
#include "scan_levels.h"

void bp_scan_task(const void *arguments, int64_t task, void *scratch) {
  const bp_scan *work = arguments;
  const int64_t begin = work->batch * task / work->task_count;
  const int64_t end = work->batch * (task + 1) / work->task_count;
  BP_DISPATCH(bp_scan, work, begin, end, scratch);
}

int64_t bp_scan_scratch(const bp_scan *work) {
  const int64_t size = work->type == BP_F64 ? 8 : 4;
  return work->code == BP_SCAN_LOG ? (work->states * size + 63) / 64 * 64 + 64 : 0;
}
