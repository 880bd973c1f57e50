/* Right matrices that several products have in common, brought into the products' order once. */
#include "gemm_arguments.h"

enum { COLUMNS_A_TASK = 128 }; /* a multiple of every panel's */
enum { FEW_ROWS = 8 };         /* fewer are multiplied by more columns at a time than a panel has */

int64_t bp_gemm_packed_size(const bp_gemm *g) {
  if (g->m <= 0 || g->n <= 0 || g->k <= 0 || is_tiny(g) || is_column(g)) return 0;
  if (g->batch_rank > 0 || g->k_pieces > 1 || (g->blas != NULL && fits_blas(g))) return 0;
  if (least(g->tile_m, g->m) < FEW_ROWS) return 0;
  const gemm_kernels *kernels = kernels_for(g->type);
  if (g->tile_n < g->n && g->tile_n % kernels->panel != 0) return 0;
  return (g->type == BP_F32 ? 4 : 8) * g->k * packed_columns(g, kernels);
}

int64_t bp_gemm_pack_tasks(const bp_gemm *g) { return (g->n + COLUMNS_A_TASK - 1) / COLUMNS_A_TASK; }

void bp_gemm_pack_task(const void *arguments, int64_t task, void *scratch) {
  const bp_gemm *g = arguments;
  const gemm_kernels *kernels = kernels_for(g->type);
  const int64_t size = g->type == BP_F32 ? 4 : 8, first = task * COLUMNS_A_TASK;
  const int transpose_b = transposes_b(g);
  gemm_tile tile = {.transpose_b = transpose_b, .n = least(COLUMNS_A_TASK, g->n - first),
                    .k = g->k, .ldb = ldb_of(g), .packed_first = first,
                    .packed_columns = packed_columns(g, kernels)};
  (void)scratch;
  tile.b = (const char *)g->b + size * (transpose_b ? first * tile.ldb : first);
  kernels->pack(&tile, g->packed_b);
}
