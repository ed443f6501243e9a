#include "app/level.h"

#include "base/error.h"
#include "detect/deviation.h"
#include "detect/measurement_verdict.h"
#include "detect/recurrence.h"
#include "detect/step_sight.h"
#include "detect/trend_verdict.h"
#include "model/unit.h"
#include "stats/change_points.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_SETTLED 5 /* measurements of the new level before it is a step */

struct level_scratch {
    double sorted[COURSE_KEPT];
    struct change_point points[COURSE_KEPT];
    double sight[COURSE_KEPT + 128];
    void *change_points;
    double *trend;
};

/* The history that is looked at, and the change points in it. */
struct view {
    const struct course *course;
    struct level_scratch *scratch;
    const double *values;
    const int64_t *times_ns, *ids;
    size_t count, point_count;
    bool searched;            /* the points are there */
    struct step_sight *sight; /* NULL: nothing to look by */
};

void level_scratch_free(struct level_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->change_points);
    free(scratch->trend);
    free(scratch);
}

struct level_scratch *level_scratch_new(void)
{
    struct level_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    scratch->change_points = malloc(change_points_scratch(COURSE_KEPT));
    scratch->trend = calloc(trend_verdict_scratch(COURSE_KEPT), sizeof *scratch->trend);
    if (scratch->change_points != NULL && scratch->trend != NULL)
        return scratch;
    level_scratch_free(scratch);
    return NULL;
}

void level_init(struct level *level)
{
    level->step = level->trend = (struct alert_sign){0};
    level->step_reason[0] = level->trend_reason[0] = '\0';
    level->step.searched = level->trend.searched = true;
    level->step.reason = level->step_reason;
    level->trend.reason = level->trend_reason;
}

/* Whether this is the step that the newest step alert was about: then that alert has had its say,
 * and is not opened anew. */
static bool is_known_step(const struct view *view, size_t bad_at)
{
    const struct alert *alert = &view->course->alerts.alerts[ALERT_STEP];
    const struct course_history *history = &view->course->history;
    size_t first = (size_t)(view->ids - history->ids);
    if (!alert_exists(alert))
        return false;
    for (size_t i = 0; i < history->count; i++)
        if (history->ids[i] == alert->bad_measurement_id)
            return first + bad_at < i + STEP_SETTLED; /* older, or the same, moved a little */
    return false;
}

/* Whether the newest measurement, by itself, is worse than a level by what is warned about. */
static bool is_worse(const struct course *course, double level)
{
    double value = course->history.values[course->history.count - 1];
    double percent = deviation_percent(course->metric.better, value, level);
    return !(percent < course->metric.warning_percent);
}

static void step_find(const struct view *view, struct level *level)
{
    const struct metric *metric = &view->course->metric;
    if (view->point_count == 0)
        return;
    const struct change_point *point = &view->scratch->points[view->point_count - 1];
    if (view->count - point->index < STEP_SETTLED || is_known_step(view, point->index))
        return;
    enum severity severity = step_severity(metric, point->before, point->after, point->z,
                                           level->step_reason, sizeof level->step_reason);
    bool news = severity > SEVERITY_OK &&
                !recurrence_found(metric, point->before, view->values, view->count);
    level->step.evidence = news ? severity : SEVERITY_OK;
    level->step.seen = is_worse(view->course, point->before) ? severity : SEVERITY_OK;
    level->step.expected = point->before;
    level->step.deviation_percent = deviation_percent(metric->better, point->after, point->before);
    level->step.good_measurement_id = view->ids[point->index - 1];
    level->step.bad_measurement_id = view->ids[point->index];
}

/* What the alert is to say from now on: the level is `now`, and was this and that before. */
static void worsening_tell(const struct course *course, double now, double z, struct level *level)
{
    const struct alert *alert = &course->alerts.alerts[ALERT_STEP];
    const struct metric *metric = &course->metric;
    level->step.searched = true;
    level->step.evidence = step_severity(metric, alert->expected_value, now, z, level->step_reason,
                                         sizeof level->step_reason);
    level->step.deviation_percent = deviation_percent(metric->better, now, alert->expected_value);
    if (!level->step.further)
        return;
    char told[UNIT_TEXT_SIZE];
    size_t used = strlen(level->step_reason);
    percent_format(alert_told_change(alert, metric->better), told);
    snprintf(level->step_reason + used, sizeof level->step_reason - used, ", %s when last told",
             told);
}

/* Whether it became graver still, or goes further where it cannot: the newest few are a level of
 * their own, held against the one before the step. Else the verdict tells. */
