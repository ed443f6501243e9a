/* Reports: what a use case of app/ found out, ready to be shown. Renderers read them and compute
 * nothing. Every report has a release; strings are owned unless said otherwise. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "model/alert.h"
#include "model/baseline.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/session.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

#define REPORT_RECENT 8

/* One metric of a session. */
struct status_metric {
    struct metric metric;
    int64_t series_id;
    uint64_t n; /* samples behind `value` */
    double value;
    bool final; /* false: the session, or its window, goes on */
    struct baseline baseline;
    struct verdict verdict;
    double recent[REPORT_RECENT]; /* last values of the series, oldest first, `value` the last */
    uint32_t recent_count;
    int64_t alert_id; /* the live alert of the series, 0: none */
};

enum trend_direction { TREND_UNKNOWN = 0, TREND_IMPROVING, TREND_STABLE, TREND_WORSENING };

const char *trend_direction_word(enum trend_direction direction);

/* The start-up summary. */
struct status_report {
    char *app; /* NULL: the store has no session */
    bool has_session;
    bool live;     /* read from a running program, not from the store */
    bool filtered; /* with no session: there are others, which were not asked for */
    struct session session;
    struct status_metric *metrics; /* core first, then secondary, then custom */
    size_t metric_count;
    double index; /* 0 … 100; NaN without core metrics that have data */
    char **warnings;
    size_t warning_count;
    enum trend_direction trend;
    double trend_percent; /* against the median of the window; negative is better; NaN unknown */
    uint32_t trend_days;
    size_t alerts_live;         /* of this app */
    size_t alerts_open;         /* of them those that nobody has seen and no warning names */
    enum severity alerts_worst; /* of those */
};

void status_report_init(struct status_report *report);
void status_report_release(struct status_report *report);

/* Appends an empty metric; appends a warning (copied). NULL, false: no memory. */
struct status_metric *status_report_metric_add(struct status_report *report);
bool status_report_warning_add(struct status_report *report, const char *text);

/* The performance index of what is in `metrics` (DESIGN.md section 7). */
double status_report_index(const struct status_report *report);

/* Puts the metrics in order, fills in the index, and a warning for each verdict that is one.
 * False: no memory. */
bool status_report_conclude(struct status_report *report);

/* Alerts with what a person needs to place them. */
struct alert_row {
    struct alert alert;
    struct metric metric;
    struct series series;
    struct alert_event *events; /* only where asked for */
    size_t event_count;
};

struct alert_report {
    struct alert_row *rows;
    size_t count;
    size_t over;    /* with no rows: how many there are that are accepted or resolved */
    int64_t now_ns; /* what "muted" is held against */
};

void alert_report_init(struct alert_report *report);
void alert_report_release(struct alert_report *report);
struct alert_row *alert_report_add(struct alert_report *report);

/* The commit at which more than half of the live alerts begin, where there are at least
 * ALERT_CROWD that do, and how many: then one cause, the machine perhaps, is likelier than as
 * many. NULL: none. */
#define ALERT_CROWD 5
const char *alert_report_shared_commit(const struct alert_report *report, size_t *count);

struct session_report {
    struct session *sessions; /* newest first */
    size_t *measurements;     /* of each */
    size_t count;
};

void session_report_release(struct session_report *report);

struct metric_row {
    struct metric metric;
    size_t series_count;
    int64_t last_ns; /* 0: no data yet */
    double last_value;
};

struct metric_report {
    struct metric_row *rows;
    size_t count;
};

void metric_report_release(struct metric_report *report);

/* The standing baselines. */
struct baseline_row {
    struct series series;
    struct metric metric;
    struct baseline_standing standing;
};

struct baseline_report {
    struct baseline_row *rows;
    size_t count;
};

void baseline_report_release(struct baseline_report *report);

/* A verdict replayed from what is stored. */
struct explain_report {
    struct alert_row row;
    struct measurement measurement;
    struct baseline baseline;   /* as it was when the verdict was passed */
    struct measurement *window; /* the measurements it was computed from, oldest first */
    size_t window_count;
    struct verdict stored;
    struct verdict replayed;
    bool same; /* the two agree bit for bit */
    /* Of a step or trend alert, what the search over the history says of it again; "" otherwise.
     */
    char level_stored[256];
    char level_replayed[256];
};

void explain_report_init(struct explain_report *report);
void explain_report_release(struct explain_report *report);

enum finding_level { FINDING_OK = 0, FINDING_NOTE, FINDING_PROBLEM };

/* What `doctor` found: one line each. */
struct finding {
    enum finding_level level;
    char *what;
    char *remedy; /* NULL: none needed */
};

struct doctor_report {
    struct finding *findings;
    size_t count;
};

void doctor_report_release(struct doctor_report *report);

/* Appends a finding; the texts are copied. False: no memory. */
bool doctor_report_add(struct doctor_report *report, enum finding_level level, const char *what,
                       const char *remedy);

#endif
