#include "app/judge.h"

#include "app/course.h"
#include "app/level.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "detect/measurement_verdict.h"
#include "detect/reason.h"

#include <math.h>
#include <stdlib.h>

void judge_init(struct judge *judge, struct store *store, const struct config *config)
{
    *judge = (struct judge){.store = store, .config = config};
}

void judge_release(struct judge *judge)
{
    free(judge->notices);
    judge_init(judge, NULL, NULL);
}

static double deviation_of(const struct verdict *verdict, enum alert_kind kind)
{
    return kind == ALERT_TARGET ? verdict->deviation_target_percent
                                : verdict->deviation_baseline_percent;
}

/* Where in the newest verdicts the regression began: as far back as the evidence reaches, but not
 * with a stray value before it that was bad, too, and not half as bad. */
static size_t first_bad_of(const struct course *course, enum alert_kind kind,
                           const struct evidence *evidence)
{
    const struct verdict *verdicts = course_verdicts(course);
    size_t last = course->verdict_count - 1;
    size_t at = last - (evidence->first_bad < last ? evidence->first_bad : last);
    double enough = deviation_of(&verdicts[last], kind) / 2;
    while (at < last && deviation_of(&verdicts[at], kind) < enough)
        at++;
    return at;
}

/* What a verdict says to the alert of one kind. */
static struct alert_sign sign_of(const struct course *course, enum alert_kind kind,
                                 const struct evidence *evidence)
{
    const size_t *places = course->places + course->verdict_first;
    const struct verdict *verdict = &course_verdicts(course)[course->verdict_count - 1];
    bool target = kind == ALERT_TARGET;
    size_t bad_at = first_bad_of(course, kind, evidence);
    const struct measurement *bad = &course->list[places[bad_at]];
    const struct measurement *good = bad_at > 0 ? &course->list[places[bad_at - 1]] : NULL;
    return (struct alert_sign){
        .judged = target ? !isnan(course->metric.target) : !verdict->learning,
        .seen = target ? verdict->target_severity : verdict->baseline_severity,
        .evidence = evidence->severity,
        .expected = target ? course->metric.target : verdict->centre,
        .deviation_percent = deviation_of(verdict, kind),
        .reason = verdict->reason,
        .good_measurement_id = good != NULL ? good->id : 0,
        .bad_measurement_id = bad->id,
        .good_commit = good != NULL ? good->commit : NULL,
        .bad_commit = bad->commit,
    };
}

static enum tare_status event_keep(struct course *course, struct alert_event *event,
                                   const struct alert *alert, struct tare_error *error)
{
    event->alert_id = alert->id;
    enum tare_status status = store_alert_event_add(course->judge->store, event, error);
    if (status != TARE_OK || !event->notify)
        return status;
    struct judge_notice *notice = array_add(&course->judge->notices, &course->judge->notice_count,
                                            sizeof *notice);
    if (notice == NULL)
        return error_memory(error);
    *notice = (struct judge_notice){alert->id, event->action, event->severity};
    return TARE_OK;
}

static enum tare_status alerts_take(struct course *course,
                                    const struct alert_sign signs[ALERT_KIND_COUNT],
                                    const struct measurement *measurement,
                                    struct tare_error *error)
{
    struct alert_series_event events[ALERT_SERIES_EVENTS];
    const struct alert_occasion occasion = {course->series.id, measurement->id,
                                            measurement->time_ns, measurement->value};
    size_t count = alert_series_take(&course->alerts, signs, &occasion, events);
    enum tare_status status = TARE_OK;
    for (int kind = 0; kind < ALERT_KIND_COUNT && status == TARE_OK; kind++)
        if (course->alerts.changed[kind])
            status = store_alert_put(course->judge->store, &course->alerts.alerts[kind], error);
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = event_keep(course, &events[i].event, &course->alerts.alerts[events[i].kind],
                            error);
    return status;
}

