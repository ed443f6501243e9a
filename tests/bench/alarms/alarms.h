/* False alarms and delays over many simulated series: the promise of STATS.md 8. */
#ifndef BENCH_ALARMS_H
#define BENCH_ALARMS_H

#include "../detection/generator.h"
#include "course.h"

/* A warning at 10 %, an error at 20 %, a baseline of 20. */
struct alarms_plan {
    enum course_rule rule;
    double cv;     /* standard deviation over level */
    size_t series; /* of each noise */
    size_t length; /* measurements watched in each, after 20 to learn from */
    double step;   /* how much of the level is added from the first watched one on; 0: none */
    uint64_t seed;
};

struct alarms {
    double opened_per_1000;
    double bad_percent, error_percent; /* of the measurements, by themselves */
    double delay_median;               /* measurements; the missed ones count as longest */
    double missed_percent;             /* no alert within 15 */
};

/* One kind of noise. */
struct alarms alarms_of_noise(const struct alarms_plan *plan, enum noise_kind kind);

/* All seven together. */
struct alarms alarms_of_all(const struct alarms_plan *plan);

#endif
