#include "app/explain.h"

#include "app/course.h"
#include "app/level.h"
#include "app/lists.h"
#include "app/rules.h"
#include "base/error.h"
#include "baseline/baseline_window.h"
#include "detect/measurement_verdict.h"
#include "detect/trend_verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The measurement that the alert stands on: of its newest event that came from a bad one. */
static int64_t measurement_id_of(const struct alert_row *row)
{
    int64_t id = row->alert.bad_measurement_id;
    for (size_t i = 0; i < row->event_count; i++) {
        const struct alert_event *event = &row->events[i];
        bool bad = event->action == ALERT_ACTION_OPENED ||
                   event->action == ALERT_ACTION_REPEATED ||
                   event->action == ALERT_ACTION_ESCALATED ||
                   event->action == ALERT_ACTION_REOPENED;
        if (bad && event->measurement_id != 0)
            id = event->measurement_id;
    }
    return id;
}

/* Where the measurement with this id stands; `count` when it is not there. */
static size_t place_of(const struct measurement *list, size_t count, int64_t id)
{
    size_t place = 0;
    while (place < count && list[place].id != id)
        place++;
    return place;
}

/* The measurements of the series, and that one among them. */
static enum tare_status measurement_find(struct store *store, struct explain_report *report,
                                         struct measurement **list, size_t *count,
                                         struct tare_error *error)
{
    const struct alert *alert = &report->row.alert;
    const struct store_filter filter = {.series_id = alert->series_id};
    int64_t id = measurement_id_of(&report->row);
    enum tare_status status = store_measurement_list(store, &filter, list, count, error);
    if (status != TARE_OK)
        return status;
    size_t place = place_of(*list, *count, id);
    if (place == *count) /* pruned: the one it began with stays longer */
        place = place_of(*list, *count, alert->bad_measurement_id);
    if (place == *count)
        return error_set(error, TARE_E_NOT_FOUND,
                         "the measurement of alert %lld is no longer kept; its reason was: %.200s",
                         (long long)alert->id, alert->reason);
    report->measurement = (*list)[place];
    return TARE_OK;
}

/* Without what came into the window's midst later than the verdict: the last to arrive. */
static void window_trim(struct explain_report *report)
{
    while (report->window_count > report->stored.baseline_n) {
        size_t latest = 0;
        for (size_t i = 1; i < report->window_count; i++)
            if (report->window[i].id > report->window[latest].id)
                latest = i;
        report->window_count--;
        memmove(report->window + latest, report->window + latest + 1,
                (report->window_count - latest) * sizeof *report->window);
    }
}

/* The window by its first and last measurement, as the verdict noted them. */
static enum tare_status window_take(const struct baseline_rule *rule,
                                    const struct measurement *list, size_t count,
                                    struct explain_report *report, struct tare_error *error)
{
    size_t first = count, last = count, used = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == report->stored.window_first_id)
            first = i;
        if (list[i].id == report->stored.window_last_id)
            last = i;
    }
    if (first == count || last == count)
        return TARE_OK; /* it was learning: there is no window */
    report->window = calloc(last - first + 1, sizeof *report->window);
    if (report->window == NULL)
        return error_memory(error);
    for (size_t i = first; i <= last; i++)
        if (baseline_admits(rule, &list[i]))
            report->window[used++] = list[i];
    report->window_count = used;
    window_trim(report);
    return TARE_OK;
}

