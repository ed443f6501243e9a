#include "course.h"

#include "alert/alert_series.h"
#include "baseline/baseline_standing.h"
#include "detect/evidence.h"
#include "detect/measurement_verdict.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

struct course {
    struct baseline_rule rule;
    struct baseline_standing standing;
    struct alert_series alerts;
    struct baseline_value *list;
    struct evidence_point *points;
    size_t count;
};

const char *course_rule_word(enum course_rule rule)
{
    static const char *const words[COURSE_RULES] = {"tare", "the tree alone", "mean + 3 sd"};
    return words[rule];
}

static void course_init(struct course *course, size_t n)
{
    baseline_rule_init(&course->rule);
    baseline_standing_init(&course->standing, 1);
    alert_series_init(&course->alerts, 1);
    course->list = calloc(n, sizeof *course->list);
    course->points = calloc(n, sizeof *course->points);
    course->count = 0;
    if (!course->list || !course->points)
        err(1, "course");
}

static void course_release(struct course *course)
{
    free(course->list);
    free(course->points);
}

/* How a tracker with a plain z-score sees the newest of `n` values. */
static enum severity score_severity(const double *values, size_t n)
{
    enum { WINDOW = 20 };
    double mean = 0, squares = 0;
    if (n <= WINDOW)
        return SEVERITY_OK;
    const double *window = values + n - 1 - WINDOW;
    for (size_t i = 0; i < WINDOW; i++)
        mean += window[i] / WINDOW;
    for (size_t i = 0; i < WINDOW; i++)
        squares += (window[i] - mean) * (window[i] - mean);
    double sigma = sqrt(squares / (WINDOW - 1));
    return values[n - 1] - mean > 3 * sigma ? SEVERITY_ERROR : SEVERITY_OK;
}

/* The verdict on the newest measurement by itself, and what the rule makes of it. */
static struct alert_sign sign_of(struct course *course, enum course_rule rule,
                                 const struct metric *metric, const struct verdict *verdict,
                                 const double *values)
{
    const struct baseline *baseline = &course->standing.baseline;
    struct alert_sign sign = {.judged = !verdict->learning,
                              .seen = verdict->severity,
                              .evidence = verdict->severity,
                              .reason = verdict->reason};
    if (rule == COURSE_SCORE)
        sign.seen = sign.evidence = score_severity(values, course->count);
    if (rule == COURSE_TARE) {
        size_t back = course->count < EVIDENCE_LOOKS_AT ? course->count : EVIDENCE_LOOKS_AT;
        sign.evidence = evidence_weigh(metric, baseline, ALERT_BASELINE, verdict,
                                       course->points + course->count - back, back)
                            .severity;
    }
    return sign;
}

/* Whether an alert opened. */
static bool take(struct course *course, const struct alert_sign *sign)
{
    int64_t id = course->list[course->count - 1].id;
    struct alert_sign signs[ALERT_KIND_COUNT] = {[ALERT_BASELINE] = *sign};
    struct alert_series_event events[ALERT_SERIES_EVENTS];
    struct alert_occasion occasion = {.series_id = 1, .measurement_id = id, .time_ns = id};
    size_t n = alert_series_take(&course->alerts, signs, &occasion, events);
    for (size_t i = 0; i < n; i++)
        if (events[i].event.action == ALERT_ACTION_OPENED ||
            events[i].event.action == ALERT_ACTION_REOPENED)
            return true;
    return false;
}

void course_run(enum course_rule rule, const struct metric *metric, const double *values, size_t n,
                size_t watch, struct course_result *result)
{
    struct course course;
    size_t delay = 0;
    course_init(&course, n);
    for (size_t i = 0; i < n; i++) {
        struct verdict verdict = measurement_verdict_plain(metric, &course.standing.baseline,
                                                           values[i]);
        course.list[i] = (struct baseline_value){(int64_t)i + 1, values[i]};
        course.points[i] = evidence_point_of(&verdict, values[i]);
        course.count++;
        struct alert_sign sign = sign_of(&course, rule, metric, &verdict, values);
        bool opened = take(&course, &sign);
        if (i >= watch) {
            result->measurements++;
            result->opened += opened;
            result->bad += sign.seen >= SEVERITY_WARNING;
            result->errors += sign.seen >= SEVERITY_ERROR;
            if (delay == 0 && alert_is_live(&course.alerts.alerts[ALERT_BASELINE]))
                delay = i - watch + 1;
        }
        baseline_advance(&course.standing, &course.rule, metric, course.list, course.count, false,
                         1);
    }
    result->delay = delay;
    course_release(&course);
}
