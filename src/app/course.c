#include "app/course.h"

#include "app/level.h"
#include "base/error.h"
#include "detect/deviation.h"
#include "detect/measurement_verdict.h"
#include "detect/reason.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is remembered ---- */

void course_history_add(struct course_history *history, int64_t id, int64_t time_ns, double value,
                        const struct evidence_point *point)
{
    if (history->count == COURSE_ROOM) {
        size_t kept = COURSE_KEPT - 1, from = COURSE_ROOM - kept;
        memmove(history->ids, history->ids + from, kept * sizeof history->ids[0]);
        memmove(history->times_ns, history->times_ns + from, kept * sizeof history->times_ns[0]);
        memmove(history->values, history->values + from, kept * sizeof history->values[0]);
        memmove(history->points, history->points + from, kept * sizeof history->points[0]);
        history->count = kept;
    }
    size_t at = history->count++;
    history->ids[at] = id;
    history->times_ns[at] = time_ns;
    history->values[at] = value;
    history->points[at] = *point;
}

size_t course_history_first(const struct course_history *history, size_t most)
{
    return history->count > most ? history->count - most : 0;
}

static size_t window_of(const struct baseline_rule *rule)
{
    return rule->window < BASELINE_WINDOW_MAX ? rule->window : BASELINE_WINDOW_MAX;
}

/* Room for two windows, for the same reason. */
static void admit(struct course *course, const struct course_measurement *measurement)
{
    size_t window = window_of(&course->rule);
    if (course->admitted_count == 2 * window) {
        memmove(course->admitted, course->admitted + window, window * sizeof *course->admitted);
        course->admitted_count = window;
    }
    course->admitted[course->admitted_count++] = (struct baseline_value){measurement->id,
                                                                         measurement->value};
}

enum tare_status course_init(struct course *course, int64_t series_id, const struct metric *metric,
                             const struct baseline_rule *rule, struct tare_error *error)
{
    course->series_id = series_id;
    course->rule = *rule;
    course->history.count = course->admitted_count = 0;
    memset(course->unsaved, 0, sizeof course->unsaved);
    baseline_standing_init(&course->standing, series_id);
    course->standing.baseline.minimum = rule->minimum;
    alert_series_init(&course->alerts, series_id);
    metric_init(&course->metric);
    course->admitted = calloc(2 * window_of(rule) + 1, sizeof *course->admitted);
    if (course->admitted == NULL)
        return error_memory(error);
    return metric_copy(&course->metric, metric, error);
}

void course_release(struct course *course)
{
    metric_release(&course->metric);
    free(course->admitted);
    course->admitted = NULL;
}

void course_recall(struct course *course, const struct course_measurement *measurement,
                   const struct verdict *verdict)
{
    struct evidence_point point = evidence_point_of(verdict, measurement->value);
    if (!measurement->admitted)
        return;
    course_history_add(&course->history, measurement->id, measurement->time_ns, measurement->value,
                       &point);
    admit(course, measurement);
}

bool course_is_judged(const struct course *course, int64_t id, int64_t time_ns)
{
    const struct baseline_standing *standing = &course->standing;
    if (time_ns != standing->judged_ns)
        return time_ns < standing->judged_ns;
    return id <= standing->judged_id;
}

/* ---- what a verdict says to the alerts ---- */

static double deviation_of(const struct evidence_point *point, enum alert_kind kind)
{
    return kind == ALERT_TARGET ? point->deviation_target_percent
                                : point->deviation_baseline_percent;
}

/* Where in the history the regression began: as far back as the evidence reaches, but not with a
 * stray value before it that was bad, too, and not half as bad. */
static size_t first_bad_of(const struct course_history *history, enum alert_kind kind,
                           const struct evidence *evidence)
{
    size_t last = history->count - 1, first = course_history_first(history, EVIDENCE_LOOKS_AT);
    size_t at = last - (evidence->first_bad < last - first ? evidence->first_bad : last - first);
    double enough = deviation_of(&history->points[last], kind) / 2;
    while (at < last && deviation_of(&history->points[at], kind) < enough)
        at++;
    return at;
}