static enum tare_status baseline_replay(const struct baseline_rule *rule,
                                        struct explain_report *report, struct tare_error *error)
{
    double *values = calloc(report->window_count + 1, sizeof *values);
    if (values == NULL)
        return error_memory(error);
    for (size_t i = 0; i < report->window_count; i++)
        values[i] = report->window[i].value;
    if (report->window_count > 0)
        baseline_compute(rule, &report->row.metric, values, report->window_count,
                         &report->baseline);
    free(values);
    return TARE_OK;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

static bool verdicts_agree(const struct verdict *a, const struct verdict *b)
{
    return a->severity == b->severity && a->tiers == b->tiers &&
           same_bits(a->deviation_target_percent, b->deviation_target_percent) &&
           same_bits(a->deviation_baseline_percent, b->deviation_baseline_percent) &&
           same_bits(a->z, b->z) && same_bits(a->z_target, b->z_target) && same_bits(a->p, b->p) &&
           same_bits(a->ratio, b->ratio);
}

static enum tare_status replay(const struct config *config, const struct measurement *list,
                               size_t count, struct explain_report *report,
                               struct tare_error *error)
{
    struct baseline_rule rule = rules_baseline(config);
    enum tare_status status = window_take(&rule, list, count, report, error);
    if (status == TARE_OK)
        status = baseline_replay(&rule, report, error);
    if (status != TARE_OK)
        return status;
    report->replayed = measurement_verdict(&report->row.metric, &report->baseline,
                                           report->measurement.value);
    report->same = verdicts_agree(&report->stored, &report->replayed) &&
                   same_bits(report->stored.centre, report->baseline.centre) &&
                   same_bits(report->stored.spread, report->baseline.spread);
    return TARE_OK;
}

/* What the search said when the alert opened or came back. Of a step it is not always the search
 * that sees it come back. */
static const struct alert_event *level_event(const struct alert_row *row)
{
    const struct alert_event *found = NULL;
    for (size_t i = 0; i < row->event_count; i++) {
        enum alert_action action = row->events[i].action;
        if ((action == ALERT_ACTION_OPENED || action == ALERT_ACTION_REOPENED) &&
            row->events[i].searched)
            found = &row->events[i];
    }
    return found;
}

/* The history up to the measurement of that event, as judging it saw it. False: not there. */
static bool history_replay(const struct baseline_rule *rule, const struct measurement *list,
                           size_t count, int64_t start_after_id, int64_t measurement_id,
                           struct course_history *history)
{
    const struct evidence_point nothing = {0};
    history->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (baseline_admits(rule, &list[i]))
            course_history_add(history, list[i].id, list[i].time_ns, list[i].value, &nothing);
        if (list[i].id == measurement_id)
            return history->count > 0;
        if (list[i].id == start_after_id)
            history->count = 0;
    }
    return false;
}

/* Searches that history again. */
static enum tare_status level_replay(const struct baseline_rule *rule,
                                     const struct measurement *list, size_t count,
                                     int64_t start_after_id, struct explain_report *report,
                                     struct tare_error *error)
{
    const struct alert_event *event = level_event(&report->row);
    struct level level;
    struct course *course = calloc(1, sizeof *course);
    struct level_scratch *scratch = level_scratch_new();
    bool replayable = course != NULL && scratch != NULL && event != NULL &&
                      history_replay(rule, list, count, start_after_id, event->measurement_id,
                                     &course->history);
    enum tare_status status = course != NULL && scratch != NULL ? TARE_OK : error_memory(error);
    if (replayable) {
        course->metric = report->row.metric; /* borrowed */
        alert_series_init(&course->alerts, report->row.alert.series_id);
        baseline_standing_init(&course->standing, report->row.alert.series_id); /* none: search */
        level_look(course, scratch, &level);
        snprintf(report->level_stored, sizeof report->level_stored, "%.255s", event->note);
        snprintf(report->level_replayed, sizeof report->level_replayed, "%.255s",
                 report->row.alert.kind == ALERT_STEP ? level.step_reason : level.trend_reason);
    }
    level_scratch_free(scratch);
    free(course);
    return status;
}

static enum tare_status level_explain(struct store *store, const struct config *config,
                                      const struct measurement *list, size_t count,
                                      struct explain_report *report, struct tare_error *error)
{
    const struct baseline_rule rule = rules_baseline(config);
    struct baseline_standing standing;
    enum alert_kind kind = report->row.alert.kind;
    if (kind != ALERT_STEP && kind != ALERT_TREND)
        return TARE_OK;
    enum tare_status status = store_standing_get(store, report->row.alert.series_id, &standing,
                                                 error);
    return status == TARE_OK
               ? level_replay(&rule, list, count, standing.start_after_id, report, error)
               : status;
}

enum tare_status explain_build(struct store *store, const struct config *config, int64_t alert_id,
                               struct explain_report *report, struct tare_error *error)
{
    struct alert_report alerts;
    struct measurement *list = NULL;
    size_t count = 0;
    alert_report_init(&alerts);
    enum tare_status status = alert_report_build_one(store, alert_id, &alerts, error);
    if (status == TARE_OK) {
        report->row = alerts.rows[0];
        free(alerts.rows); /* the row has moved */
        alert_report_init(&alerts);
        status = measurement_find(store, report, &list, &count, error);
    }
    if (status == TARE_OK)
        status = store_verdict_list(store, &report->measurement.id, 1, &report->stored, error);
    if (status == TARE_OK)
        status = replay(config, list, count, report, error);
    if (status == TARE_OK)
        status = level_explain(store, config, list, count, report, error);
    free(list);
    alert_report_release(&alerts);
    return status;
}
