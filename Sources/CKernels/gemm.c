/* Matrix products: cutting into tiles, the choice between BLAS and the built-in product, and the
 * epilogue. The arithmetic is in gemm.inc. */
#include "CKernels.h"
#include "gemm_arguments.h"

#include <string.h>

/* The parts of CBLAS's prototypes that matter here; its enumerations are ints. */
typedef void (*sgemm_function)(int layout, int transpose_a, int transpose_b, int m, int n, int k,
                               float alpha, const float *a, int lda, const float *b, int ldb,
                               float beta, float *c, int ldc);
typedef void (*dgemm_function)(int layout, int transpose_a, int transpose_b, int m, int n, int k,
                               double alpha, const double *a, int lda, const double *b, int ldb,
                               double beta, double *c, int ldc);
enum { CBLAS_ROW_MAJOR = 101, CBLAS_NO_TRANSPOSE = 111, CBLAS_TRANSPOSE = 112 };

/* The length of the parts that k is cut into; only the last may be shorter. */
static int64_t piece_length(const bp_gemm *g) {
  if (g->k_pieces <= 1) return g->k;
  return ((g->k + g->k_pieces - 1) / g->k_pieces + 7) / 8 * 8;
}

static gemm_path choose(const bp_gemm *g, const gemm_kernels *kernels) {
  const int64_t rows = least(g->tile_m, g->m), columns = least(g->tile_n, g->n);
  const int64_t k = piece_length(g);
  if (g->packed_b != NULL) return GEMM_PACKED;
  if (is_column(g)) return kernels->choose(1, rows, k, 0, !transposes_a(g));
  return kernels->choose(rows, columns, k, transposes_a(g), transposes_b(g));
}

static void run_blas(const bp_gemm *g, const gemm_tile *t) {
  const int transpose_a = t->transpose_a ? CBLAS_TRANSPOSE : CBLAS_NO_TRANSPOSE;
  const int transpose_b = t->transpose_b ? CBLAS_TRANSPOSE : CBLAS_NO_TRANSPOSE;
  const int m = (int)t->m, n = (int)t->n, k = (int)t->k;
  const int lda = (int)t->lda, ldb = (int)t->ldb, ldc = (int)t->ldc;
  if (g->type == BP_F32) {
    ((sgemm_function)g->blas)(CBLAS_ROW_MAJOR, transpose_a, transpose_b, m, n, k, 1, t->a, lda,
                              t->b, ldb, 0, t->c, ldc);
  } else {
    ((dgemm_function)g->blas)(CBLAS_ROW_MAJOR, transpose_a, transpose_b, m, n, k, 1, t->a, lda,
                              t->b, ldb, 0, t->c, ldc);
  }
}

static void run_built_in(const bp_gemm *g, const gemm_tile *t, const gemm_kernels *kernels) {
  gemm_tile tile = *t;
  if (is_column(g)) {
    tile.a = t->b, tile.b = t->a;
    tile.transpose_a = 0, tile.transpose_b = !t->transpose_a;
    tile.lda = t->k, tile.ldb = t->lda;
    tile.m = 1, tile.n = t->m;
    tile.ldc = t->m;
  }
  kernels->run(&tile);
}

/* A sum over no k at all. */
static void run_empty(const gemm_tile *t, int64_t size) {
  for (int64_t i = 0; i < t->m; i++) {
    memset((char *)t->c + size * i * t->ldc, 0, (size_t)(size * t->n));
  }
}

#define DEFINE_RUN_TINY(name, type)                                                             \
  static inline void name(const bp_gemm *g, int64_t entry, type *c, int64_t ldc) {              \
    const int64_t a_row = g->transpose_a ? 1 : g->lda, a_next = g->transpose_a ? g->lda : 1;    \
    const int64_t b_column = g->transpose_b ? g->ldb : 1, b_next = g->transpose_b ? 1 : g->ldb; \
    const type *a = (const type *)g->a + start_of(g, entry, g->a_strides);                      \
    const type *b = (const type *)g->b + start_of(g, entry, g->b_strides);                      \
    for (int64_t i = 0; i < g->m; i++) {                                                        \
      for (int64_t j = 0; j < g->n; j++) {                                                      \
        const type *x = a + i * a_row, *y = b + j * b_column;                                   \
        type sum = 0;                                                                           \
        _Pragma("clang loop vectorize(disable) unroll(disable)")                                \
        for (int64_t p = 0; p < g->k; p++) sum += x[p * a_next] * y[p * b_next];                \
        c[i * ldc + j] = sum;                                                                   \
      }                                                                                         \
    }                                                                                           \
  }