/* While the baseline was learnt nothing was said of a measurement; by what is known now, it may
 * have been as bad as those behind it. */
static size_t learnt_bad_of(const struct course *course, const struct verdict *verdict,
                            size_t bad_at)
{
    const struct course_history *history = &course->history;
    size_t first = course_history_first(history, EVIDENCE_LOOKS_AT);
    double enough = deviation_of(&history->points[history->count - 1], ALERT_BASELINE) / 2;
    while (bad_at > first && isnan(deviation_of(&history->points[bad_at - 1], ALERT_BASELINE)) &&
           deviation_percent(course->metric.better, history->values[bad_at - 1],
                             verdict->centre) >= enough)
        bad_at--;
    return bad_at;
}

static struct alert_sign sign_of(const struct course *course, enum alert_kind kind,
                                 const struct verdict *verdict, const struct evidence *evidence)
{
    const struct course_history *history = &course->history;
    bool target = kind == ALERT_TARGET;
    size_t bad_at = first_bad_of(history, kind, evidence);
    if (!target)
        bad_at = learnt_bad_of(course, verdict, bad_at);
    bool is_first = bad_at == course_history_first(history, EVIDENCE_LOOKS_AT);
    return (struct alert_sign){
        .judged = target ? !isnan(course->metric.target) : !verdict->learning,
        .seen = target ? verdict->target_severity : verdict->baseline_severity,
        .evidence = evidence->severity,
        .expected = target ? course->metric.target : verdict->centre,
        .deviation_percent = deviation_of(&history->points[history->count - 1], kind),
        .reason = "",
        .good_measurement_id = is_first ? 0 : history->ids[bad_at - 1],
        .bad_measurement_id = history->ids[bad_at],
    };
}

/* ---- the alerts ---- */

static enum tare_status alert_save(struct course *course, int kind, const struct course_sink *sink,
                                   struct tare_error *error)
{
    course->unsaved[kind] = false;
    return sink->alert(sink->context, &course->alerts.alerts[kind], error);
}

enum tare_status course_finish(struct course *course, const struct course_sink *sink,
                               struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (int kind = 0; kind < ALERT_KIND_COUNT && status == TARE_OK; kind++)
        if (course->unsaved[kind])
            status = alert_save(course, kind, sink, error);
    return status;
}

/* An alert that begins says which commits it lies between. */
static enum tare_status commits_fill(struct alert *alert, enum alert_action action,
                                     const struct course_sink *sink, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (action != ALERT_ACTION_OPENED && action != ALERT_ACTION_REOPENED)
        return status;
    alert->good_commit[0] = alert->bad_commit[0] = '\0';
    if (alert->good_measurement_id != 0)
        status = sink->commit(sink->context, alert->good_measurement_id, alert->good_commit,
                              error);
    if (status == TARE_OK && alert->bad_measurement_id != 0)
        status = sink->commit(sink->context, alert->bad_measurement_id, alert->bad_commit, error);
    return status;
}

static enum tare_status events_keep(struct course *course, struct alert_series_event *events,
                                    size_t count, const struct course_sink *sink,
                                    struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = commits_fill(&course->alerts.alerts[events[i].kind], events[i].event.action, sink,
                              error);
    if (status == TARE_OK)
        status = course_finish(course, sink, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        events[i].event.alert_id = course->alerts.alerts[events[i].kind].id;
        status = sink->event(sink->context, &events[i].event, error);
    }
    return status;
}

void course_words_write(const struct course_words *words, struct verdict *verdict)
{
    reason_write(words->metric, words->baseline, words->value, verdict);
    if (words->pending != NULL)
        evidence_note(words->metric, words->pending, verdict);
}

/* Whether an event is for the verdict to tell: where no search said it, as it does not where the
 * baseline sees a step come back; and of steps and trends that are over, for what was said of the
 * change holds no more. */
static bool tells_verdict(const struct alert_series_event *event)
{
    if (event->event.action == ALERT_ACTION_TAKEN_OVER)
        return false;
    return !event->event.searched || event->event.action == ALERT_ACTION_RESOLVED;
}

