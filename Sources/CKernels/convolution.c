/* Convolutions: cutting into tasks, and where everything lies. The arithmetic is in
 * convolution.inc. */
#include "convolution_frame.h"
#include "kernels.h"

#include <string.h>

static inline int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }
static inline int64_t parts_of(int64_t whole, int64_t part) { return (whole + part - 1) / part; }

static int64_t tiles_of(const bp_convolution *v) {
  const int64_t channels =
      v->code == BP_CONVOLVE_INPUT_GRADIENT ? v->in_channels : v->out_channels;
  return v->groups > 1 ? 1 : parts_of(channels, v->tile_width);
}

/* How many strips an example has. */
static int64_t strips_of(const bp_convolution *v) {
  const int64_t rows = v->code == BP_CONVOLVE_INPUT_GRADIENT ? v->rows.in : v->rows.out;
  return parts_of(rows, v->strip_rows);
}

static int64_t parts_of_batch(const bp_convolution *v) {
  return parts_of(v->batch * strips_of(v), v->units_per_task);
}

int64_t bp_convolution_parts(const bp_convolution *v) {
  return v->code == BP_CONVOLVE_WEIGHT_GRADIENT ? parts_of_batch(v) : 1;
}

int64_t bp_convolution_tasks(const bp_convolution *v) { return parts_of_batch(v) * tiles_of(v); }

/* ---- Sizes ----------------------------------------------------------------------------------- */

static convolution_view view_of(const bp_convolution_axis *a, int transposed) {
  convolution_view view = {.axis = a, .transposed = transposed};
  const int64_t reach = (a->kernel - 1) * a->dilation;
  view.source = transposed ? a->out : a->in;
  view.target = transposed ? a->in : a->out;
  view.phases = transposed ? least(a->stride, view.target) : 1;
  view.extent = (transposed ? reach / a->stride : reach) + 1;
  view.low = transposed ? 1 - view.extent : -a->before;
  return view;
}

/* Whether results read places before the source's first or behind its last. */
static int reaches_out(const convolution_view *view) {
  const int64_t first = view_base(view, 0) + view->low;
  const int64_t last = view_base(view, view->target - 1) + view->low + view->extent - 1;
  return first < 0 || last >= view->source;
}

/* Takes `bytes` of scratch, in whole cache lines. */
static int64_t take(convolution_frame *frame, int64_t bytes) {
  const int64_t start = frame->scratch;
  frame->scratch += (bytes + 63) / 64 * 64;
  return start;
}

/* Whether vectors run over the source's channels, since those of the result's `count` channels would
 * be mostly empty. */
static int is_narrow(const convolution_frame *f, int64_t lanes, int64_t size, int is_weights) {
  if (f->is_depthwise) return 0;
  if (4 * f->count <= lanes && 2 * f->depth >= lanes) return 1;
  /* Tiles of several channels need many registers, and the steps saved must be more than what it
   * takes to sum up the vectors of every result; the weights stay in the first-level cache. */
  const int64_t all = f->places * f->depth;
  return !is_weights && lanes * size == 64 && 2 * f->count <= lanes &&
         3 * f->count * (f->places * parts_of(f->depth, lanes) + 6) <= 2 * all &&
         all * f->count * size <= 24 << 10;
}

void bp_convolution_frame(const bp_convolution *v, int64_t lanes, int64_t tile,
                          convolution_frame *f) {
  const int64_t size = v->type == BP_F32 ? 4 : 8;
  const int is_weights = v->code == BP_CONVOLVE_WEIGHT_GRADIENT;
  memset(f, 0, sizeof *f);
  f->transposed = v->code == BP_CONVOLVE_INPUT_GRADIENT;
  f->rows = view_of(&v->rows, f->transposed);
  f->columns = view_of(&v->columns, f->transposed);
  f->source_channels = f->transposed ? v->out_channels : v->in_channels;
  f->target_channels = f->transposed ? v->in_channels : v->out_channels;
  f->depth = f->source_channels / v->groups;
  f->width = f->target_channels / v->groups;
  f->is_depthwise = v->groups > 1 && f->depth == 1 && f->width == 1;
  f->first = v->groups > 1 ? 0 : tile * v->tile_width;
  f->count = v->groups > 1 ? f->width : least(v->tile_width, f->width - f->first);
  f->strips = strips_of(v);
  f->places = v->rows.kernel * v->columns.kernel;
  f->is_narrow = is_narrow(f, lanes, size, is_weights);
  f->is_copied = reaches_out(&f->rows) || reaches_out(&f->columns) ||
                 (v->pooled != NULL && f->transposed);
  const int64_t last = view_base(&f->columns, f->columns.target - 1);
  f->pitch = f->source_channels * (!f->is_copied ? f->columns.source
                                                 : last - view_base(&f->columns, 0) +
                                                       f->columns.extent);
  const int64_t strip = least(v->strip_rows, f->rows.target);
  f->buffer_rows = f->rows.extent + (f->transposed ? (strip - 1) / v->rows.stride + 1
                                                   : (strip - 1) * v->rows.stride);
  f->strip_pixels = strip * f->columns.target;

  const int64_t phases = f->rows.phases * f->columns.phases;
  const int64_t filled = parts_of(f->count, lanes) * lanes;
  const int64_t tiled = is_weights ? f->places * f->depth : f->strip_pixels;
  f->taps = take(f, f->places * (int64_t)sizeof(convolution_tap));
  f->runs = take(f, (is_weights ? strip : f->places) * (int64_t)sizeof(convolution_run));
  f->starts = take(f, (phases + 1) * 2 * (int64_t)sizeof(int64_t));
  f->sources = take(f, tiled * (int64_t)sizeof(int64_t));
  f->targets = take(f, tiled * (int64_t)sizeof(int64_t));
  if (!f->is_depthwise) {
    const int64_t rows = is_weights ? f->strip_pixels : v->groups * f->places * f->depth;
    f->packed = take(f, rows * filled * size);
  }
  if (f->is_copied) f->buffer = take(f, f->buffer_rows * f->pitch * size);
  if (v->pooled != NULL && is_weights) f->gradient = take(f, f->strip_pixels * v->out_channels * size);
}