DEFINE_RUN_TINY(run_tiny_f32, float)
DEFINE_RUN_TINY(run_tiny_f64, double)

/* A whole product of the batch, which is never cut. */
static void run_tiny(const bp_gemm *g, int64_t entry, void *scratch) {
  const int64_t start = start_of(g, entry, g->c_strides), size = g->type == BP_F32 ? 4 : 8;
  const int64_t ldc = g->c != NULL ? g->ldc : g->n;
  void *c = g->c != NULL ? (char *)g->c + size * start : (char *)scratch + g->kept_offset;
  if (g->type == BP_F32) {
    run_tiny_f32(g, entry, c, ldc);
  } else {
    run_tiny_f64(g, entry, c, ldc);
  }
  if (g->epilogue == NULL) return;
  /* Rows without gaps are one. */
  const int is_dense = g->ldc == g->n;
  const int64_t rows = is_dense ? 1 : g->m, columns = is_dense ? g->m * g->n : g->n;
  bp_fused_tile(g->epilogue, start, rows, columns, is_dense ? columns : g->ldc, c,
                is_dense ? columns : ldc, (char *)scratch + g->epilogue_scratch_offset);
}

/* The epilogue of one tile. */
typedef struct {
  const bp_gemm *gemm;
  int64_t ldc;
  int64_t corner; /* the number of the tile's first element in C, batches included */
  void *scratch;
} tile_epilogue;

/* A gemm_after's `finish`. */
static void run_epilogue(const void *context, int64_t row, int64_t rows, int64_t column,
                         int64_t columns, const void *c) {
  const tile_epilogue *tile = context;
  const bp_gemm *g = tile->gemm;
  bp_fused_tile(g->epilogue, tile->corner + row * g->ldc + column, rows, columns, g->ldc, c,
                tile->ldc, (char *)tile->scratch + g->epilogue_scratch_offset);
}

/* What the epilogue reads and writes beside C, from a tile's corner on. */
static gemm_ahead find_ahead(const bp_gemm *g, int64_t corner) {
  const int64_t size = g->type == BP_F32 ? 4 : 8;
  const bp_fused *program = g->epilogue;
  gemm_ahead ahead = {.count = 0, .stride = size * g->ldc};
  for (int i = 0; program != NULL && i < program->register_count; i++) {
    if (program->registers[i].kind != BP_REGISTER_STREAM) continue;
    const char *at = (const char *)program->registers[i].base + size * corner;
    int is_known = 0;
    for (int k = 0; k < ahead.count; k++) is_known |= ahead.at[k] == at;
    if (!is_known && ahead.count < GEMM_MOST_AHEAD) ahead.at[ahead.count++] = at;
  }
  return ahead;
}

#define DEFINE_ADD_PARTS(name, type)                                                            \
  static void name(const bp_gemm *g, int64_t first, int64_t rows, type *restrict c,             \
                   int64_t ldc) {                                                               \
    const int64_t n = g->n, all = g->m * n;                                                     \
    for (int64_t i = first; i < first + rows; i++, c += ldc) {                                  \
      const type *part = (const type *)g->partial + i * n;                                      \
      for (int64_t j = 0; j < n; j++) c[j] = part[j] + part[all + j];                           \
      for (int64_t p = 2; p < g->k_pieces; p++) {                                               \
        for (int64_t j = 0; j < n; j++) c[j] += part[p * all + j];                              \
      }                                                                                         \
    }                                                                                           \
  }
DEFINE_ADD_PARTS(add_parts_f32, float)
DEFINE_ADD_PARTS(add_parts_f64, double)

/* One part of the sums of a tile's columns. */
static void run_part(const bp_gemm *g, int64_t task, void *scratch) {
  const int64_t size = g->type == BP_F32 ? 4 : 8;
  const int64_t column_tiles = (g->n + g->tile_n - 1) / g->tile_n;
  const int64_t piece = task / column_tiles, column = task % column_tiles * g->tile_n;
  const int64_t first = piece * piece_length(g);
  const int transpose_a = transposes_a(g), transpose_b = transposes_b(g);
  const int64_t lda = lda_of(g), ldb = ldb_of(g);
  gemm_tile tile = {
      .transpose_a = transpose_a, .transpose_b = transpose_b, .m = g->m,
      .n = least(g->tile_n, g->n - column), .k = least(piece_length(g), g->k - first),
      .lda = lda, .ldb = ldb, .ldc = g->n, .scratch = scratch};
  tile.a = (const char *)g->a + size * first * (transpose_a ? lda : 1);
  tile.b = (const char *)g->b +
           size * (transpose_b ? column * ldb + first : first * ldb + column);
  tile.c = (char *)g->partial + size * (piece * g->m * g->n + column);
  if (tile.k > 0) {
    const gemm_kernels *kernels = kernels_for(g->type);
    tile.path = choose(g, kernels);
    run_built_in(g, &tile, kernels);
  } else {
    run_empty(&tile, size);
  }
}

