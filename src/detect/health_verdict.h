/* The goals of `health`, and whether they are met. Pure. */
#ifndef DETECT_HEALTH_VERDICT_H
#define DETECT_HEALTH_VERDICT_H

#include "model/health.h"

#define HEALTH_ANSWER_DAYS 7 /* that a person has to answer an alert */

/* What a value was found in. */
struct health_basis {
    uint32_t days;       /* of the window: goals after 30, and after 60 where it is more */
    double history_days; /* of them, those that something is known of */
    double measurements_a_month;
};

/* Holds a value against its goal. It cannot be known yet where the value is NaN, and where a share
 * of what goes on all the time (starts, alerts, drops) is known of less than the window; `why` is
 * left to the caller. The store may grow by 300 kB a month, which 21 metrics and 50 starts a day
 * come to, and by as much more as there are more measurements. */
struct health_criterion health_verdict(enum health_subject subject, double value,
                                       const struct health_basis *basis);

/* Whether a baseline is exact enough to see a change of the size that is warned about. */
bool health_baseline_good(const struct baseline *baseline);

#endif
