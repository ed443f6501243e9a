/* What check and compare say about simulated sets. */
#ifndef BENCH_SETS_H
#define BENCH_SETS_H

#include "../detection/generator.h"

/* A check of many metrics, a window of 20 against a candidate of k each; some became worse. */
struct check_plan {
    double cv;
    size_t runs, metrics, k;
    size_t worse; /* so many metrics, by `step` of their level */
    double step;
    uint64_t seed;
};

struct check_rates {
    double
        runs_with_false_percent; /* of runs in which an unchanged metric is a warning or worse */
    double raw_percent;          /* the same without control of false discoveries */
    double found_percent;        /* of the metrics that became worse */
    double false_share_percent;  /* of all that was called a warning or worse */
};

struct check_rates check_simulate(const struct check_plan *plan);

/* Compares two sets of n with a true shift, `runs` times over all noises. */
struct compare_rates {
    double covered_percent; /* intervals that hold the true shift */
    double regressed_percent, improved_percent, same_percent;
};

struct compare_rates compare_simulate(double cv, size_t n, double step, size_t runs,
                                      uint64_t seed);

#endif
