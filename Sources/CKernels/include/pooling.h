/* Poolings, resizing and standardizing: between CKernels.h and pooling.c. */
#ifndef BP_POOLING_H
#define BP_POOLING_H

/* For each row (or column) of the output, the rows (columns) of the input that it is made of:
 * indices[starts[i]] ..< indices[starts[i + 1]], each with how many elements it lies behind the
 * first, and its weight, of the elements' type. */
typedef struct {
  const int64_t *starts, *indices, *offsets;
  const void *weights;
} bp_taps;

typedef enum {
  BP_WINDOW_SUM,      /* out = sum of weight * in, the weight being the product of row's and column's */
  BP_WINDOW_MAX,      /* out = the greatest of in; a NaN counts as the greatest */
  BP_WINDOW_SELECT,   /* out = values where in is the greatest, the first of equal ones */
  BP_WINDOW_GRADIENT  /* out, of in's shape: values, of the windows' shape, added up there */
} bp_window_code;

/* in is [batch, in_rows, in_columns, channels], the windows' shape [batch, out_rows, out_columns,
 * channels]; of three axes between batch and channels the first two are the rows. The tasks split
 * the pixels of the result; those of GRADIENT split batch * channel blocks. When `epilogue` is set,
 * its program runs over what a task has finished. */
typedef struct {
  bp_type type; /* BP_F32 or BP_F64 */
  bp_window_code code;
  const void *in, *values;
  void *out;
  int64_t batch, channels;
  int64_t in_rows, in_columns, out_rows, out_columns;
  bp_taps rows, columns;
  int32_t is_disjoint; /* no element is in two windows */
  int32_t is_complete; /* every element is in a window */
  int64_t channel_block;
  int64_t task_count;
  const bp_fused *epilogue;
} bp_window;
void bp_window_task(const void *arguments, int64_t task, void *scratch);

typedef enum {
  BP_STANDARDIZE,          /* out = (x - mean) / sqrt(variance + epsilon) */
  BP_STANDARDIZE_GRADIENT, /* out = (g - mean g - y mean(g y)) / sqrt(variance + epsilon) */
  BP_VARIANCE              /* out [outer, groups] = the mean of (x - mean)^2 */
} bp_standardize_code;

/* x and g are [outer, rows, groups, width]; mean and variance are over rows and width. The tasks
 * split outer * groups, in tiles of 64 bytes where width is 1. */
typedef struct {
  bp_type type; /* BP_F32 or BP_F64 */
  bp_standardize_code code;
  const void *x, *g;
  void *out;
  double epsilon;
  int64_t outer, rows, groups, width;
  int64_t task_count;
} bp_standardize;
void bp_standardize_task(const void *arguments, int64_t task, void *scratch);

#endif
