#include "app/judge.h"

#include "alert/alert_series.h"
#include "app/lists.h"
#include "app/rules.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "baseline/baseline_standing.h"
#include "detect/evidence.h"
#include "detect/measurement_verdict.h"
#include "detect/reason.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 400 /* measurements before the new ones, for windows with gaps in them */

/* One series on its way through detection. */
struct course {
    struct judge *judge;
    struct series series;
    struct metric metric;
    struct baseline_rule rule;
    struct baseline_standing standing;
    struct measurement *list; /* context, then what is new; oldest first */
    size_t count;
    struct verdict verdicts[EVIDENCE_LOOKS_AT]; /* the last ones, oldest first … */
    size_t places[EVIDENCE_LOOKS_AT];           /* … and of which measurement in `list` */
    size_t verdict_count;
    struct alert_series alerts;
};

void judge_init(struct judge *judge, struct store *store, const struct config *config)
{
    *judge = (struct judge){.store = store, .config = config};
}

void judge_release(struct judge *judge)
{
    free(judge->notices);
    judge_init(judge, NULL, NULL);
}

static void course_release(struct course *course)
{
    series_release(&course->series);
    metric_release(&course->metric);
    free(course->list);
}

static void verdict_push(struct course *course, const struct verdict *verdict, size_t place)
{
    if (course->verdict_count == EVIDENCE_LOOKS_AT) {
        memmove(course->verdicts, course->verdicts + 1,
                (EVIDENCE_LOOKS_AT - 1) * sizeof course->verdicts[0]);
        memmove(course->places, course->places + 1,
                (EVIDENCE_LOOKS_AT - 1) * sizeof course->places[0]);
        course->verdict_count--;
    }
    course->verdicts[course->verdict_count] = *verdict;
    course->places[course->verdict_count++] = place;
}

static bool is_judged(const struct course *course, const struct measurement *measurement)
{
    const struct baseline_standing *standing = &course->standing;
    if (measurement->time_ns != standing->judged_ns)
        return measurement->time_ns < standing->judged_ns;
    return measurement->id <= standing->judged_id;
}

/* The newest verdicts passed before, for the evidence. */
static enum tare_status verdicts_load(struct course *course, size_t first_new,
                                      struct tare_error *error)
{
    size_t from = first_new;
    size_t found = 0;
    while (from > 0 && found < EVIDENCE_LOOKS_AT - 1)
        found += measurement_counts(&course->list[--from]);
    for (size_t i = from; i < first_new; i++) {
        struct verdict verdict;
        if (!measurement_counts(&course->list[i]))
            continue;
        enum tare_status status = store_verdict_list(course->judge->store, &course->list[i].id, 1,
                                                     &verdict, error);
        if (status != TARE_OK)
            return status;
        verdict_push(course, &verdict, i);
    }
    return TARE_OK;
}

static enum tare_status alerts_load(struct course *course, struct tare_error *error)
{
    alert_series_init(&course->alerts, course->series.id);
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++) {
        struct alert alert;
        enum tare_status status = store_alert_find(course->judge->store, course->series.id,
                                                   (enum alert_kind)kind, &alert, error);
        if (status == TARE_OK)
            course->alerts.alerts[kind] = alert;
        else if (status != TARE_E_NOT_FOUND)
            return status;
    }
    return TARE_OK;
}

static enum tare_status course_load(struct course *course, int64_t series_id,
                                    struct tare_error *error)
{
    struct store *store = course->judge->store;
    struct measurement *fresh = NULL;
    size_t fresh_count = 0;
    enum tare_status status = series_get(store, series_id, &course->series, error);
    if (status == TARE_OK)
        status = store_metric_get(store, course->series.metric_id, &course->metric, error);
    if (status == TARE_OK)
        status = store_standing_get(store, series_id, &course->standing, error);
    if (status != TARE_OK)
        return status;
    course->rule = rules_baseline(course->judge->config);
    const struct store_filter unjudged = {.series_id = series_id,
                                          .after_measurement_id = course->standing.judged_id};
    status = store_measurement_list(store, &unjudged, &fresh, &fresh_count, error);
    free(fresh);
    if (status != TARE_OK || fresh_count == 0)
        return status;
    const struct store_filter with_context = {
        .series_id = series_id, .limit = fresh_count + CONTEXT + course->rule.window};
    status = store_measurement_list(store, &with_context, &course->list, &course->count, error);
    return status == TARE_OK ? alerts_load(course, error) : status;
}

/* What a verdict says to the alert of one kind. */
static struct alert_sign sign_of(const struct course *course, enum alert_kind kind,
                                 const struct evidence *evidence)
{
    const struct verdict *verdict = &course->verdicts[course->verdict_count - 1];
    bool target = kind == ALERT_TARGET;
    size_t back = evidence->first_bad < course->verdict_count ? evidence->first_bad
                                                              : course->verdict_count - 1;
    size_t bad_at = course->verdict_count - 1 - back;
    const struct measurement *bad = &course->list[course->places[bad_at]];
    const struct measurement *good = bad_at > 0 ? &course->list[course->places[bad_at - 1]] : NULL;
    return (struct alert_sign){
        .judged = target ? !isnan(course->metric.target) : !verdict->learning,
        .seen = target ? verdict->target_severity : verdict->baseline_severity,
        .evidence = evidence->severity,
        .expected = target ? course->metric.target : verdict->centre,
        .deviation_percent = target ? verdict->deviation_target_percent
                                    : verdict->deviation_baseline_percent,
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

static struct verdict verdict_pass(const struct course *course, double value)
{
    const struct baseline *baseline = &course->standing.baseline;
    struct verdict verdict = measurement_verdict(&course->metric, baseline, value);
    verdict.centre = baseline->centre;
    verdict.spread = baseline->spread;
    verdict.baseline_n = baseline->n;
    verdict.window_first_id = baseline->first_id;
    verdict.window_last_id = baseline->last_id;
    return verdict;
}

static enum tare_status measurement_judge(struct course *course, size_t place,
                                          struct tare_error *error)
{
    const struct measurement *measurement = &course->list[place];
    struct store *store = course->judge->store;
    struct alert_sign signs[ALERT_KIND_COUNT] = {0};
    struct verdict verdict = verdict_pass(course, measurement->value);
    verdict_push(course, &verdict, place);
    struct verdict *last = &course->verdicts[course->verdict_count - 1];
    bool pending = false;
    for (int kind = ALERT_TARGET; kind <= ALERT_BASELINE; kind++) {
        struct evidence evidence = evidence_weigh(&course->metric, &course->standing.baseline,
                                                  (enum alert_kind)kind, course->verdicts,
                                                  course->verdict_count);
        signs[kind] = sign_of(course, (enum alert_kind)kind, &evidence);
        pending = pending || evidence.pending;
    }
    for (int kind = ALERT_TREND; kind < ALERT_KIND_COUNT; kind++)
        signs[kind].reason = "";
    enum tare_status status = alerts_take(course, signs, measurement, error);
    if (status != TARE_OK)
        return status;
    if (pending && !alert_is_live(&course->alerts.alerts[ALERT_TARGET]) &&
        !alert_is_live(&course->alerts.alerts[ALERT_BASELINE]))
        reason_append(last, "; seen once, alert if it repeats");
    return store_verdict_put(store, measurement->id, last, error);
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
    while (place < course.count && is_judged(&course, &course.list[place]))
        place++;
    if (status == TARE_OK && place < course.count)
        status = verdicts_load(&course, place, error);
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