/* What is kept of C in scratch, where it does not go to memory. */
typedef struct {
  int64_t rows, columns;
  int64_t stride;
} kept_part;

static kept_part find_kept(const bp_gemm *g) {
  const int64_t size = g->type == BP_F32 ? 4 : 8;
  kept_part kept = {least(g->tile_m, g->m), g->k_pieces > 1 ? g->n : least(g->tile_n, g->n), 0};
  const int is_built_in = g->k > 0 && !(g->blas != NULL && fits_blas(g));
  if (is_built_in && g->k_pieces <= 1 && !is_column(g)) {
    const gemm_kernels *kernels = kernels_for(g->type);
    const int64_t rows = kept.rows, columns = kept.columns;
    kernels->kept(choose(g, kernels), rows, columns, g->k, &kept.rows, &kept.columns);
  }
  /* Rows a multiple of some hundred bytes apart would share few places of the caches. */
  const int64_t apart = kept.columns * size;
  kept.stride = kept.columns + (apart > 0 && apart % 1024 == 0 ? 64 / size : 0);
  return kept;
}

void bp_gemm_task(const void *arguments, int64_t task, void *scratch) {
  const bp_gemm *g = arguments;
  if (is_tiny(g)) {
    run_tiny(g, task, scratch);
    return;
  }
  if (g->k_pieces > 1) {
    run_part(g, task, scratch);
    return;
  }
  int64_t entry = 0, r0 = 0, c0 = 0;
  if (task > 0) {
    const int64_t row_tiles = (g->m + g->tile_m - 1) / g->tile_m;
    const int64_t column_tiles = (g->n + g->tile_n - 1) / g->tile_n;
    const int64_t number = task % (row_tiles * column_tiles);
    entry = task / (row_tiles * column_tiles);
    c0 = number % column_tiles * g->tile_n;
    r0 = number / column_tiles * g->tile_m;
  }
  const int64_t r1 = r0 + least(g->tile_m, g->m - r0), c1 = c0 + least(g->tile_n, g->n - c0);
  if (r1 <= r0 || c1 <= c0) return;

  const int64_t size = g->type == BP_F32 ? 4 : 8;
  const int transpose_a = transposes_a(g), transpose_b = transposes_b(g);
  const int64_t lda = lda_of(g), ldb = ldb_of(g);
  const int64_t corner = start_of(g, entry, g->c_strides) + r0 * g->ldc + c0;
  gemm_tile tile = {
      .transpose_a = transpose_a, .transpose_b = transpose_b, .m = r1 - r0, .n = c1 - c0,
      .k = g->k, .lda = lda, .ldb = ldb, .ldc = g->ldc, .scratch = scratch, .rate = g->rate};
  tile.a = (const char *)g->a + size * (start_of(g, entry, g->a_strides) +
                                        (transpose_a ? r0 : r0 * lda));
  tile.b = (const char *)g->b + size * (start_of(g, entry, g->b_strides) +
                                        (transpose_b ? c0 * ldb : c0));
  int64_t kept_rows = 0;
  if (g->c != NULL) {
    tile.c = (char *)g->c + size * corner;
  } else {
    const kept_part kept = find_kept(g);
    tile.c = (char *)scratch + g->kept_offset;
    tile.ldc = kept.stride;
    kept_rows = kept.rows;
  }
  const tile_epilogue epilogue = {
      .gemm = g, .ldc = tile.ldc, .corner = corner, .scratch = scratch};
  const gemm_after after = {.finish = run_epilogue, .context = &epilogue};
  const gemm_ahead ahead = find_ahead(g, corner);

  if (g->k <= 0) {
    run_empty(&tile, size);
  } else if (g->blas != NULL && fits_blas(g)) {
    run_blas(g, &tile);
  } else {
    const gemm_kernels *kernels = kernels_for(g->type);
    tile.path = choose(g, kernels);
    if (g->packed_b != NULL) {
      tile.packed = g->packed_b;
      tile.packed_columns = packed_columns(g, kernels);
      tile.packed_first = c0;
    }
    if (g->epilogue != NULL && tile.path != GEMM_DOT && !is_column(g)) {
      tile.after = &after;
      tile.ahead = ahead.count > 0 ? &ahead : NULL;
      tile.kept_rows = kept_rows;
    }
    run_built_in(g, &tile, kernels);
  }
  if (g->epilogue != NULL && tile.after == NULL) {
    run_epilogue(&epilogue, 0, tile.m, 0, tile.n, tile.c);
  }
}

