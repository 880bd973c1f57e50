/* What the three convolutions have in common before any number is touched: which places of the
 * source meet which places of the kernel, and where in scratch everything lies.
 *
 * Along an axis, the results o, o + phases, o + 2 phases ... meet the same places of the kernel. A
 * result reads the source at base(o) + offset + low, with an offset for each of these places. For a
 * convolution, there is one phase, base(o) = o * stride and the offset of place k is k * dilation.
 * For the gradient of its input, which reads the gradient of the output, there are `stride` phases,
 * and base(o) = (o + before) / stride. */
#ifndef BP_CONVOLUTION_FRAME_H
#define BP_CONVOLUTION_FRAME_H

#include "CKernels.h"
#include "convolution.h"

typedef struct {
  const bp_convolution_axis *axis;
  int32_t transposed;
  int64_t source; /* the source's size */
  int64_t target; /* how many results */
  int64_t phases;
  int64_t low;    /* the place in the source of base 0 and offset 0 */
  int64_t extent; /* one more than the greatest offset */
} convolution_view;

/* A place of the kernel, by its number, and the elements from a result's base to what it meets. */
typedef struct {
  int64_t place, offset;
} convolution_tap;

/* Neighbors in the source that meet neighbors in the packed kernel. */
typedef struct {
  int64_t offset, length;
} convolution_run;

typedef struct {
  convolution_view rows, columns;
  int32_t transposed, is_depthwise, is_narrow, is_copied;
  int64_t source_channels, target_channels;
  int64_t depth, width; /* channels of a group: of the source, and of the result */
  int64_t first, count; /* the tile's part of the result's last axis */
  int64_t strips;       /* of each example */
  int64_t pitch;        /* elements from row to row of the source, or of its padded copy */
  int64_t places;       /* of the kernel */
  int64_t buffer_rows;
  int64_t strip_pixels;
  /* Bytes from the start of scratch. */
  int64_t taps, runs, starts, sources, targets, packed, buffer, gradient, scratch;
} convolution_frame;

static inline int64_t view_base(const convolution_view *view, int64_t o) {
  const bp_convolution_axis *a = view->axis;
  return view->transposed ? (o + a->before) / a->stride : o * a->stride;
}

/* The places of the kernel that results of a phase meet: returns how many there are, and which is
 * the first of them and how far the next is. */
static inline int64_t view_places(const convolution_view *view, int64_t phase, int64_t *first,
                                  int64_t *step) {
  const bp_convolution_axis *a = view->axis;
  *first = 0;
  *step = 1;
  if (!view->transposed) return a->kernel;
  const int64_t rest = (phase + a->before) % a->stride;
  while (*first < a->kernel && *first * a->dilation % a->stride != rest) ++*first;
  if (*first == a->kernel) return 0;
  while (*step * a->dilation % a->stride != 0) ++*step;
  return (a->kernel - 1 - *first) / *step + 1;
}

/* How far from a result's base, in places of the source, it meets place k of the kernel. */
static inline int64_t view_offset(const convolution_view *view, int64_t k) {
  const bp_convolution_axis *a = view->axis;
  return view->transposed ? view->extent - 1 - k * a->dilation / a->stride : k * a->dilation;
}

/* How many results of a phase lie in first ..< end, and the first of them. */
static inline int64_t view_results(const convolution_view *view, int64_t phase, int64_t first,
                                   int64_t end, int64_t *start) {
  const int64_t before = first - phase + view->phases - 1;
  *start = phase + (before > 0 ? before / view->phases : 0) * view->phases;
  return *start < end ? (end - *start + view->phases - 1) / view->phases : 0;
}

/* Everything that follows from sizes, for a tile of the result's last axis. */
void bp_convolution_frame(const bp_convolution *v, int64_t lanes, int64_t tile,
                          convolution_frame *frame);

/* The columns of a panel of the packed kernel that begins at column j, in whole vectors. */
static inline int64_t panel_width(int64_t count, int64_t j, int64_t lanes) {
  return count - j > lanes ? 2 * lanes : lanes;
}

#define CONVOLUTION_LEVEL(level)                                                              \
  int64_t bp_convolution_bytes_##level(void);                                                 \
  void bp_convolution_f32_##level(const bp_convolution *v, int64_t part, int64_t tile,        \
                                  void *out, char *scratch);                                  \
  void bp_convolution_f64_##level(const bp_convolution *v, int64_t part, int64_t tile,        \
                                  void *out, char *scratch);
CONVOLUTION_LEVEL(plain)
#if defined(__x86_64__)
CONVOLUTION_LEVEL(avx2)
CONVOLUTION_LEVEL(avx512)
#endif

#endif
