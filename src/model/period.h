/* The detailed report: what was measured in some days, and in as many days before them. */
#ifndef MODEL_PERIOD_H
#define MODEL_PERIOD_H

#include "model/history.h"
#include "model/report.h"
#include "model/watch.h"

#include <stddef.h>
#include <stdint.h>

#define PERIOD_SPARK   14 /* at most so many marks in a line of text */
#define PERIOD_SLOWEST 5  /* sessions */

/* Numbers of some values; NaN without any. n, min, max and mean are exact; quantiles of type 7,
 * within 1 % where `approximate`: rolled-up days, or more values than are kept one by one. */
struct period_numbers {
    uint64_t n;
    double min, max, mean, median, p95, p99;
    bool approximate;
};

/* One mark on a chart. n = 0: nothing was measured, the rest is NaN. */
struct period_slot {
    int64_t start_ns;
    uint64_t n; /* measurements */
    double median, min, max;
};

struct period_change {
    double percent; /* Hodges–Lehmann shift from the period before, of its median; NaN: none */
    double low_percent, high_percent; /* its 95 % interval; NaN: too few for one */
    double p;
    const char *word; /* "improved", "regressed", "same", "inconclusive"; static */
    char reason[256];
};

/* A series that was measured in the period or in the one before. */
struct period_row {
    /* metric, series, baseline as it stands; and, over the last days, values (of the measurements,
     * or medians of days: `of_days`), change points and trend. */
    struct history_report course;
    bool of_days;
    struct period_numbers values;       /* of the measurements */
    struct period_numbers observations; /* of the single observations in them */
    struct period_numbers before;       /* of the measurements of the period before */
    double p95;      /* what the metric's 95th percentile is: of the observations where its value
                        is a level of them, else of the measurements */
    uint64_t failed; /* failed observations */
    size_t rolled_up, rolled_up_before; /* days of the two periods that are rolled up */
    struct period_change change;
    struct watch watch;        /* WATCH_NONE: it is not on the watch list */
    struct period_slot *slots; /* all of the period, in equal parts; owned */
    size_t slot_count;
    double spark[PERIOD_SPARK]; /* the same, coarser; NaN: a gap */
    size_t spark_count;
    size_t alerts_opened, alerts_resolved, alerts_live;
};

/* An alert that was open at some time in the period. */
struct period_alert {
    struct alert_row row;   /* its fields as they are now */
    struct alert_span span; /* the last time that it stood open, as known at the period's end */
    bool opened, closed;    /* within the period */
};

/* A session whose times were above the usual. */
struct period_slow {
    struct session session;
    double percent; /* weighted mean of how much slower than the series' medians */
    size_t row;     /* where it was slowest, in `rows` */
    double value;   /* what it took there */
    double value_percent;
    size_t metrics; /* how many were looked at */
};

struct period_commit {
    char commit[COMMIT_TEXT_SIZE];
    size_t sessions;
    int64_t first_ns;
};

struct period_sessions {
    size_t total, ok, failed, crashed, running;
    uint64_t dropped, condensed;   /* samples */
    struct period_commit *commits; /* oldest first; owned */
    size_t commit_count;
    struct period_slow *slowest; /* the slowest first; owned */
    size_t slowest_count;
    bool rolled_up; /* days of the period are rolled up: their sessions are not counted */
};

/* A metric that is defined and has no measurement in the period. */
struct period_gap {
    struct metric metric;
    const char *origin; /* "tare.yml", "store", "catalogue"; static */
    int64_t last_ns;    /* its newest measurement before the end of the period; 0: never */
};

struct period_report {
    uint32_t days;
    int64_t since_ns, until_ns;                /* until: the moment before which everything is */
    int64_t before_ns;                         /* where the period before begins */
    char *app, *environment, *branch, *labels; /* what it was narrowed to; NULL: not */
    struct period_row *rows; /* core, secondary, custom; then by id, app, environment, labels */
    size_t row_count;
    size_t improved, regressed, same, inconclusive;
    size_t too_few;  /* of the inconclusive: too few measurements, or none, on one side */
    size_t *watched; /* rows: active, improving, fixed; the worst first; owned */
    size_t watched_count;
    struct period_alert *alerts; /* open ones, the worst first; then those closed last */
    size_t alert_count;
    size_t alerts_opened, alerts_resolved, alerts_live;
    struct period_sessions sessions;
    struct period_gap *gaps; /* core first */
    size_t gap_count;
    bool several_apps, several_environments; /* so that rows have to say which */
    size_t rolled_up_left_out; /* days that know no branch, where one was asked for */
};

void period_report_init(struct period_report *report);
void period_report_release(struct period_report *report);

/* Append an initialised element. NULL: no memory. */
struct period_row *period_row_add(struct period_report *report);
struct period_alert *period_alert_add(struct period_report *report);
struct period_gap *period_gap_add(struct period_report *report);
struct period_slow *period_slow_add(struct period_sessions *sessions);

#endif
