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

/* The addresses of a program's blocks, while it runs over a range of elements. */
typedef struct {
  const bp_fused *program;
  int64_t size; /* of an element */
  /* Where each register's block lies. Number -1, an absent operand, is NULL. */
  void *pointers[BP_MAX_REGISTERS + 1];
  uint8_t moving[BP_MAX_REGISTERS], gathered[BP_MAX_REGISTERS];
  int moving_count, gathered_count;
  void **tile; /* the pointer of the register that is a tile, or one that nothing reads */
  void *no_tile;
} run_state;

static inline void advance(run_state *state, int64_t elements) {
  for (int k = 0; k < state->moving_count; k++) {
    char **at = (char **)&state->pointers[state->moving[k] + 1];
    *at += elements * state->size;
  }
}

/* Whether a broadcast operand is one row of `row_length` neighbors, the same for every row. */
static int is_one_row(const bp_register *r, int64_t row_length) {
  const int last = r->rank - 1;
  return last >= 0 && r->strides[last] == 1 && r->sizes[last] == row_length &&
         period_of(r) == row_length;
}

/* Where the blocks lie for runs of `columns` elements from element `start` on. */
static void begin(run_state *state, const bp_fused *program, int64_t start, int64_t columns,
                  int64_t row_length, const void *tile, void *scratch) {
  const int64_t longest = columns < program->block ? columns : program->block;
  state->program = program;
  state->size = size_of(program->type);
  state->pointers[0] = NULL;
  state->moving_count = state->gathered_count = 0;
  state->no_tile = scratch;
  state->tile = &state->no_tile;
  const int64_t slot = slot_size(program);
  for (int i = 0; i < program->register_count; i++) {
    const bp_register *r = program->registers + i;
    char *own = (char *)scratch + r->slot * slot;
    void **at = &state->pointers[i + 1];
    switch (r->kind) {
    case BP_REGISTER_STREAM:
      *at = (char *)r->base + start * state->size;
      state->moving[state->moving_count++] = (uint8_t)i;
      break;
    case BP_REGISTER_SCALAR:
      *at = own;
      fill(own, r->base, longest, state->size);
      break;
    case BP_REGISTER_STRIDED:
      if (columns <= program->block && is_one_row(r, row_length)) {
        *at = (char *)r->base + start % row_length * state->size;
      } else {
        state->gathered[state->gathered_count++] = (uint8_t)i;
      }
      break;
    case BP_REGISTER_SCRATCH:
      *at = own;
      break;
    case BP_REGISTER_TILE:
      *at = (void *)tile; /* which the maps only read */
      state->moving[state->moving_count++] = (uint8_t)i;
      state->tile = at;
      break;
    }
  }
}

/* All steps on one block: n elements from number `start` on. */
static void run_block(run_state *state, int64_t start, int64_t n, void *scratch) {
  const bp_fused *program = state->program;
  void **const at = state->pointers + 1;
  for (int k = 0; k < state->gathered_count; k++) {
    const bp_register *r = program->registers + state->gathered[k];
    void *own = (char *)scratch + r->slot * slot_size(program);
    /* The maps only read it, though `at` does not say so. */
    at[state->gathered[k]] = (void *)strided(r, own, start, n, state->size);
  }
  const bp_step *const steps = program->steps, *const behind = steps + program->step_count;
  for (const bp_step *step = steps; step < behind; step++) {
    const int32_t *r = step->registers;
    if (step->map != NULL) {
      step->map(at[r[0]], at[r[1]], at[r[2]], at[r[3]], n, step->given[0]);
    } else {
      void *operands[BP_MAX_OPERANDS] = {NULL};
      for (int k = 0; k < step->register_count; k++) operands[k] = at[r[k]];
      step->composite(operands, n, step->given);
    }
  }
}

void bp_fused_rows(const bp_fused *program, int64_t start, int64_t rows, int64_t columns,
                   int64_t row_length, void *scratch) {
  bp_fused_tile(program, start, rows, columns, row_length, NULL, row_length, scratch);
}

void bp_fused_tile(const bp_fused *program, int64_t start, int64_t rows, int64_t columns,
                   int64_t row_length, const void *tile, int64_t tile_stride, void *scratch) {
  if (rows <= 0 || columns <= 0) return;
  if (columns == row_length && columns == tile_stride) {
    columns *= rows;
    rows = 1;
    row_length = tile_stride = columns;
  }
  const int64_t block = program->block;
  run_state state;
  begin(&state, program, start, columns, row_length, tile, scratch);
  for (int64_t row = 0, done = 0;;) {
    const int64_t n = columns - done < block ? columns - done : block;
    run_block(&state, start + row * row_length + done, n, scratch);
    done += n;
    if (done < columns) {
      advance(&state, n);
      continue;
    }
    if (++row == rows) return;
    advance(&state, n + row_length - columns);
    *state.tile = (char *)*state.tile + (tile_stride - row_length) * state.size;
    done = 0;
  }
}

void bp_fused_task(const void *arguments, int64_t task, void *scratch) {
  const bp_fused *program = arguments;
  const int64_t start = task * program->per_task, left = program->count - start;
  const int64_t count = left < program->per_task ? left : program->per_task;
  bp_fused_rows(program, start, 1, count, count, scratch);
}

/* The first n elements of an operand, side by side. */
static void bring(const bp_register *r, void *out, int64_t n, const bp_short *chain) {
  const int64_t size = size_of(chain->type);
  if (r->kind == BP_REGISTER_STRIDED) {
    copy_strided(r, out, 0, n, size);
  } else if (chain->functions == NULL) {
    copy_run(out, r->base, n, r->kind == BP_REGISTER_STREAM, size);
  } else if (r->kind == BP_REGISTER_STREAM) {
    chain->functions->neighbors(r->base, out, n);
  } else {
    chain->functions->number(r->base, out);
  }
}

void bp_short_task(const void *arguments, int64_t task, void *scratch) {
  const bp_short *chain = arguments;
  if (chain->before != NULL) chain->before(chain->arguments, task, scratch);
  const bp_short_step *const behind = chain->steps + chain->step_count;
  for (const bp_short_step *step = chain->steps; step < behind; step++) {
    if (step->map != NULL) {
      step->map(step->at[0], step->at[1], step->at[2], step->at[3], step->n, step->given[0]);
    } else if (step->composite != NULL) {
      step->composite(step->at, step->n, step->given);
    } else if (step->operand != NULL) {
      bring(step->operand, step->at[0], step->n, chain);
    } else {
      chain->functions->product(&step->product, step->at);
    }
  }
}
