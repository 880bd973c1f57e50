/* A chain of maps, run block by block, so that what lies between two maps stays in the cache. */
#include <string.h>

#include "include/CKernels.h"

static int64_t size_of(bp_type type) { return type == BP_F64 ? 8 : 4; }

static int64_t slot_size(const bp_fused *program) {
  return (program->block * size_of(program->type) + 63) & ~(int64_t)63;
}

/* out[i] = *value for i < n, for elements of 4 or 8 bytes. */
static void fill(void *out, const void *value, int64_t n, int64_t size) {
  if (size == 4) {
    int32_t x, *o = out;
    memcpy(&x, value, 4);
    for (int64_t i = 0; i < n; i++) o[i] = x;
  } else {
    int64_t x, *o = out;
    memcpy(&x, value, 8);
    for (int64_t i = 0; i < n; i++) o[i] = x;
  }
}

/* out[i] = in[i * stride]; short runs are not worth a call of memcpy. */
static void copy_run(void *out, const void *in, int64_t n, int64_t stride, int64_t size) {
  if (stride == 0) {
    fill(out, in, n, size);
  } else if (stride == 1 && n > 32) {
    memcpy(out, in, (size_t)(n * size));
  } else if (size == 4) {
    const int32_t *x = in;
    int32_t *o = out;
    for (int64_t i = 0; i < n; i++) o[i] = x[i * stride];
  } else {
    const int64_t *x = in;
    int64_t *o = out;
    for (int64_t i = 0; i < n; i++) o[i] = x[i * stride];
  }
}

/* Copies n elements of a broadcast operand to `out`, from element number `start` on. */
static void copy_strided(const bp_register *r, void *out, int64_t start, int64_t n, int64_t size) {
  int64_t index[BP_MAX_RANK];
  const int last = r->rank - 1;
  const char *in = r->base;
  for (int d = last; d >= 0; d--) {
    index[d] = start % r->sizes[d];
    start /= r->sizes[d];
    in += index[d] * r->strides[d] * size;
  }
  for (char *o = out; n > 0;) {
    const int64_t left = r->sizes[last] - index[last], run = left < n ? left : n;
    copy_run(o, in, run, r->strides[last], size);
    o += run * size;
    n -= run;
    /* To the start of the next run: like an odometer. */
    in -= index[last] * r->strides[last] * size;
    index[last] = 0;
    for (int d = last - 1; d >= 0; d--) {
      in += r->strides[d] * size;
      if (++index[d] < r->sizes[d]) break;
      in -= r->sizes[d] * r->strides[d] * size;
      index[d] = 0;
    }
  }
}

/* After how many elements a broadcast operand repeats: what is iterated over inside the outer
 * dimensions of stride 0. */
static int64_t period_of(const bp_register *r) {
  int outer = 0;
  while (outer < r->rank && r->strides[outer] == 0) outer++;
  int64_t period = 1;
  for (int d = outer; d < r->rank; d++) period *= r->sizes[d];
  return period;
}

/* Elements start ..< start + n of a broadcast operand: where they lie already when they are
 * neighbors in memory, otherwise gathered at `slot`. */
static const void *strided(const bp_register *r, void *slot, int64_t start, int64_t n,
                           int64_t size) {
  const int64_t period = period_of(r);
  if (period == 1) {
    fill(slot, r->base, n, size);
    return slot;
  }
  const int last = r->rank - 1;
  const int64_t inner = start % r->sizes[last];
  if (r->strides[last] == 1 && inner + n <= r->sizes[last]) {
    const char *in = (const char *)r->base + inner * size;
    int64_t row = start / r->sizes[last];
    for (int d = last - 1; d >= 0 && row > 0; d--) {
      in += row % r->sizes[d] * r->strides[d] * size;
      row /= r->sizes[d];
    }
    return in;
  }
  int64_t done = n < period ? n : period;
  copy_strided(r, slot, start, done, size);
  /* The rest repeats what is there: copied in ever longer pieces. */
  while (done < n) {
    const int64_t more = n - done < done ? n - done : done;
    memcpy((char *)slot + done * size, slot, (size_t)(more * size));
    done += more;
  }
  return slot;
}

void bp_fused_range(const bp_fused *program, int64_t start, int64_t end, void *scratch) {
  if (start >= end) return;
  /* Where each register's block lies. Number -1, an absent operand, is NULL. */
  void *pointers[BP_MAX_REGISTERS + 1];
  void **const at = pointers + 1;
  pointers[0] = NULL;
  uint8_t moving[BP_MAX_REGISTERS], gathered[BP_MAX_REGISTERS];
  int moving_count = 0, gathered_count = 0;

  const int64_t size = size_of(program->type), block = program->block, slot = slot_size(program);
  const int64_t first = end - start < block ? end - start : block;
  for (int i = 0; i < program->register_count; i++) {
    const bp_register *r = program->registers + i;
    char *own = (char *)scratch + r->slot * slot;
    switch (r->kind) {
    case BP_REGISTER_STREAM:
      at[i] = (char *)r->base + start * size;
      moving[moving_count++] = (uint8_t)i;
      break;
    case BP_REGISTER_SCALAR:
      at[i] = own;
      fill(own, r->base, first, size);
      break;
    case BP_REGISTER_STRIDED:
      gathered[gathered_count++] = (uint8_t)i;
      break;
    case BP_REGISTER_SCRATCH:
      at[i] = own;
      break;
    }
  }

  const bp_step *const steps = program->steps, *const behind = steps + program->step_count;
  for (int64_t s = start;;) {
    const int64_t n = end - s < block ? end - s : block;
    for (int k = 0; k < gathered_count; k++) {
      const bp_register *r = program->registers + gathered[k];
      /* The maps only read it, though `at` does not say so. */
      at[gathered[k]] = (void *)strided(r, (char *)scratch + r->slot * slot, s, n, size);
    }
    for (const bp_step *step = steps; step < behind; step++) {
      step->map(at[step->a], at[step->b], at[step->c], at[step->out], n, step->p);
    }
    s += n;
    if (s >= end) return;
    for (int k = 0; k < moving_count; k++) {
      at[moving[k]] = (char *)at[moving[k]] + n * size;
    }
  }
}

void bp_fused_task(const void *arguments, int64_t task, void *scratch) {
  const bp_fused *program = arguments;
  const int64_t start = task * program->per_task, left = program->count - start;
  bp_fused_range(program, start, start + (left < program->per_task ? left : program->per_task),
                 scratch);
}
