#include "app/level.h"

#include "base/error.h"
#include "detect/deviation.h"
#include "detect/trend_verdict.h"
#include "stats/change_points.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL_HISTORY 200 /* measurements that are looked at */
#define LEVEL_EVERY   5   /* measurements between looks while all is well */
#define STEP_SETTLED  5   /* measurements of the new level before it is a step */

struct level_scratch {
    double values[LEVEL_HISTORY], sorted[LEVEL_HISTORY];
    int64_t times_ns[LEVEL_HISTORY];
    size_t places[LEVEL_HISTORY]; /* in course->list */
    size_t count;
    struct change_point points[LEVEL_HISTORY];
    size_t point_count;
    void *change_points;
    double *trend;
};

void level_scratch_free(struct level_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->change_points);
    free(scratch->trend);
    free(scratch);
}

static struct level_scratch *scratch_of(struct course *course)
{
    if (course->level != NULL)
        return course->level;
    struct level_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    scratch->change_points = malloc(change_points_scratch(LEVEL_HISTORY));
    scratch->trend = calloc(trend_verdict_scratch(LEVEL_HISTORY), sizeof *scratch->trend);
    if (scratch->change_points == NULL || scratch->trend == NULL) {
        level_scratch_free(scratch);
        return NULL;
    }
    course->level = scratch;
    return scratch;
}

/* The newest measurements that count, since the series was accepted or reset last. */
static void history_take(const struct course *course, size_t place, struct level_scratch *scratch)
{
    size_t first = place + 1, found = 0;
    while (first > 0 && found < LEVEL_HISTORY &&
           course->list[first - 1].id != course->standing.start_after_id)
        found += measurement_counts(&course->list[--first]);
    scratch->count = 0;
    for (size_t i = first; i <= place; i++) {
        if (!measurement_counts(&course->list[i]))
            continue;
        scratch->values[scratch->count] = course->list[i].value;
        scratch->times_ns[scratch->count] = course->list[i].time_ns;
        scratch->places[scratch->count++] = i;
    }
}

/* Whether this is the step that the newest step alert was about: then that alert has had its say,
 * and is not opened anew. */
static bool is_known_step(const struct course *course, const struct measurement *bad)
{
    const struct alert *alert = &course->alerts.alerts[ALERT_STEP];
    if (!alert_exists(alert))
        return false;
    size_t bad_at = (size_t)(bad - course->list);
    for (size_t i = 0; i < course->count; i++)
        if (course->list[i].id == alert->bad_measurement_id)
            return bad_at < i + STEP_SETTLED; /* older, or the same and moved a little */
    return false;
}

static void step_find(const struct course *course, const struct level_scratch *scratch,
                      struct level *level)
{
    if (scratch->point_count == 0)
        return;
    const struct change_point *point = &scratch->points[scratch->point_count - 1];
    const struct measurement *bad = &course->list[scratch->places[point->index]];
    const struct measurement *good = &course->list[scratch->places[point->index - 1]];
    if (scratch->count - point->index < STEP_SETTLED || is_known_step(course, bad))
        return;
    enum severity severity = step_severity(&course->metric, point->before, point->after, point->z,
                                           level->step_reason, sizeof level->step_reason);
    level->step.seen = level->step.evidence = severity;
    level->step.expected = point->before;
    level->step.deviation_percent = deviation_percent(course->metric.better, point->after,
                                                      point->before);
    level->step.good_measurement_id = good->id;
    level->step.bad_measurement_id = bad->id;
    level->step.good_commit = good->commit;
    level->step.bad_commit = bad->commit;
}

/* A live step alert is held against the level before the step, which its baseline is frozen at. */
static void step_follow(const struct course *course, const struct measurement *measurement,
                        struct level *level)
{
    const struct alert *alert = &course->alerts.alerts[ALERT_STEP];
    const struct metric *metric = &course->metric;
    level->step.expected = alert->expected_value;
    level->step.deviation_percent = deviation_percent(metric->better, measurement->value,
                                                      alert->expected_value);
    bool bad = !(level->step.deviation_percent < metric->warning_percent);
    level->step.seen = bad ? alert->severity : SEVERITY_OK;
    level->step.evidence = SEVERITY_OK; /* a further step is a matter for its own change point */
    level->step.good_measurement_id = alert->good_measurement_id;
    level->step.bad_measurement_id = alert->bad_measurement_id;
    level->step.good_commit = alert->good_commit;
    level->step.bad_commit = alert->bad_commit;
    snprintf(level->step_reason, sizeof level->step_reason, "%s", alert->reason);
}

