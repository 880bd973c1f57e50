/* Data movement: strided copies, gathering and scattering, one-hot rows and conversions. */
#include "kernels.h"

/* ---- strided copy ----------------------------------------------------------------------------*/

typedef struct {
  int rank;
  int64_t sizes[BP_MAX_RANK], in[BP_MAX_RANK], out[BP_MAX_RANK]; /* strides in elements */
} walk;

/* The copy's dimensions without those of size 1, neighbors joined where they lie densely in both
 * input and output. At least one dimension is left. */
static walk joined(const bp_strided_copy *work) {
  walk w = {.rank = 0};
  for (int d = 0; d < work->rank; d++) {
    const int64_t size = work->sizes[d], in = work->in_strides[d], out = work->out_strides[d];
    const int last = w.rank - 1;
    if (size == 1) continue;
    if (last >= 0 && w.in[last] == in * size && w.out[last] == out * size) {
      w.sizes[last] *= size;
      w.in[last] = in;
      w.out[last] = out;
    } else {
      w.sizes[w.rank] = size;
      w.in[w.rank] = in;
      w.out[w.rank] = out;
      w.rank++;
    }
  }
  if (w.rank == 0) {
    w = (walk){.rank = 1, .sizes = {1}, .in = {1}, .out = {1}};
  }
  return w;
}

/* Puts the dimension over which the input is contiguous next to the innermost one, for `plane`. */
static void bring_together(walk *w) {
  const int last = w->rank - 1;
  if (w->in[last] == 1 || w->in[last] == 0) return;
  for (int d = last - 2; d >= 0; d--) {
    if (w->in[d] != 1) continue;
    const int64_t size = w->sizes[d], in = w->in[d], out = w->out[d];
    for (int k = d; k < last - 1; k++) {
      w->sizes[k] = w->sizes[k + 1];
      w->in[k] = w->in[k + 1];
      w->out[k] = w->out[k + 1];
    }
    w->sizes[last - 1] = size;
    w->in[last - 1] = in;
    w->out[last - 1] = out;
    return;
  }
}

/* Squares of 4 by 4 numbers of 4 bytes, or 2 by 2 of 8, transposed in registers: reads `side` rows
 * of the input, in_stride apart, and writes their columns as rows, out_stride apart. */
typedef int32_t four __attribute__((vector_size(16)));
typedef int64_t two __attribute__((vector_size(16)));

static inline void square_4(const int32_t *in, int32_t *out, int64_t in_stride,
                            int64_t out_stride) {
  four a[4], b[4];
  for (int k = 0; k < 4; k++) memcpy(a + k, in + k * in_stride, 16);
  b[0] = __builtin_shufflevector(a[0], a[1], 0, 4, 1, 5);
  b[1] = __builtin_shufflevector(a[2], a[3], 0, 4, 1, 5);
  b[2] = __builtin_shufflevector(a[0], a[1], 2, 6, 3, 7);
  b[3] = __builtin_shufflevector(a[2], a[3], 2, 6, 3, 7);
  a[0] = __builtin_shufflevector(b[0], b[1], 0, 1, 4, 5);
  a[1] = __builtin_shufflevector(b[0], b[1], 2, 3, 6, 7);
  a[2] = __builtin_shufflevector(b[2], b[3], 0, 1, 4, 5);
  a[3] = __builtin_shufflevector(b[2], b[3], 2, 3, 6, 7);
  for (int k = 0; k < 4; k++) memcpy(out + k * out_stride, a + k, 16);
}

static inline void square_8(const int64_t *in, int64_t *out, int64_t in_stride,
                            int64_t out_stride) {
  two a, b, c;
  memcpy(&a, in, 16);
  memcpy(&b, in + in_stride, 16);
  c = __builtin_shufflevector(a, b, 0, 2);
  memcpy(out, &c, 16);
  c = __builtin_shufflevector(a, b, 1, 3);
  memcpy(out + out_stride, &c, 16);
}

/* A block of one cache line by as many: each line of the input is read at once and each line of the
 * output written at once, so that none is lost half done where strides are powers of two. */
#define BLOCK(name, type, square, side, line)                                                  \
  static void name(const type *in, type *out, int64_t in_stride, int64_t out_stride) {         \
    type lines[line * line];                                                                   \
    for (int j = 0; j < line; j++) memcpy(lines + j * line, in + j * in_stride, 64);           \
    for (int i = 0; i < line; i += side) {                                                     \
      for (int j = 0; j < line; j += side) {                                                   \
        square(lines + j * line + i, out + i * out_stride + j, line, out_stride);              \
      }                                                                                        \
    }                                                                                          \
  }
