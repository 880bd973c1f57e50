/* Convolutions: three products of which each is a derivative of the others. Part of CKernels.h. */
#ifndef BP_CONVOLUTION_H
#define BP_CONVOLUTION_H

#include "CKernels.h"
#include "pooling.h"

/* With x [batch, rows.in, columns.in, in_channels], w [rows.kernel, columns.kernel,
 * in_channels / groups, out_channels] and g [batch, rows.out, columns.out, out_channels], the sum
 * T of g[n, r, s, o] x[n, i, j, c] w[k, l, c, o] over all places that belong together: i is
 * r * stride - before + k * dilation, where that is inside x, and likewise j along the columns. */
typedef enum {
  BP_CONVOLVE = 0,             /* out = dT/dg from x and w */
  BP_CONVOLVE_INPUT_GRADIENT,  /* out = dT/dx from g and w */
  BP_CONVOLVE_WEIGHT_GRADIENT, /* out = dT/dw from x and g */
} bp_convolution_code;

#define BP_MOST_TAPS 32

typedef struct {
  int64_t in, out, kernel, stride, dilation, before;
} bp_convolution_axis;

/* A unit of work is a strip of one example's rows: of the result's, or for the weights' gradient of
 * g's. A task does `units_per_task` of them, one after the other, for `tile_width` of the result's
 * last axis: task = part * tiles + tile. A tile narrower than a group's channels is for a single
 * group.
 *
 * The weights' gradient is summed over the units of each task; where there is more than one part,
 * into memory of the part's own, and who comes last adds the parts in their order.
 *
 * When `pooled` is set, g is the result of that gradient of a pooling: disjoint windows over two axes,
 * of at most BP_MOST_TAPS elements each. It is computed as it is needed; there is one group then.
 *
 * When `epilogue` is set, its program runs over each finished strip, or over the weights' finished
 * gradient. */
typedef struct {
  bp_type type; /* BP_F32 or BP_F64 */
  bp_convolution_code code;
  const void *x, *w, *g; /* two of them */
  const bp_window *pooled;
  void *out;
  int64_t batch, in_channels, out_channels, groups;
  bp_convolution_axis rows, columns;
  int64_t strip_rows, units_per_task, tile_width;
  void *partial;    /* for each part a result, where there are several */
  int32_t *arrived; /* for each tile, how many parts are done; zeros between runs */
  const bp_fused *epilogue;
  int64_t epilogue_scratch_offset;
} bp_convolution;

void bp_convolution_task(const void *arguments, int64_t task, void *scratch);
int64_t bp_convolution_tasks(const bp_convolution *arguments);
/* The parts that the weights' gradient is summed in; 1 for the other two. */
int64_t bp_convolution_parts(const bp_convolution *arguments);
/* Bytes of scratch without the epilogue's, a multiple of 64. */
int64_t bp_convolution_scratch(const bp_convolution *arguments);

#endif
