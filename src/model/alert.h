/* An alert: a verdict that wants a person (STATS.md section 7). */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include "model/measurement.h"
#include "model/metric.h"
#include "model/verdict.h"

enum alert_kind { ALERT_TARGET = 0, ALERT_BASELINE, ALERT_TREND, ALERT_STEP };
#define ALERT_KIND_COUNT 4

/* Muted is not a state of its own in the life but silence over one: an alert with muted_until_ns
 * in the future reads as "muted" where it is shown (alert_shown_state()). */
enum alert_state { ALERT_OPEN = 0, ALERT_ACKNOWLEDGED, ALERT_ACCEPTED, ALERT_RESOLVED };

const char *alert_kind_word(enum alert_kind kind);
bool alert_kind_parse(const char *word, enum alert_kind *kind);
const char *alert_state_word(enum alert_state state);

/* Plain data. */
struct alert {
    int64_t id; /* the store's; 0 before it is stored */
    int64_t series_id;
    enum alert_kind kind;
    enum alert_state state;
    enum severity severity;
    double current_value;
    double expected_value; /* the baseline's centre or the target */
    double deviation_percent;
    double told_percent; /* the same when it opened, came back or escalated; NaN: not known */
    uint32_t occurrences;
    uint32_t good_streak;    /* ok measurements in a row since the last bad one */
    uint32_t since_resolved; /* measurements since it was resolved: reopened within 20 */
    int64_t triggered_ns;
    int64_t last_seen_ns;
    int64_t resolved_ns;         /* 0: not */
    int64_t muted_until_ns;      /* 0: not */
    int64_t good_measurement_id; /* the last good and the first bad one */
    int64_t bad_measurement_id;
    char good_commit[COMMIT_TEXT_SIZE]; /* "" unknown */
    char bad_commit[COMMIT_TEXT_SIZE];
    char reason[256];
    char notes[512];
};

/* The change from what was expected, in percent with its own sign: of a metric that is better
 * higher, a deviation of 20 % is a change of -20 %. */
double alert_change_percent(const struct alert *alert, enum tare_better better);
/* The same of what was told last. */
double alert_told_change(const struct alert *alert, enum tare_better better);

/* "open", "acknowledged", "accepted", "resolved", or "muted". */
const char *alert_shown_state(const struct alert *alert, int64_t now_ns);

enum alert_action {
    ALERT_ACTION_OPENED = 0,
    ALERT_ACTION_REPEATED,
    ALERT_ACTION_ESCALATED,
    ALERT_ACTION_ACKNOWLEDGED,
    ALERT_ACTION_ACCEPTED,
    ALERT_ACTION_RESOLVED,
    ALERT_ACTION_REOPENED,
    ALERT_ACTION_MUTED,
    ALERT_ACTION_UNMUTED,
    ALERT_ACTION_TAKEN_OVER, /* a step alert explains this one */
    ALERT_ACTION_ABSORBED    /* the baseline thawed after its hundred measurements */
};

const char *alert_action_word(enum alert_action action);
bool alert_action_parse(const char *word, enum alert_action *action);

/* One transition, as it is kept for ever. Plain data. */
struct alert_event {
    int64_t id;
    int64_t alert_id;
    int64_t time_ns;
    enum alert_action action;
    enum severity severity;
    double value;
    int64_t measurement_id; /* 0: a person's doing */
    bool notify;            /* worth telling somebody who is not looking */
    bool searched;          /* of kind step and trend: the note is what a search of the history
                               said, and not the verdict on the measurement */
    char who[64];           /* "tare", or the user's name */
    char note[512];
};

/* An alert's time from opening, or reopening, to its end. Plain data; 0: it has not happened. */
struct alert_span {
    int64_t opened_ns;
    int64_t acknowledged_ns; /* by whatever a person did first, closing it included */
    int64_t closed_ns;
    enum alert_state state; /* accepted or resolved when closed */
    bool taken_over;        /* closed because a step alert explains it */
};

#endif
