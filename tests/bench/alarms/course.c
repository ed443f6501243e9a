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
    struct measurement *list;
    struct verdict *verdicts;
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
    course->verdicts = calloc(n, sizeof *course->verdicts);
    course->count = 0;
    if (!course->list || !course->verdicts)
        err(1, "course");
}

static void course_release(struct course *course)
{
    free(course->list);
    free(course->verdicts);
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
                                 const struct metric *metric, const double *values)
{
    const struct baseline *baseline = &course->standing.baseline;
    size_t last = course->count - 1;
    const struct verdict *verdict = &course->verdicts[last];
    struct alert_sign sign = {.judged = !verdict->learning,
                              .seen = verdict->severity,
                              .evidence = verdict->severity,
                              .reason = verdict->reason};
    if (rule == COURSE_SCORE)
        sign.seen = sign.evidence = score_severity(values, course->count);
    if (rule == COURSE_TARE) {
        size_t back = course->count < EVIDENCE_LOOKS_AT ? course->count : EVIDENCE_LOOKS_AT;
        sign.evidence = evidence_weigh(metric, baseline, ALERT_BASELINE,
                                       course->verdicts + course->count - back, back)
                            .severity;
    }
    return sign;
}

/* Whether an alert opened. */
static bool take(struct course *course, const struct alert_sign *sign)
{
    const struct measurement *measurement = &course->list[course->count - 1];
    struct alert_sign signs[ALERT_KIND_COUNT] = {[ALERT_BASELINE] = *sign};
    struct alert_series_event events[ALERT_SERIES_EVENTS];
    struct alert_occasion occasion = {
        .series_id = 1, .measurement_id = measurement->id, .time_ns = measurement->time_ns};
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
        course.list[i].id = course.list[i].time_ns = (int64_t)i + 1;
        course.list[i].value = values[i];
        course.verdicts[i] = measurement_verdict(metric, &course.standing.baseline, values[i]);
        course.count++;
        struct alert_sign sign = sign_of(&course, rule, metric, values);
        bool opened = take(&course, &sign);
        if (i >= watch) {
            result->measurements++;
            result->opened += opened;
            result->bad += sign.seen >= SEVERITY_WARNING;
            result->errors += sign.seen >= SEVERITY_ERROR;
            if (delay == 0 && alert_is_live(&course.alerts.alerts[ALERT_BASELINE]))
                delay = i - watch + 1;
        }
        size_t back = course.count < 2 * BASELINE_WINDOW ? course.count : 2 * BASELINE_WINDOW;
        baseline_advance(&course.standing, &course.rule, metric, course.list + course.count - back,
                         back, false, 1);
    }
    result->delay = delay;
    course_release(&course);
}