static bool step_inside(const struct level_scratch *scratch, size_t first)
{
    for (size_t i = 0; i < scratch->point_count; i++)
        if (scratch->points[i].index > first)
            return true;
    return false;
}

static double median_of(struct level_scratch *scratch, size_t first, size_t count)
{
    memcpy(scratch->sorted, scratch->values + first, count * sizeof scratch->sorted[0]);
    return quantile(scratch->sorted, count, 0.5);
}

/* Whether the last quarter of the window is at least half of a warning worse than the first: a
 * drift that warns is three quarters there. The test itself is the dearest part of judging. */
static bool may_drift(const struct metric *metric, struct level_scratch *scratch, size_t first)
{
    size_t quarter = (scratch->count - first) / 4;
    if (quarter == 0)
        return true;
    double begin = median_of(scratch, first, quarter);
    double end = median_of(scratch, scratch->count - quarter, quarter);
    double percent = deviation_percent(metric->better, end, begin);
    return !(percent < metric->warning_percent / 2);
}

static void trend_find(const struct course *course, struct level_scratch *scratch,
                       struct level *level)
{
    size_t first = trend_window(scratch->times_ns, scratch->count);
    size_t count = scratch->count - first;
    level->trend.judged = count >= TREND_MINIMUM;
    if (!may_drift(&course->metric, scratch, first))
        return;
    struct trend_verdict trend = trend_verdict(&course->metric, scratch->values + first,
                                               scratch->times_ns + first, count,
                                               step_inside(scratch, first), scratch->trend);
    if (!trend.enough)
        return;
    size_t few = count < 5 ? count : 5;
    memcpy(scratch->sorted, scratch->values + first, few * sizeof scratch->sorted[0]);
    level->trend.judged = true;
    level->trend.seen = trend.severity;
    level->trend.evidence = trend.evidence;
    level->trend.expected = quantile(scratch->sorted, few, 0.5);
    level->trend.deviation_percent = course->metric.better == TARE_HIGHER ? -trend.change_percent
                                                                          : trend.change_percent;
    const struct measurement *begin = &course->list[scratch->places[first]];
    const struct measurement *now = &course->list[scratch->places[scratch->count - 1]];
    level->trend.good_measurement_id = begin->id;
    level->trend.good_commit = begin->commit;
    level->trend.bad_measurement_id = now->id;
    level->trend.bad_commit = now->commit;
    snprintf(level->trend_reason, sizeof level->trend_reason, "%s", trend.reason);
}

/* At once while something looks wrong, or is known to be; else now and then. */
static bool is_due(struct course *course)
{
    course->since_level++;
    if (course_last_verdict(course)->severity == SEVERITY_OK &&
        course->since_level < LEVEL_EVERY && !alert_is_live(&course->alerts.alerts[ALERT_TREND]))
        return false;
    course->since_level = 0;
    return true;
}

enum tare_status level_look(struct course *course, size_t place, struct level *level,
                            struct tare_error *error)
{
    *level = (struct level){0};
    level->step.reason = level->step_reason;
    level->trend.reason = level->trend_reason;
    if (alert_is_live(&course->alerts.alerts[ALERT_STEP])) {
        level->step.judged = true;
        step_follow(course, &course->list[place], level);
        return TARE_OK;
    }
    if (!is_due(course))
        return TARE_OK;
    struct level_scratch *scratch = scratch_of(course);
    if (scratch == NULL)
        return error_memory(error);
    history_take(course, place, scratch);
    scratch->point_count = change_points_find(scratch->values, scratch->count, NULL,
                                              scratch->change_points, scratch->points);
    level->step.judged = true;
    step_find(course, scratch, level);
    if (!alert_is_live(&course->alerts.alerts[ALERT_BASELINE]))
        trend_find(course, scratch, level); /* else it is told already, or a step about to be */
    return TARE_OK;
}
