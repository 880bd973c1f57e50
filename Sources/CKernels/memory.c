/* Memory that is free but still this process's. */
#include "CKernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void bp_return_free_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
