/* What comes and goes: nights and weekends, another machine load, a second mode that stays a
 * while. Pure. */
#ifndef DETECT_RECURRENCE_H
#define DETECT_RECURRENCE_H

#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the newest of `count` measurements, oldest first, belong to a stretch that is no news:
 * at least two before it were as long as it is by now, and at least 0.8 times as bad on the mean,
 * and each ended by itself. It is news again as soon as it lasts longer than they did, or is
 * worse.
 *
 * A stretch is of measurements that are worse than the reference by more than what is spared;
 * three good ones in a row end it. NaN is passed over. */
bool recurrence_found(const struct metric *metric, double reference, const double *values,
                      size_t count);

#endif