BLOCK(block_4, int32_t, square_4, 4, 16)
BLOCK(block_8, int64_t, square_8, 2, 8)

/* Two dimensions, rows then columns: copied row by row where both are dense, by blocks and squares
 * where reading goes across writing, else one by one. `side` is that of the squares, `line` that of
 * the blocks. */
#define PLANE(name, type, square, side, block, line)                                            \
  static void name(const type *in, type *out, int64_t rows, int64_t columns, int64_t in_row,    \
                   int64_t in_column, int64_t out_row, int64_t out_column) {                    \
    if (in_column == 1 && out_column == 1) {                                                    \
      for (int64_t i = 0; i < rows; i++) {                                                      \
        const type *x = in + i * in_row;                                                        \
        type *y = out + i * out_row;                                                            \
        if (columns > 32) {                                                                     \
          memcpy(y, x, (size_t)columns * sizeof(type));                                         \
        } else {                                                                                \
          for (int64_t j = 0; j < columns; j++) y[j] = x[j];                                    \
        }                                                                                       \
      }                                                                                         \
      return;                                                                                   \
    }                                                                                           \
    const int crosses = in_row == 1 && out_column == 1;                                         \
    const int64_t width = in_row == 1 ? line : columns; /* of a band, whose lines stay cached */ \
    for (int64_t c = 0; c < columns; c += width) {                                              \
      const int64_t end = columns - c < width ? columns : c + width;                            \
      int64_t i = 0;                                                                            \
      for (; crosses && end - c == line && i + line <= rows; i += line) {                       \
        block(in + i + c * in_column, out + i * out_row + c, in_column, out_row);               \
      }                                                                                         \
      for (; crosses && i + side <= rows; i += side) {                                          \
        int64_t j = c;                                                                          \
        for (; j + side <= end; j += side) {                                                    \
          square(in + i + j * in_column, out + i * out_row + j, in_column, out_row);            \
        }                                                                                       \
        for (; j < end; j++) {                                                                  \
          for (int k = 0; k < side; k++) out[(i + k) * out_row + j] = in[i + k + j * in_column]; \
        }                                                                                       \
      }                                                                                         \
      for (; i < rows; i++) {                                                                   \
        const type *x = in + i * in_row;                                                        \
        type *y = out + i * out_row;                                                            \
        for (int64_t j = c; j < end; j++) y[j * out_column] = x[j * in_column];                 \
      }                                                                                         \
    }                                                                                           \
  }
PLANE(plane_4, int32_t, square_4, 4, block_4, 16)
PLANE(plane_8, int64_t, square_8, 2, block_8, 8)