/* What a verdict said to the alerts, now that it is wanted. */
static void reasons_fill(struct course *course, const struct course_words *words,
                         const struct verdict *judged, struct alert_series_event *events,
                         size_t count)
{
    struct verdict verdict = *judged;
    bool written = false;
    for (size_t i = 0; i < count; i++) {
        struct alert_event *event = &events[i].event;
        struct alert *alert = &course->alerts.alerts[events[i].kind];
        if (!tells_verdict(&events[i]))
            continue;
        if (!written)
            course_words_write(words, &verdict);
        written = true;
        snprintf(event->note, sizeof event->note, "%s", verdict.reason);
        event->searched = false;
        if (event->action == ALERT_ACTION_OPENED || event->action == ALERT_ACTION_REOPENED ||
            event->action == ALERT_ACTION_ESCALATED)
            snprintf(alert->reason, sizeof alert->reason, "%s", verdict.reason);
    }
}

static bool may_open(const struct alert_sign signs[ALERT_KIND_COUNT])
{
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        if (signs[kind].evidence >= SEVERITY_WARNING)
            return true;
    return false;
}

static enum tare_status alerts_take(struct course *course,
                                    const struct alert_sign signs[ALERT_KIND_COUNT],
                                    const struct course_measurement *measurement,
                                    const struct course_words *words,
                                    const struct verdict *verdict, const struct course_sink *sink,
                                    struct tare_error *error)
{
    struct alert_series_event events[ALERT_SERIES_EVENTS];
    const struct alert_occasion occasion = {course->series_id, measurement->id,
                                            measurement->time_ns, measurement->value};
    enum tare_status status = TARE_OK;
    if (may_open(signs)) /* a new alert takes the place of an old one, which is kept as it was */
        status = course_finish(course, sink, error);
    if (status != TARE_OK)
        return status;
    size_t count = alert_series_take(&course->alerts, signs, &occasion, events);
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        course->unsaved[kind] |= course->alerts.changed[kind];
    if (count == 0)
        return TARE_OK;
    reasons_fill(course, words, verdict, events, count);
    return events_keep(course, events, count, sink, error);
}

/* The baseline took a step in by itself: its alert says so. */
static enum tare_status step_absorb(struct course *course, int64_t time_ns,
                                    const struct course_sink *sink, struct tare_error *error)
{
    struct alert *step = &course->alerts.alerts[ALERT_STEP];
    struct alert_series_event event = {.kind = ALERT_STEP};
    const struct alert_command absorb = {
        .order = ALERT_ORDER_ABSORB, .who = "tare", .now_ns = time_ns};
    if (!alert_is_live(step) || alert_obey(step, &absorb, &event.event, NULL) != TARE_OK)
        return TARE_OK;
    course->unsaved[ALERT_STEP] = true;
    return events_keep(course, &event, 1, sink, error);
}

/* Whether a live alert already says what is only seen once so far. */
static bool is_alerted(const struct course *course)
{
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        if (alert_is_live(&course->alerts.alerts[kind]))
            return true;
    return false;
}

/* ---- a measurement ---- */

/* What the verdict says to the alerts of kind target and baseline. While a step alert is live,
 * what the baseline would say is the step's to count (alert_series.h). */
static void signs_make(const struct course *course, const struct verdict *verdict,
                       struct evidence *evidence, struct alert_sign *signs)
{
    const struct course_history *history = &course->history;
    size_t first = course_history_first(history, EVIDENCE_LOOKS_AT);
    bool stepped = alert_series_holds(&course->alerts);
    for (int kind = ALERT_TARGET; kind <= ALERT_BASELINE; kind++) {
        evidence[kind] = (struct evidence){0};
        if (kind == ALERT_TARGET ? isnan(course->metric.target) : stepped)
            continue;
        evidence[kind] = evidence_weigh(&course->metric, &course->standing.baseline,
                                        (enum alert_kind)kind, verdict, history->points + first,
                                        history->count - first);
        signs[kind] = sign_of(course, (enum alert_kind)kind, verdict, &evidence[kind]);
    }
}