/* ---- Running --------------------------------------------------------------------------------- */

static int64_t lanes_of(const bp_convolution *v) {
  const int64_t bytes = BP_DISPATCH(bp_convolution_bytes, );
  return bytes / (v->type == BP_F32 ? 4 : 8);
}

int64_t bp_convolution_scratch(const bp_convolution *v) {
  convolution_frame frame;
  bp_convolution_frame(v, lanes_of(v), 0, &frame);
  return frame.scratch;
}

#define DEFINE_ADD_PARTS(name, type)                                                            \
  static void name(const bp_convolution *v, int64_t first, int64_t count, int64_t parts) {      \
    const int64_t rows =                                                                        \
        v->rows.kernel * v->columns.kernel * (v->in_channels / v->groups);                      \
    const int64_t all = rows * v->out_channels;                                                 \
    for (int64_t i = 0; i < rows; i++) {                                                        \
      const type *part = (const type *)v->partial + i * v->out_channels + first;                \
      type *out = (type *)v->out + i * v->out_channels + first;                                 \
      for (int64_t j = 0; j < count; j++) {                                                     \
        type sum = part[j];                                                                     \
        for (int64_t p = 1; p < parts; p++) sum += part[p * all + j];                           \
        out[j] = sum;                                                                           \
      }                                                                                         \
    }                                                                                           \
  }
DEFINE_ADD_PARTS(add_parts_f32, float)
DEFINE_ADD_PARTS(add_parts_f64, double)

/* What is done once a task has its part of the weights' gradient. */
static void finish_weights(const bp_convolution *v, int64_t tile, char *scratch) {
  const int64_t parts = bp_convolution_parts(v);
  const int64_t first = v->groups > 1 ? 0 : tile * v->tile_width;
  const int64_t count =
      v->groups > 1 ? v->out_channels : least(v->tile_width, v->out_channels - first);
  if (parts > 1) {
    if (__atomic_add_fetch(&v->arrived[tile], 1, __ATOMIC_ACQ_REL) < parts) return;
    __atomic_store_n(&v->arrived[tile], 0, __ATOMIC_RELAXED);
    if (v->type == BP_F32) {
      add_parts_f32(v, first, count, parts);
    } else {
      add_parts_f64(v, first, count, parts);
    }
  }
  if (v->epilogue == NULL) return;
  const int64_t rows = v->rows.kernel * v->columns.kernel * (v->in_channels / v->groups);
  bp_fused_rows(v->epilogue, first, rows, count, v->out_channels,
                scratch + v->epilogue_scratch_offset);
}

void bp_convolution_task(const void *arguments, int64_t task, void *scratch) {
  const bp_convolution *v = arguments;
  const int64_t tiles = tiles_of(v), tile = task % tiles, part = task / tiles;
  const int64_t size = v->type == BP_F32 ? 4 : 8;
  char *out = v->out;
  if (bp_convolution_parts(v) > 1) {
    out = (char *)v->partial + part * size * v->rows.kernel * v->columns.kernel *
                                   (v->in_channels / v->groups) * v->out_channels;
  }
  if (v->type == BP_F32) {
    BP_DISPATCH(bp_convolution_f32, v, part, tile, out, scratch);
  } else {
    BP_DISPATCH(bp_convolution_f64, v, part, tile, out, scratch);
  }
  if (v->code == BP_CONVOLVE_WEIGHT_GRADIENT) finish_weights(v, tile, scratch);
}
