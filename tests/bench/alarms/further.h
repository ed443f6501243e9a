/* Steps that were told and stay, or go on: how often they are told again (step_goes_further()). */
#ifndef BENCH_FURTHER_H
#define BENCH_FURTHER_H

#include <stddef.h>
#include <stdint.h>

struct further_plan {
    double cv;         /* standard deviation over level, before and after */
    size_t series;     /* of each noise */
    double step;       /* of the level: what was told */
    double goes_on_to; /* the level after that, 30 measurements later; as `step`: it stays */
    uint64_t seed;
};

struct further {
    double told_percent;  /* of the series, within the 100 measurements that a baseline is frozen;
                             where it goes on, before it does */
    double found_percent; /* within 15 measurements of going on */
    double delay_median;  /* of those found */
};

struct further further_simulate(const struct further_plan *plan);

#endif