void bp_strided_copy_task(const void *arguments, int64_t task, void *scratch) {
  const bp_strided_copy *work = (const bp_strided_copy *)arguments + task;
  const int64_t size = work->element_size;
  (void)scratch;
  for (int d = 0; d < work->rank; d++) {
    if (work->sizes[d] == 0) return;
  }
  walk w = joined(work);
  bring_together(&w);
  const int columns = w.rank - 1, rows = w.rank - 2;
  const int64_t row_count = rows >= 0 ? w.sizes[rows] : 1;
  const int64_t in_row = rows >= 0 ? w.in[rows] : 0, out_row = rows >= 0 ? w.out[rows] : 0;
  int64_t in = work->in_offset, out = work->out_offset, index[BP_MAX_RANK] = {0};
  for (;;) {
    if (size == 4) {
      plane_4((const int32_t *)work->in + in, (int32_t *)work->out + out, row_count,
              w.sizes[columns], in_row, w.in[columns], out_row, w.out[columns]);
    } else {
      plane_8((const int64_t *)work->in + in, (int64_t *)work->out + out, row_count,
              w.sizes[columns], in_row, w.in[columns], out_row, w.out[columns]);
    }
    int d = rows - 1;
    for (; d >= 0; d--) {
      in += w.in[d];
      out += w.out[d];
      if (++index[d] < w.sizes[d]) break;
      in -= w.sizes[d] * w.in[d];
      out -= w.sizes[d] * w.out[d];
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

void bp_strided_copies_task(const void *arguments, int64_t task, void *scratch) {
  const bp_strided_copies *all = arguments;
  for (int64_t i = 0; i < all->each_task; i++) {
    bp_strided_copy_task(all->copies, task * all->each_task + i, scratch);
  }
}

#define FILL(type)                                                    \
  {                                                                   \
    type *out = (type *)work->copy.out + work->first;                 \
    const type value = (type)work->value;                             \
    for (int64_t i = 0; i < work->count; i++) out[i] = value;         \
  }                                                                   \
  break

void bp_pad_task(const void *arguments, int64_t task, void *scratch) {
  const bp_pad *work = (const bp_pad *)arguments + task;
  switch (work->type) {
  case BP_F32: FILL(float);
  case BP_F64: FILL(double);
  case BP_I32: FILL(int32_t);
  }
  bp_strided_copy_task(&work->copy, 0, scratch);
}

/* ---- rows of a batch -------------------------------------------------------------------------*/

/* Beyond the first few lines of a row the processor fetches on its own. */
static inline void fetch_row(const char *start, int64_t bytes) {
  if (bytes > 1024) bytes = 1024;
  for (int64_t line = 0; line < bytes; line += 64) __builtin_prefetch(start + line, 0, 2);
}

void bp_pick_rows_task(const void *arguments, int64_t task, void *scratch) {
  const bp_pick_rows *work = arguments;
  const int64_t blocks = (work->count + work->per_task - 1) / work->per_task;
  const int64_t first = task % blocks * work->per_task, left = work->count - first;
  const int64_t end = first + (left < work->per_task ? left : work->per_task);
  const int64_t row_bytes = work->row_bytes, start = task / blocks * work->part_bytes;
  const int64_t bytes = row_bytes - start < work->part_bytes ? row_bytes - start : work->part_bytes;
  const int decodes = work->divisor != 0;
  const int64_t growth = !decodes ? 1 : work->type == BP_F64 ? 8 : 4;
  const char *in = (const char *)work->in + start;
  (void)scratch;
  for (int64_t j = first; j < end; j++) {
    if (j < work->next_count) {
      fetch_row(in + work->next_rows[j] * row_bytes, bytes);
    } else if (j + 1 < end) {
      fetch_row(in + work->rows[j + 1] * row_bytes, bytes);
    }
    const char *row = in + work->rows[j] * row_bytes;
    char *out = (char *)work->out + (j * row_bytes + start) * growth;
    if (decodes) {
      BP_DISPATCH(bp_decode, (const uint8_t *)row, out, bytes, work->type, work->divisor);
    } else {
      memcpy(out, row, (size_t)bytes);
    }
  }
}

void bp_pick_and_go_task(const void *arguments, int64_t task, void *scratch) {
  const bp_pick_and_go *work = arguments;
  if (task * work->rows.part_bytes < work->rows.row_bytes) {
    bp_pick_rows_task(&work->rows, task, scratch);
  }
  work->then(work->arguments, task, scratch);
}

/* The sum of what differs is looked at every so often, so that the loop in between has no exit. */
#define BYTES_FROM(name, type, bits)                                               \
  int32_t name(const type *in, uint8_t *out, int64_t n) {                          \
    for (int64_t start = 0; start < n; start += 4096) {                            \
      const int64_t end = n - start < 4096 ? n : start + 4096;                     \
      bits differing = 0;                                                          \
      for (int64_t i = start; i < end; i++) {                                      \
        const type x = in[i] >= 0 && in[i] <= 255 ? in[i] : 0;                     \
        const uint8_t whole = (uint8_t)(int32_t)x;                                 \
        const type back = (type)whole;                                             \
        bits a, b;                                                                 \
        memcpy(&a, in + i, sizeof a);                                              \
        memcpy(&b, &back, sizeof b);                                               \
        differing |= a ^ b;                                                        \
        out[i] = whole;                                                            \
      }                                                                            \
      if (differing != 0) return 0;                                                \
    }                                                                              \
    return 1;                                                                      \
  }
BYTES_FROM(bp_bytes_from_f32, float, uint32_t)
BYTES_FROM(bp_bytes_from_f64, double, uint64_t)

/* ---- gather and scatter ----------------------------------------------------------------------*/

void bp_gather_task(const void *arguments, int64_t task, void *scratch) {
  const bp_gather *work = arguments;
  const int64_t bytes = work->inner * work->element_size, rows = work->index_count;
  const int64_t begin = bp_part_start(work->outer * rows, task, work->task_count);
  const int64_t end = bp_part_start(work->outer * rows, task + 1, work->task_count);
  (void)scratch;
  if (begin >= end) return;
  char *out = (char *)work->out + begin * bytes;
  for (int64_t o = begin / rows, j = begin % rows, k = begin; k < end; k++, out += bytes) {
    const int64_t index = work->indices[j];
    const char *in = (const char *)work->in + o * work->in_size * bytes;
    if (index < 0 || index >= work->in_size) {
      memset(out, 0, (size_t)bytes);
    } else if (bytes == 4) {
      memcpy(out, in + index * 4, 4);
    } else {
      memcpy(out, in + index * bytes, (size_t)bytes);
    }
    if (++j == rows) {
      j = 0;
      o++;
    }
  }
}

/* What falls on places first ..< end of outer index o. */
#define SCATTER(name, type)                                                              \
  static void name(const bp_scatter_add *work, int64_t o, int64_t first, int64_t end) {  \
    const int64_t inner = work->inner;                                                   \
    const type *in = (const type *)work->in + o * work->index_count * inner;             \
    type *out = (type *)work->out + o * work->out_size * inner;                          \
    memset(out + first * inner, 0, (size_t)((end - first) * inner) * sizeof(type));      \
    for (int64_t j = 0; j < work->index_count; j++, in += inner) {                       \
      const int64_t index = work->indices[j];                                            \
      if (index < first || index >= end) continue;                                       \
      type *row = out + index * inner;                                                   \
      for (int64_t i = 0; i < inner; i++) row[i] += in[i];                               \
    }                                                                                    \
  }
SCATTER(scatter_f32, float)
SCATTER(scatter_f64, double)
SCATTER(scatter_u32, uint32_t) /* int32, wrapping */

void bp_scatter_add_task(const void *arguments, int64_t task, void *scratch) {
  const bp_scatter_add *work = arguments;
  const int64_t outer = task / work->size_tasks, size = task % work->size_tasks;
  const int64_t begin = bp_part_start(work->outer, outer, work->outer_tasks);
  const int64_t end = bp_part_start(work->outer, outer + 1, work->outer_tasks);
  const int64_t first = bp_part_start(work->out_size, size, work->size_tasks);
  const int64_t last = bp_part_start(work->out_size, size + 1, work->size_tasks);
  (void)scratch;
  if (first == last || work->inner == 0) return;
  for (int64_t o = begin; o < end; o++) {
    switch (work->type) {
    case BP_F32: scatter_f32(work, o, first, last); break;
    case BP_F64: scatter_f64(work, o, first, last); break;
    case BP_I32: scatter_u32(work, o, first, last); break;
    }
  }
}

/* ---- one-hot rows and conversions ------------------------------------------------------------*/

void bp_one_hot_task(const void *arguments, int64_t task, void *scratch) {
  const bp_one_hot *work = arguments;
  const int64_t size = work->type == BP_F64 ? 8 : 4, depth = work->depth;
  const int64_t begin = bp_part_start(work->count, task, work->task_count);
  const int64_t end = bp_part_start(work->count, task + 1, work->task_count);
  (void)scratch;
  if (begin >= end || depth == 0) return;
  memset((char *)work->out + begin * depth * size, 0, (size_t)((end - begin) * depth * size));
  for (int64_t i = begin; i < end; i++) {
    const int64_t index = work->indices[i], at = i * depth + index;
    if (index < 0 || index >= depth) continue;
    switch (work->type) {
    case BP_F32: ((float *)work->out)[at] = 1; break;
    case BP_F64: ((double *)work->out)[at] = 1; break;
    case BP_I32: ((int32_t *)work->out)[at] = 1; break;
    }
  }
}

/* Toward zero; what int32 cannot hold becomes the nearest number that it can, and NaN zero. */
static int32_t whole(double x) {
  if (x != x) return 0;
  return x <= INT32_MIN ? INT32_MIN : x >= INT32_MAX ? INT32_MAX : (int32_t)x;
}

#define CONVERT(from, to, convert)                                             \
  {                                                                            \
    const from *x = work->in;                                                  \
    to *y = work->out;                                                         \
    for (int64_t i = begin; i < end; i++) y[i] = convert(x[i]);                \
  }                                                                            \
  break

void bp_cast_task(const void *arguments, int64_t task, void *scratch) {
  const bp_cast *work = arguments;
  const int64_t begin = bp_part_start(work->count, task, work->task_count);
  const int64_t end = bp_part_start(work->count, task + 1, work->task_count);
  (void)scratch;
  if (begin >= end) return;
  if (work->from == work->to) {
    const int64_t size = work->from == BP_F64 ? 8 : 4;
    memmove((char *)work->out + begin * size, (const char *)work->in + begin * size,
            (size_t)((end - begin) * size));
    return;
  }
  switch (work->from * 3 + work->to) {
  case BP_F32 * 3 + BP_F64: CONVERT(float, double, (double));
  case BP_F32 * 3 + BP_I32: CONVERT(float, int32_t, whole);
  case BP_F64 * 3 + BP_F32: CONVERT(double, float, (float));
  case BP_F64 * 3 + BP_I32: CONVERT(double, int32_t, whole);
  case BP_I32 * 3 + BP_F32: CONVERT(int32_t, float, (float));
  case BP_I32 * 3 + BP_F64: CONVERT(int32_t, double, (double));
  default: break;
  }
}
