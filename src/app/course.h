/* One series on its way through detection: what judge.c and level.c share. */
#ifndef APP_COURSE_H
#define APP_COURSE_H

#include "alert/alert_series.h"
#include "app/judge.h"
#include "baseline/baseline_standing.h"
#include "detect/evidence.h"

struct course {
    struct judge *judge;
    struct series series;
    struct metric metric;
    struct baseline_rule rule;
    struct baseline_standing standing;
    struct measurement *list; /* context, then what is new; oldest first */
    size_t count;
    struct alert_series alerts;

    /* The newest verdicts, oldest first, and of which measurement in `list` each is; room for
     * twice what evidence looks at, so that they move only now and then. */
    struct verdict *verdicts;
    size_t *places;
    size_t verdict_first, verdict_count;

    /* Scratch of level.c, made at the first use. */
    struct level_scratch *level;
    size_t since_level; /* measurements since steps and trend were looked for */
};

/* Reads all of it for a series; `count` is 0 when nothing new is there. */
enum tare_status course_load(struct course *course, int64_t series_id, struct tare_error *error);
void course_release(struct course *course);

/* Whether a measurement was judged before. */
bool course_is_judged(const struct course *course, const struct measurement *measurement);

/* Reads the verdicts that were passed on what stands before `first_new`. */
enum tare_status course_load_verdicts(struct course *course, size_t first_new,
                                      struct tare_error *error);

/* Takes note of a verdict on list[place]; the newest verdicts, and the last of them. */
void course_push_verdict(struct course *course, const struct verdict *verdict, size_t place);
const struct verdict *course_verdicts(const struct course *course);
struct verdict *course_last_verdict(struct course *course);

#endif
