/* The sentence of a verdict. */
#ifndef DETECT_REASON_H
#define DETECT_REASON_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/verdict.h"

/* Fills in verdict->reason from the rest of the verdict. */
void reason_write(const struct metric *metric, const struct baseline *baseline, double value,
                  struct verdict *verdict);

/* The same for the median of a set of n that was held against the baseline's window; verdict->z is
 * that of the rank test and deviation_baseline_percent the shift. */
void reason_write_set(const struct metric *metric, const struct baseline *baseline, double median,
                      size_t n, struct verdict *verdict);

/* Appends to a reason, cut at a whole character when it does not fit. */
void reason_append(struct verdict *verdict, const char *text);

#endif
