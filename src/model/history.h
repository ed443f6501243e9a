/* A series over time: `trend METRIC`, and of any numbers: `analyze`. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "model/alert.h"
#include "model/baseline.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/report.h"

#include <stddef.h>

/* A change of level: index of the first value of the new level. */
struct history_point {
    size_t index;
    int64_t time_ns; /* 0: unknown */
    double before, after;
    double change_percent; /* NaN: of 0 */
    double z;
    bool confirmed;
    char good_commit[COMMIT_TEXT_SIZE]; /* "" unknown */
    char bad_commit[COMMIT_TEXT_SIZE];
};

struct history_trend {
    bool enough;
    enum trend_direction direction;
    bool by_step;                 /* it drifts for the worse, but a step inside explains it */
    double slope_per_measurement; /* NaN unless enough; so with the next */
    double change_percent;
    double p;
    char reason[256];
};

/* Change points and trend of a list of values. */
struct history_report {
    char *title;     /* the metric's id, or the file's name */
    bool has_series; /* the four below are filled in */
    struct metric metric;
    struct series series;
    struct baseline baseline;
    struct alert *alerts; /* live ones of the series, owned */
    size_t alert_count;
    double *values;                    /* owned; NaN: a gap */
    int64_t *times_ns;                 /* owned; 0: unknown */
    char (*commits)[COMMIT_TEXT_SIZE]; /* owned; NULL: none known */
    uint64_t *measurements;            /* owned; how many a value is the median of, where a day was
                                          rolled up; NULL: each is one itself */
    size_t day_count;                  /* values that are such days */
    size_t count;
    size_t gap_count;             /* values that are no finite number: left out of every search */
    size_t untimed_count;         /* values without a time, in a table that has times */
    bool sorted;                  /* the times were out of order: indexes count in order of time */
    struct history_point *points; /* owned */
    size_t point_count;
    struct history_trend trend;
    double detectable; /* the smallest step that could have been seen in the newest level, in the
                          unit; infinite: none could; NaN unknown */
};

void history_report_init(struct history_report *report);
void history_report_release(struct history_report *report);

/* Several series of one metric. */
struct history_list {
    struct history_report *reports;
    size_t count;
};

struct history_report *history_list_add(struct history_list *list);
void history_list_release(struct history_list *list);

#endif