void bp_gemm_finish_task(const void *arguments, int64_t task, void *scratch) {
  const bp_gemm *g = arguments;
  const int64_t size = g->type == BP_F32 ? 4 : 8;
  const int64_t first = task * g->finish_m, rows = least(g->finish_m, g->m - first);
  if (rows <= 0) return;
  const int64_t corner = first * g->ldc;
  void *c = (char *)g->c + size * corner;
  int64_t ldc = g->ldc;
  if (g->c == NULL) {
    c = (char *)scratch + g->kept_offset;
    ldc = find_kept(g).stride;
  }
  if (g->type == BP_F32) {
    add_parts_f32(g, first, rows, c, ldc);
  } else {
    add_parts_f64(g, first, rows, c, ldc);
  }
  if (g->epilogue == NULL) return;
  const tile_epilogue epilogue = {.gemm = g, .ldc = ldc, .corner = corner, .scratch = scratch};
  run_epilogue(&epilogue, 0, rows, 0, g->n, c);
}

static int is_folded_step(const bp_fused *program, const bp_step *step) {
  const bp_register *r[4];
  for (int i = 0; i < 4; i++) r[i] = program->registers + step->registers[i];
  return r[0]->kind == BP_REGISTER_STREAM && r[3]->kind == BP_REGISTER_STREAM &&
         r[0]->base == r[3]->base &&
         ((r[1]->kind == BP_REGISTER_TILE && r[2]->kind == BP_REGISTER_SCALAR) ||
          (r[1]->kind == BP_REGISTER_SCALAR && r[2]->kind == BP_REGISTER_TILE));
}

void bp_gemm_fold(bp_gemm *g) {
  const bp_fused *program = g->epilogue;
  if (g->c != NULL || program == NULL || program->step_count != 1) return;
  const bp_step *step = program->steps;
  if (step->composite == NULL || step->register_count != 4 ||
      step->composite != bp_composite_lookup(BP_COMPOSITE_SUBTRACT_PRODUCT, g->type) ||
      !is_folded_step(program, step))
    return;
  if (g->k <= 0 || g->k > GEMM_FOLDABLE_K || g->k_pieces > 1 || is_tiny(g) || is_column(g)) return;
  if (g->blas != NULL && fits_blas(g)) return;
  if (choose(g, kernels_for(g->type)) == GEMM_DOT) return;
  const bp_register *factor = program->registers + step->registers[1];
  if (factor->kind == BP_REGISTER_TILE) factor = program->registers + step->registers[2];
  g->rate = factor->base;
  g->c = program->registers[step->registers[3]].base;
  g->epilogue = NULL;
}

int64_t bp_gemm_columns_read(const bp_gemm *g) {
  if (g->k_pieces <= 1 || g->tile_n < g->n) return 0;
  if (transposes_a(g) || g->lda != g->k || is_column(g)) return 0;
  return piece_length(g);
}

int64_t bp_gemm_kept_scratch(const bp_gemm *g) {
  const int64_t size = g->type == BP_F32 ? 4 : 8;
  if (g->m <= 0 || g->n <= 0) return 0;
  if (is_tiny(g)) return size * g->m * g->n;
  const kept_part kept = find_kept(g);
  return size * kept.rows * kept.stride;
}

int64_t bp_gemm_scratch(const bp_gemm *g) {
  if (g->k <= 0 || g->m <= 0 || g->n <= 0 || is_tiny(g)) return 0;
  if (g->packed_b != NULL || (g->blas != NULL && fits_blas(g))) return 0;
  const gemm_kernels *kernels = kernels_for(g->type);
  const gemm_path path = choose(g, kernels);
  const int64_t rows = least(g->tile_m, g->m), columns = least(g->tile_n, g->n);
  if (is_column(g)) return kernels->scratch(path, 1, rows, piece_length(g));
  return kernels->scratch(path, rows, columns, piece_length(g));
}