/* An alert that is to be resolved is surely over, one that is to escalate surely graver. */
static void doubts_raise(const struct course *course, const struct verdict *verdict,
                         struct alert_sign *signs)
{
    const struct course_history *history = &course->history;
    size_t first = course_history_first(history, EVIDENCE_LOOKS_AT);
    const struct evidence_point *points = history->points + first;
    size_t count = history->count - first;
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++) {
        const struct alert *alert = &course->alerts.alerts[kind];
        struct alert_sign *sign = &signs[kind];
        if (kind == ALERT_TREND || !sign->judged || !alert_is_live(alert))
            continue;
        if (sign->seen == SEVERITY_OK)
            sign->doubtful = !evidence_is_over(&course->metric, sign->expected, verdict, points,
                                               count);
        else if (alert_is_graver(alert, sign))
            sign->doubtful = !evidence_is_graver(&course->metric, sign->expected, sign->evidence,
                                                 verdict, points, count);
        sign->searched = sign->searched && !sign->doubtful;
    }
}

static enum tare_status judge(struct course *course, const struct course_measurement *measurement,
                              struct level_scratch *scratch, const struct course_sink *sink,
                              struct tare_error *error)
{
    const struct baseline *baseline = &course->standing.baseline;
    struct course_history *history = &course->history;
    struct alert_sign signs[ALERT_KIND_COUNT] = {0};
    struct evidence evidence[ALERT_BASELINE + 1];
    struct level level;
    struct verdict verdict = measurement_verdict_plain(&course->metric, baseline,
                                                       measurement->value);
    struct evidence_point point = evidence_point_of(&verdict, measurement->value);
    course_history_add(history, measurement->id, measurement->time_ns, measurement->value, &point);
    signs_make(course, &verdict, evidence, signs);
    if (alert_is_live(&course->alerts.alerts[ALERT_STEP]))
        level_follow(course, &level);
    else if (level_due(course, evidence[ALERT_BASELINE].bad))
        level_look(course, scratch, &level);
    else
        level_init(&level);
    signs[ALERT_TREND] = level.trend;
    signs[ALERT_STEP] = level.step;
    doubts_raise(course, &verdict, signs);
    struct course_words words = {&course->metric, baseline, measurement->value, NULL};
    enum tare_status status = alerts_take(course, signs, measurement, &words, &verdict, sink,
                                          error);
    if (status != TARE_OK)
        return status;
    for (int kind = ALERT_BASELINE; kind >= ALERT_TARGET && !is_alerted(course); kind--)
        if (evidence[kind].pending)
            words.pending = &evidence[kind];
    return sink->verdict(sink->context, measurement->id, &verdict, &words, error);
}

/* Of another branch than the base: it is held against target and baseline, and is neither evidence
 * for an alert nor a sign that one is over. */
static enum tare_status judge_aside(struct course *course,
                                    const struct course_measurement *measurement,
                                    const struct course_sink *sink, struct tare_error *error)
{
    const struct baseline *baseline = &course->standing.baseline;
    const struct course_words words = {&course->metric, baseline, measurement->value, NULL};
    struct verdict verdict = measurement_verdict_plain(&course->metric, baseline,
                                                       measurement->value);
    return sink->verdict(sink->context, measurement->id, &verdict, &words, error);
}

enum tare_status course_take(struct course *course, const struct course_measurement *measurement,
                             struct level_scratch *scratch, const struct course_sink *sink,
                             struct tare_error *error)
{
    enum baseline_change change = BASELINE_UNCHANGED;
    enum tare_status status = TARE_OK;
    if (measurement->admitted)
        status = judge(course, measurement, scratch, sink, error);
    else if (measurement->counts)
        status = judge_aside(course, measurement, sink, error);
    if (status != TARE_OK)
        return status;
    if (measurement->admitted) {
        admit(course, measurement);
        change = baseline_advance(&course->standing, &course->rule, &course->metric,
                                  course->admitted, course->admitted_count,
                                  alert_series_holds(&course->alerts), measurement->time_ns);
    }
    if (!course_is_judged(course, measurement->id, measurement->time_ns)) {
        course->standing.judged_id = measurement->id;
        course->standing.judged_ns = measurement->time_ns;
    }
    return change == BASELINE_ABSORBED ? step_absorb(course, measurement->time_ns, sink, error)
                                       : TARE_OK;
}
