/* One series on its way through detection, in memory: each measurement in order of time is held
 * against target and baseline, evidence is weighed, steps and drifts are looked for, the alerts
 * take it all, and the baseline moves on. Where there is a base branch, measurements of others
 * pass a verdict and change nothing else. Whoever feeds it keeps what comes out (judge.c the
 * store). */
#ifndef APP_COURSE_H
#define APP_COURSE_H

#include "alert/alert_series.h"
#include "baseline/baseline_standing.h"
#include "detect/evidence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many measurements back anything is looked at; there is room for half as many more, so that
 * they move only now and then. */
#define COURSE_KEPT 200
#define COURSE_ROOM (COURSE_KEPT + COURSE_KEPT / 2)

/* The newest measurements that a baseline may stand on, oldest first, since the series was
 * accepted or reset last, with what evidence remembers of the verdict on each. */
struct course_history {
    int64_t ids[COURSE_ROOM], times_ns[COURSE_ROOM];
    double values[COURSE_ROOM];
    struct evidence_point points[COURSE_ROOM];
    size_t count;
};

void course_history_add(struct course_history *history, int64_t id, int64_t time_ns, double value,
                        const struct evidence_point *point);
/* The newest of a number of them: where they begin, and how many there are. */
size_t course_history_first(const struct course_history *history, size_t most);

/* What detection needs of a measurement. */
struct course_measurement {
    int64_t id, time_ns;
    double value;
    bool counts;   /* measurement_counts() */
    bool admitted; /* baseline_admits() */
};

struct course {
    int64_t series_id;
    struct metric metric;      /* owned */
    struct baseline_rule rule; /* borrows its strings */
    struct baseline_standing standing;
    struct alert_series alerts;
    bool unsaved[ALERT_KIND_COUNT]; /* alerts that moved since the sink took them */
    struct course_history history;
    struct baseline_value *admitted; /* owned; the newest that a baseline may stand on */
    size_t admitted_count;
};

/* What the sentence of a verdict is made of. It takes longer than all else, so that whoever keeps
 * it has it written. */
struct course_words {
    const struct metric *metric;
    const struct baseline *baseline;
    double value;
    const struct evidence *pending; /* to be noted; NULL: nothing */
};

void course_words_write(const struct course_words *words, struct verdict *verdict);

/* Where things go; all are called in order of time. */
struct course_sink {
    void *context;
    /* The reason is not written yet. */
    enum tare_status (*verdict)(void *context, int64_t measurement_id, struct verdict *verdict,
                                const struct course_words *words, struct tare_error *error);
    /* Keeps an alert, and gives a new one its id. */
    enum tare_status (*alert)(void *context, struct alert *alert, struct tare_error *error);
    enum tare_status (*event)(void *context, struct alert_event *event, struct tare_error *error);
    /* The commit of a measurement; "" unknown. */
    enum tare_status (*commit)(void *context, int64_t measurement_id,
                               char commit[COMMIT_TEXT_SIZE], struct tare_error *error);
};

struct level_scratch;

/* A series that has no history yet. `metric` is copied. Release it whatever comes back. */
enum tare_status course_init(struct course *course, int64_t series_id, const struct metric *metric,
                             const struct baseline_rule *rule, struct tare_error *error);
void course_release(struct course *course);

/* Brings a measurement of before back to mind, with the verdict that was passed on it. */
void course_recall(struct course *course, const struct course_measurement *measurement,
                   const struct verdict *verdict);

/* Takes the next one: what follows from it is of its time, whenever that was. One that came late
 * is taken behind those that were judged before it. The alerts come to
 * the sink when something happens to them, and by course_finish() as they stand then. */
enum tare_status course_take(struct course *course, const struct course_measurement *measurement,
                             struct level_scratch *scratch, const struct course_sink *sink,
                             struct tare_error *error);
enum tare_status course_finish(struct course *course, const struct course_sink *sink,
                               struct tare_error *error);

/* Whether a measurement stands at or before the newest one that was judged. */
bool course_is_judged(const struct course *course, int64_t id, int64_t time_ns);

#endif
