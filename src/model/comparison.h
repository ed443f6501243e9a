/* What came out of holding sets of measurements against each other: `compare`, `check`. */
#ifndef MODEL_COMPARISON_H
#define MODEL_COMPARISON_H

#include "model/baseline.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/verdict.h"

#include <stddef.h>

/* One series in a comparison. Percentages are of A's median, plain: positive is more. */
struct comparison_row {
    struct metric metric;
    struct series series;
    size_t a_n, b_n;
    double a_median, b_median;
    double change_percent, low_percent, high_percent, p; /* NaN: nothing to say */
    const char *change; /* "improved", "regressed", "same", "inconclusive"; static */
    bool of_samples;    /* the sets are samples: there were too few measurements */
    char reason[256];
};

struct comparison_report {
    char *a, *b;                 /* as the user named them */
    struct comparison_row *rows; /* regressed first, then improved, inconclusive, same */
    size_t count;
    size_t improved, regressed, same, inconclusive;
};

void comparison_report_release(struct comparison_report *report);
struct comparison_row *comparison_report_add(struct comparison_report *report);

enum check_result { CHECK_PASS = 0, CHECK_FAIL, CHECK_INSUFFICIENT };

const char *check_result_word(enum check_result result);

struct check_row {
    struct metric metric;
    struct series series;
    bool conclusive;
    bool gates; /* its verdict decides about pass and fail */
    size_t n;   /* of the candidate */
    double value;
    double change_percent;
    double p_adjusted;
    struct baseline baseline;
    struct verdict verdict;
};

struct check_report {
    enum check_result result;
    enum severity fail_on;
    bool selftest;   /* the candidate was made worse on purpose */
    char *candidate; /* "commit 1a2b3c4", "session …" */
    char *base;
    struct check_row *rows; /* worst first */
    size_t count;
    size_t tests;
    double false_discovery_rate;
};

void check_report_init(struct check_report *report);
void check_report_release(struct check_report *report);
struct check_row *check_report_add(struct check_report *report);

#endif