/* The baseline took a step in by itself: its alert says so. */
static enum tare_status step_absorb(struct course *course, struct tare_error *error)
{
    struct alert *step = &course->alerts.alerts[ALERT_STEP];
    struct alert_event event;
    const struct alert_command absorb = {
        .order = ALERT_ORDER_ABSORB, .who = "tare", .now_ns = clock_now_ns()};
    if (!alert_is_live(step) || alert_obey(step, &absorb, &event, NULL) != TARE_OK)
        return TARE_OK;
    enum tare_status status = store_alert_put(course->judge->store, step, error);
    return status == TARE_OK ? event_keep(course, &event, step, error) : status;
}

/* Whether a live alert already says what is only seen once so far. */
static bool is_alerted(const struct course *course)
{
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        if (alert_is_live(&course->alerts.alerts[kind]))
            return true;
    return false;
}

static enum tare_status measurement_judge(struct course *course, size_t place,
                                          struct tare_error *error)
{
    const struct measurement *measurement = &course->list[place];
    const struct baseline *baseline = &course->standing.baseline;
    struct alert_sign signs[ALERT_KIND_COUNT] = {0};
    struct evidence evidence[ALERT_BASELINE + 1];
    struct level level;
    struct verdict verdict = measurement_verdict_plain(&course->metric, baseline,
                                                       measurement->value);
    if (verdict.severity != SEVERITY_OK || is_alerted(course))
        reason_write(&course->metric, baseline, measurement->value, &verdict);
    course_push_verdict(course, &verdict, place);
    for (int kind = ALERT_TARGET; kind <= ALERT_BASELINE; kind++) {
        evidence[kind] = evidence_weigh(&course->metric, baseline, (enum alert_kind)kind,
                                        course_verdicts(course), course->verdict_count);
        signs[kind] = sign_of(course, (enum alert_kind)kind, &evidence[kind]);
    }
    enum tare_status status = level_look(course, place, &level, error);
    if (status != TARE_OK)
        return status;
    signs[ALERT_TREND] = level.trend;
    signs[ALERT_STEP] = level.step;
    status = alerts_take(course, signs, measurement, error);
    if (status != TARE_OK)
        return status;
    struct verdict *last = course_last_verdict(course);
    for (int kind = ALERT_TARGET; kind <= ALERT_BASELINE && !is_alerted(course); kind++)
        if (evidence[kind].pending) {
            evidence_note(&course->metric, &evidence[kind], last);
            break;
        }
    return store_verdict_put(course->judge->store, measurement->id, last, error);
}

static enum tare_status course_step(struct course *course, size_t place, struct tare_error *error)
{
    const struct measurement *measurement = &course->list[place];
    enum tare_status status = TARE_OK;
    if (measurement_counts(measurement))
        status = measurement_judge(course, place, error);
    if (status != TARE_OK)
        return status;
    enum baseline_change change = baseline_advance(
        &course->standing, &course->rule, &course->metric, course->list, place + 1,
        alert_series_holds(&course->alerts), clock_now_ns());
    course->standing.judged_id = measurement->id;
    course->standing.judged_ns = measurement->time_ns;
    return change == BASELINE_ABSORBED ? step_absorb(course, error) : TARE_OK;
}

enum tare_status judge_series(struct judge *judge, int64_t series_id, struct tare_error *error)
{
    struct course course = {.judge = judge};
    series_init(&course.series);
    metric_init(&course.metric);
    enum tare_status status = course_load(&course, series_id, error);
    size_t place = 0;
    while (place < course.count && course_is_judged(&course, &course.list[place]))
        place++;
    if (status == TARE_OK && place < course.count)
        status = course_load_verdicts(&course, place, error);
    bool moved = false;
    for (; place < course.count && status == TARE_OK; place++) {
        if (!course.list[place].final)
            continue;
        status = course_step(&course, place, error);
        moved = true;
    }
    if (status == TARE_OK && moved)
        status = store_standing_put(judge->store, &course.standing, error);
    course_release(&course);
    return status;
}
