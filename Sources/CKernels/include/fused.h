/* Chains of maps and composites in one pass. Part of CKernels.h. */
#ifndef BP_FUSED_H
#define BP_FUSED_H

/* ---- Blocks that stay in the first-level cache ---- */

typedef enum {
  BP_REGISTER_STREAM,  /* element i lies at base + i * size */
  BP_REGISTER_SCALAR,  /* one value at base, repeated */
  BP_REGISTER_STRIDED, /* a broadcast operand: read by strides into a scratch block */
  BP_REGISTER_SCRATCH, /* an intermediate value that never reaches memory */
  BP_REGISTER_TILE     /* rows of the thread's own, given to bp_fused_tile; one such at most */
} bp_register_kind;

typedef struct {
  bp_register_kind kind;
  int32_t slot;    /* the scratch block of a SCALAR, STRIDED or SCRATCH register */
  void *base;
  int32_t rank;    /* STRIDED: the sizes iterated over, outermost first, and element strides */
  int64_t sizes[BP_MAX_RANK];
  int64_t strides[BP_MAX_RANK];
} bp_register;

/* A map, or a composite. */
typedef struct {
  bp_map map;
  bp_composite composite; /* set where there is no map */
  /* Register numbers. A map's are a, b, c and out, -1 where absent; a composite's are in its
   * order. */
  int32_t registers[BP_MAX_OPERANDS];
  int32_t register_count;
  double given[BP_MAX_GIVEN]; /* a map's parameter, or what is given to the composite */
} bp_step;

typedef struct {
  bp_type type;
  int64_t count;         /* elements in all */
  int64_t block;         /* elements a block */
  int64_t per_task;      /* elements a task */
  int32_t register_count, step_count, slot_count;
  const bp_register *registers;
  const bp_step *steps;
} bp_fused;

#define BP_MAX_REGISTERS 64

/* Runs `rows` runs of `columns` elements, the first from element `start` on, each `row_length`
 * elements behind the one before. The program needs slot_count blocks of scratch, each rounded up
 * to 64 bytes. */
void bp_fused_rows(const bp_fused *program, int64_t start, int64_t rows, int64_t columns,
                   int64_t row_length, void *scratch);
/* The same where a register is a BP_REGISTER_TILE: its runs begin at `tile`, each `tile_stride`
 * elements behind the one before. */
void bp_fused_tile(const bp_fused *program, int64_t start, int64_t rows, int64_t columns,
                   int64_t row_length, const void *tile, int64_t tile_stride, void *scratch);
/* A bp_task_function over a bp_fused. */
void bp_fused_task(const void *arguments, int64_t task, void *scratch);

/* ---- So few elements that a vector holds them ---- */

/* out[l] = sum over p of a[left(p, l)] * b[right(p, l)], each product and sum rounded, p ascending: a
 * matrix product as whole vectors. `lanes` holds, for each p, the left numbers of a vector's lanes and
 * then the right ones, as integers of the elements' size. */
typedef struct {
  int64_t terms;
  const void *lanes;
} bp_short_product;
/* What a level does with whole vectors: a product of at[0] and at[1] to at[2], one number to all lanes,
 * and n neighbors, in a whole vector. */
typedef struct {
  void (*product)(const bp_short_product *product, void *const *at);
  void (*number)(const void *in, void *out);
  void (*neighbors)(const void *in, void *out, int64_t n);
} bp_short_functions;
/* NULL at levels whose vectors' lanes cannot be picked by number. */
const bp_short_functions *bp_short_lookup(bp_type type);

/* One of a map, a composite, a product, and an operand whose n elements are brought to at[0]. */
typedef struct {
  bp_map map;
  bp_composite composite;
  bp_short_product product; /* where `lanes` is set */
  const bp_register *operand; /* a STREAM, SCALAR or STRIDED */
  int64_t n;
  void *at[BP_MAX_OPERANDS]; /* a map's a, b, c and out; a composite's in its order */
  double given[BP_MAX_GIVEN];
} bp_short_step;

/* A kernel's only task, where there is one, then the steps. All addresses are fixed, and every value has
 * room for a widest vector, so that the steps go through whole vectors: where few elements are all
 * there is, reading and writing parts of vectors takes longer than computing. */
typedef struct {
  bp_task_function before;
  const void *arguments;
  bp_type type;
  int32_t step_count;
  const bp_short_step *steps;
  const bp_short_functions *functions; /* of the type; may be NULL where there are no products */
} bp_short;
/* Bytes of a value's room. */
enum { BP_SHORT_ROOM = 64 };
/* A bp_task_function over a bp_short, of one task. */
void bp_short_task(const void *arguments, int64_t task, void *scratch);

#endif
