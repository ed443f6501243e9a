/* The verdict on a steady drift, and on a step (STATS.md 6). Pure. */
#ifndef DETECT_TREND_VERDICT_H
#define DETECT_TREND_VERDICT_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/report.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREND_DAYS    30
#define TREND_MINIMUM 10
#define TREND_P       0.01
#define TREND_SURE_P  0.001 /* a series is looked at again and again: an alert asks for more */

struct trend_verdict {
    enum severity severity; /* SEVERITY_WARNING, or SEVERITY_OK */
    enum severity evidence; /* the same where p < TREND_SURE_P: what an alert may open with */
    bool enough;            /* at least TREND_MINIMUM measurements in the window */
    bool by_step;           /* there is a drift, but a step inside the window explains it */
    size_t n;
    double slope_per_measurement; /* Theil–Sen, in the metric's unit; NaN unless enough */
    double slope_per_day;         /* the same line over the days of the window; NaN: one moment */
    double change_percent; /* over the window, of the level it began with; positive is more */
    double p;              /* one-sided for worse, Mann–Kendall; two-sided for `exact` */
    double p_better;       /* one-sided for better; 1 for `exact` */
    int64_t crossing_ns;   /* when the target will be crossed if it goes on; 0: not in sight */
    char reason[256];
};

/* Where the window of the trend begins in a series of ascending times: the first measurement
 * within TREND_DAYS days of the last. */
size_t trend_window(const int64_t *times_ns, size_t count);

/* Doubles of scratch that trend_verdict() needs. */
size_t trend_verdict_scratch(size_t count);

/* Whether there may be a drift for the worse at all: Kendall's test before it is widened for
 * dependence, at a tenth of what the verdict costs. The same scratch. */
bool trend_possible(const struct metric *metric, const double *values, size_t count,
                    double *scratch);

/* Judges `count` measurements, oldest first (those of trend_window()). `step_inside`: a change
 * point lies among them. A warning when p < TREND_P and the change over the window is at least the
 * metric's warning threshold and min_change, for the worse. */
struct trend_verdict trend_verdict(const struct metric *metric, const double *values,
                                   const int64_t *times_ns, size_t count, bool step_inside,
                                   double *scratch);

/* What a verdict that knew of no step becomes when there is one inside the window. */
void trend_explain(const struct metric *metric, struct trend_verdict *verdict);

/* The word for it: worsening where it warns, or would but for a step; improving where the same is
 * true for the better; unknown where there is too little; else stable. */
enum trend_direction trend_direction(const struct metric *metric,
                                     const struct trend_verdict *verdict);

/* How grave a step from level `before` to level `after` with normal score z is: the tree of
 * section 4 with the budget intact at most a warning; SEVERITY_OK for a step to the better or
 * below the warning threshold. Never graver for a smaller z. The sentence goes to `reason` (of
 * `size` bytes), unless that is NULL: it takes longer than all else. */
enum severity step_severity(const struct metric *metric, double before, double after, double z,
                            char *reason, size_t size);

#define STEP_FURTHER_LOOKS_AT 5

/* Whether a step goes further, so that somebody who knows of it is to be told again though it
 * cannot become graver: the median of the newest STEP_FURTHER_LOOKS_AT is at least twice as far,
 * for the worse, from the level before the step as what was told last (told_percent of it), and
 * beyond that by more than 3.5 standard deviations of a single measurement, the spread taken to
 * grow with the level; and each of them is at least 1.75 times as far. `baseline` is the one of
 * the level before; false while it learns, and where nothing (NaN) was told. */
bool step_goes_further(const struct metric *metric, const struct baseline *baseline, double before,
                       double told_percent, const double *newest);

#endif
