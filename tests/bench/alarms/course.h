/* A simulated series on its way through baseline, verdict, evidence and alerts. */
#ifndef BENCH_COURSE_H
#define BENCH_COURSE_H

#include "model/metric.h"

#include <stddef.h>

enum course_rule {
    COURSE_TARE = 0, /* verdict, evidence, alert life */
    COURSE_TREE,     /* control: every verdict above info opens an alert */
    COURSE_SCORE,    /* control: mean and standard deviation of the last 20, three sigma */
    COURSE_RULES
};

const char *course_rule_word(enum course_rule rule);

struct course_result {
    size_t measurements; /* watched */
    size_t opened;       /* alerts opened or reopened among them */
    size_t bad;          /* a warning or worse by itself */
    size_t errors;       /* an error or worse by itself */
    size_t delay; /* measurements from the first watched one until an alert stands; 0: none */
};

/* Lets `n` values pass one by one; those from `watch` on are counted and added to *result. */
void course_run(enum course_rule rule, const struct metric *metric, const double *values, size_t n,
                size_t watch, struct course_result *result);

#endif
