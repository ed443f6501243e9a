/* A series, and the measurements it consists of. */
#ifndef MODEL_MEASUREMENT_H
#define MODEL_MEASUREMENT_H

#include "model/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMMIT_TEXT_SIZE 65 /* SHA-1 or SHA-256 in hexadecimal */

/* The measurements of one metric under one app, environment, temperature and label set. */
struct series {
    int64_t id;
    char *metric_id; /* owned, as are the others */
    char *app;
    char *environment; /* environment.key */
    char *labels;      /* canonical; "" for none */
    enum session_temperature temperature;
};

void series_init(struct series *series);
void series_release(struct series *series);

/* One session's (or window's) summary of a metric. Plain data: copies freely. `value` is the
 * metric's aggregate. With n = 0 only `failed` means something, and `value` is NaN unless the
 * aggregate is a rate or a count. */
struct measurement {
    int64_t id; /* the store's; 0 before it is stored */
    int64_t series_id;
    char session_id[UUID_TEXT_SIZE];
    int64_t time_ns;         /* of the last observation */
    int64_t window_start_ns; /* tells the windows of one session apart */
    uint64_t n;
    uint64_t failed;
    double value, min, max, mean, p50, p95, p99;
    /* of its session: */
    enum session_outcome outcome;
    bool final;    /* the session has ended, or the window is complete */
    bool excluded; /* marked by a person: never enters a baseline */
    bool dirty;
    char commit[COMMIT_TEXT_SIZE]; /* "" unknown */
    char branch[128];              /* "" unknown; cut to fit */
};

/* Whether a measurement may enter a baseline: ok or running, not excluded, with a value. */
bool measurement_counts(const struct measurement *measurement);

#endif
