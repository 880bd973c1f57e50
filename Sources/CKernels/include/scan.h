/* Recurrences over steps in which each state takes up those just before it: part of CKernels.h,
 * and of scan.c. */
#ifndef BP_SCAN_H
#define BP_SCAN_H

typedef enum {
  BP_SCAN_LOG,  /* out(t, s) = in(t, s) + ln of the sum of e^out(t-1, s), e^out(t-1, s-1) and
                 * e^(out(t-1, s-2) + skip(s)); out(0, s) = in(0, s) + start(s) */
  BP_SCAN_BAND, /* out(t, s) = in(t, s) + sum over j of factors(j, t, s) * out(t-1, s-j) */
  BP_SCAN_BACK  /* its adjoint, from the last step to the first */
} bp_scan_code;

/* in and out are [batch, steps, states], start and skip [batch, states], factors
 * [3, batch, steps, states]. The tasks share the batch. LOG needs scratch: see bp_scan_scratch. */
typedef struct {
  bp_type type; /* BP_F32 or BP_F64 */
  bp_scan_code code;
  const void *in, *start, *skip, *factors;
  void *out;
  int64_t batch, steps, states;
  int64_t task_count;
} bp_scan;
void bp_scan_task(const void *arguments, int64_t task, void *scratch);
/* Bytes of scratch that a scan needs. */
int64_t bp_scan_scratch(const bp_scan *arguments);

#endif
