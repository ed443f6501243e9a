#include "app/course.h"

#include "app/level.h"
#include "app/lists.h"
#include "app/rules.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT      400 /* measurements before the new ones, for windows with gaps in them */
#define VERDICT_ROOM (2 * (size_t)EVIDENCE_LOOKS_AT)

void course_release(struct course *course)
{
    series_release(&course->series);
    metric_release(&course->metric);
    level_scratch_free(course->level);
    free(course->list);
    free(course->verdicts);
    free(course->places);
}

const struct verdict *course_verdicts(const struct course *course)
{
    return course->verdicts + course->verdict_first;
}

struct verdict *course_last_verdict(struct course *course)
{
    return &course->verdicts[course->verdict_first + course->verdict_count - 1];
}

void course_push_verdict(struct course *course, const struct verdict *verdict, size_t place)
{
    if (course->verdict_first + course->verdict_count == VERDICT_ROOM) {
        size_t kept = EVIDENCE_LOOKS_AT - 1;
        memmove(course->verdicts, course->verdicts + VERDICT_ROOM - kept,
                kept * sizeof *course->verdicts);
        memmove(course->places, course->places + VERDICT_ROOM - kept,
                kept * sizeof *course->places);
        course->verdict_first = 0;
        course->verdict_count = kept;
    }
    if (course->verdict_count == EVIDENCE_LOOKS_AT) {
        course->verdict_first++;
        course->verdict_count--;
    }
    size_t at = course->verdict_first + course->verdict_count++;
    course->verdicts[at] = *verdict;
    course->places[at] = place;
}

bool course_is_judged(const struct course *course, const struct measurement *measurement)
{
    const struct baseline_standing *standing = &course->standing;
    if (measurement->time_ns != standing->judged_ns)
        return measurement->time_ns < standing->judged_ns;
    return measurement->id <= standing->judged_id;
}

enum tare_status course_load_verdicts(struct course *course, size_t first_new,
                                      struct tare_error *error)
{
    size_t from = first_new;
    size_t found = 0;
    while (from > 0 && found < EVIDENCE_LOOKS_AT - 1 &&
           course->list[from - 1].id != course->standing.start_after_id)
        found += measurement_counts(&course->list[--from]);
    for (size_t i = from; i < first_new; i++) {
        struct verdict verdict;
        if (!measurement_counts(&course->list[i]))
            continue;
        enum tare_status status = store_verdict_list(course->judge->store, &course->list[i].id, 1,
                                                     &verdict, error);
        if (status != TARE_OK)
            return status;
        course_push_verdict(course, &verdict, i);
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

enum tare_status course_load(struct course *course, int64_t series_id, struct tare_error *error)
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
    course->verdicts = malloc(VERDICT_ROOM * sizeof *course->verdicts);
    course->places = malloc(VERDICT_ROOM * sizeof *course->places);
    if (course->verdicts == NULL || course->places == NULL)
        return error_memory(error);
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