static void worsening_find(const struct course *course, struct level *level)
{
    const struct alert *alert = &course->alerts.alerts[ALERT_STEP];
    const struct course_history *history = &course->history;
    const struct metric *metric = &course->metric;
    const struct baseline *baseline = &course->standing.baseline;
    double newest[STEP_SETTLED], before = alert->expected_value;
    level->step.searched = false;
    if (history->count < STEP_SETTLED)
        return;
    memcpy(newest, history->values + history->count - STEP_SETTLED, sizeof newest);
    level->step.further = alert->severity == SEVERITY_CRITICAL &&
                          step_goes_further(metric, baseline, before, alert->told_percent, newest);
    double now = quantile(newest, STEP_SETTLED, 0.5);
    if (!level->step.further &&
        step_severity(metric, before, now, INFINITY, NULL, 0) <= alert->severity)
        return;
    double z = measurement_score(metric, baseline, now);
    if (isnan(z))
        return; /* the baseline was reset: it learns */
    if (level->step.further || step_severity(metric, before, now, z, NULL, 0) > alert->severity)
        worsening_tell(course, now, z, level);
}

void level_follow(const struct course *course, struct level *level)
{
    const struct alert *alert = &course->alerts.alerts[ALERT_STEP];
    const struct metric *metric = &course->metric;
    level_init(level);
    level->step.judged = true;
    level->step.expected = alert->expected_value;
    level->step.deviation_percent = deviation_percent(
        metric->better, course->history.values[course->history.count - 1], alert->expected_value);
    level->step.seen = is_worse(course, alert->expected_value) ? alert->severity : SEVERITY_OK;
    level->step.good_measurement_id = alert->good_measurement_id;
    level->step.bad_measurement_id = alert->bad_measurement_id;
    worsening_find(course, level);
}

static void points_find(struct view *view)
{
    if (view->searched)
        return;
    view->searched = true;
    view->point_count = change_points_find(view->values, view->count, NULL,
                                           view->scratch->change_points, view->scratch->points);
}

/* Whether the step that an alert was about lies in the window: then it explains the window. */
static bool alerted_inside(const struct view *view, size_t first)
{
    const struct alert *alert = &view->course->alerts.alerts[ALERT_STEP];
    for (size_t i = first + 1; i < view->count && alert_exists(alert); i++)
        if (view->ids[i] == alert->bad_measurement_id)
            return true;
    return false;
}

static bool step_inside(struct view *view, size_t first)
{
    points_find(view);
    for (size_t i = 0; i < view->point_count; i++)
        if (view->scratch->points[i].index > first)
            return true;
    return false;
}

static double median_of(const struct view *view, size_t first, size_t count)
{
    memcpy(view->scratch->sorted, view->values + first, count * sizeof view->values[0]);
    return quantile(view->scratch->sorted, count, 0.5);
}

static void trend_find(struct view *view, struct level *level)
{
    const struct metric *metric = &view->course->metric;
    size_t first = trend_window(view->times_ns, view->count), count = view->count - first;
    const struct alert *alert = &view->course->alerts.alerts[ALERT_TREND];
    bool live = alert_is_live(alert);
    level->trend.judged = count >= TREND_MINIMUM;
    level->trend.expected = alert->expected_value; /* unless it drifts on */
    level->trend.deviation_percent = deviation_percent(
        metric->better, view->values[view->count - 1], alert->expected_value);
    if (!level->trend.judged || (!live && alerted_inside(view, first)))
        return;
    if (view->sight != NULL && !drift_in_sight(view->sight, metric, first))
        return;
    if (!trend_possible(metric, view->values + first, count, view->scratch->trend))
        return;
    struct trend_verdict trend = trend_verdict(
        metric, view->values + first, view->times_ns + first, count, false, view->scratch->trend);
    if ((trend.severity != SEVERITY_OK || live) && step_inside(view, first))
        trend_explain(metric, &trend);
    level->trend.seen = trend.severity;
    level->trend.evidence = trend.evidence;
    level->trend.expected = median_of(view, first, count < 5 ? count : 5);
    level->trend.deviation_percent = metric->better == TARE_HIGHER ? -trend.change_percent
                                                                   : trend.change_percent;
    level->trend.good_measurement_id = view->ids[first];
    level->trend.bad_measurement_id = view->ids[view->count - 1];
    snprintf(level->trend_reason, sizeof level->trend_reason, "%s", trend.reason);
}

bool level_due(const struct course *course, unsigned bad)
{
    return bad >= course->metric.persist_needed || course->standing.since_update == 0 ||
           alert_is_live(&course->alerts.alerts[ALERT_TREND]);
}

void level_look(const struct course *course, struct level_scratch *scratch, struct level *level)
{
    const struct course_history *history = &course->history;
    const struct baseline *baseline = &course->standing.baseline;
    size_t first = course_history_first(history, COURSE_KEPT);
    struct view view = {.course = course,
                        .scratch = scratch,
                        .values = history->values + first,
                        .times_ns = history->times_ns + first,
                        .ids = history->ids + first,
                        .count = history->count - first};
    struct step_sight sight;
    if (isfinite(baseline->centre)) {
        sight = step_sight_of(&course->metric, view.values, view.count, baseline->centre,
                              baseline->spread, scratch->sight);
        view.sight = &sight;
    }
    level_init(level);
    level->step.judged = true;
    if (view.sight == NULL || step_in_sight(view.sight, &course->metric)) {
        points_find(&view);
        step_find(&view, level);
    }
    if (!alert_is_live(&course->alerts.alerts[ALERT_BASELINE]))
        trend_find(&view, level); /* else it is told already, or a step about to be */
}
