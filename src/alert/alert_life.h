/* The life of an alert: states, what happens to it, and what follows (STATS.md 7). Pure: nothing
 * is stored, sent or timed here; every function takes the time and returns what to keep.
 *
 * The table in alert_life.c is the whole of it. Only open, escalate, resolve and reopen ask for a
 * notice, and none does while the alert is muted. */
#ifndef ALERT_ALERT_LIFE_H
#define ALERT_ALERT_LIFE_H

#include "base/error.h"
#include "model/alert.h"

#include <stdbool.h>

#define ALERT_GOOD_TO_RESOLVE  3  /* measurements in a row with verdict ok, at least */
#define ALERT_REOPENED_WITHIN  20 /* measurements since it was resolved */
#define ALERT_REPEATS_RECORDED 10 /* so many repeats each get an event, then every tenth */

/* What one measurement says to the alert of one kind of its series. */
struct alert_sign {
    bool judged;        /* false: it says nothing (no target, no baseline); the alert rests */
    enum severity seen; /* this measurement by itself: decides about good streaks and repeats */
    enum severity evidence; /* what detect/evidence.h supports: warning or worse opens or
                               escalates; SEVERITY_OK: not enough */
    bool doubtful;          /* ok, but not surely over: good, and resolves nothing yet; or graver
                               than the alert, but not surely: a repeat, and no escalation */
    bool further;           /* of a step that cannot become graver: it goes on to twice as far as
                               was told, which escalates all the same */
    double expected;        /* the target, the baseline's centre, the level before the step */
    double deviation_percent;
    const char *reason;          /* borrowed; not NULL */
    bool searched;               /* what it says comes from a search of the history */
    int64_t good_measurement_id; /* the last good one and the first bad one; 0 unknown */
    int64_t bad_measurement_id;
    const char *good_commit; /* borrowed; NULL or "": unknown */
    const char *bad_commit;
};

/* The measurement itself. */
struct alert_occasion {
    int64_t series_id;
    int64_t measurement_id;
    int64_t time_ns;
    double value;
};

/* Takes one sign. `alert` is the newest alert of its series and kind, or one made by alert_none();
 * it is changed in place. When a new alert opens (there was none, or it was accepted, or resolved
 * more than ALERT_REOPENED_WITHIN measurements ago), alert->id is 0 afterwards: store it as a
 * new one, the old one stays as it was. True when `event` was filled in and is to be kept
 * (event->alert_id is the caller's to fill in when alert->id is 0). The alert itself is always to
 * be stored: its counters move without an event. */
bool alert_take(struct alert *alert, const struct alert_sign *sign,
                const struct alert_occasion *occasion, struct alert_event *event);

/* Another measurement of the series came, whether or not it says anything to this kind: before
 * alert_take(). True when that changed something. */
bool alert_age(struct alert *alert);

/* No alert yet: what alert_take() starts from. */
struct alert alert_none(int64_t series_id, enum alert_kind kind);

/* Whether there is one at all; whether it wants a person: open or acknowledged. */
bool alert_exists(const struct alert *alert);
bool alert_is_live(const struct alert *alert);

/* Whether a sign would escalate it, unless in doubt. */
bool alert_is_graver(const struct alert *alert, const struct alert_sign *sign);

/* What a person, or the program in their place, does to it. */
enum alert_order {
    ALERT_ORDER_ACKNOWLEDGE = 0, /* seen: stays, no more notices unless it escalates */
    ALERT_ORDER_ACCEPT,          /* the new normal: the caller restarts the baseline behind
                                    good_measurement_id (baseline_restart) */
    ALERT_ORDER_RESOLVE,         /* by hand */
    ALERT_ORDER_MUTE,            /* silent until `until_ns` */
    ALERT_ORDER_UNMUTE,
    ALERT_ORDER_TAKE_OVER, /* a step alert explains it: see alert_series_take() */
    ALERT_ORDER_ABSORB     /* the baseline took the step in (BASELINE_ABSORBED) */
};

struct alert_command {
    enum alert_order order;
    const char *who;  /* "tare" or a user's name; not NULL */
    const char *note; /* NULL: none; else it is appended to the alert's notes too */
    int64_t now_ns;
    int64_t until_ns; /* for mute: after now_ns */
};

/* Carries it out. TARE_E_USAGE when the alert is not in a state for it, or a mute ends before it
 * begins: alert and event are untouched then. */
enum tare_status alert_obey(struct alert *alert, const struct alert_command *command,
                            struct alert_event *event, struct tare_error *error);

#endif
