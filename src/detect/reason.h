/* The sentence of a verdict. */
#ifndef DETECT_REASON_H
#define DETECT_REASON_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/verdict.h"

/* Fills in verdict->reason from the rest of the verdict. */
void reason_write(const struct metric *metric, const struct baseline *baseline, double value,
                  struct verdict *verdict);

/* Appends ", seen once: an alert if it repeats" and the like to a reason, cut at a whole
 * character when it does not fit. */
void reason_append(struct verdict *verdict, const char *text);

#endif
