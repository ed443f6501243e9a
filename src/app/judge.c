#include "app/judge.h"

#include "app/level.h"
#include "app/lists.h"
#include "app/outbox.h"
#include "app/rules.h"
#include "base/array.h"
#include "base/error.h"

#include <stdlib.h>

#define CONTEXT                                                                                   \
    (2 * COURSE_KEPT) /* measurements before the new ones, some of which may not count */
enum { FARTHEST = 16 };

void judge_init(struct judge *judge, struct store *store, const struct config *config)
{
    *judge = (struct judge){.store = store, .config = config};
}

void judge_release(struct judge *judge)
{
    level_scratch_free(judge->scratch);
    free(judge->notices);
    judge_init(judge, NULL, NULL);
}

/* ---- where things go ---- */

/* What is ok can be said again from its numbers: its reason is not kept. Nor is the whole verdict
 * where past_forget() would soon have it again. */
static enum tare_status verdict_keep(void *context, int64_t measurement_id,
                                     struct verdict *verdict, const struct course_words *words,
                                     struct tare_error *error)
{
    struct judge *judge = context;
    if (verdict->severity != SEVERITY_OK)
        course_words_write(words, verdict);
    else if (judge->to_come + 1 >= COURSE_KEPT && judge->told_id != measurement_id)
        return TARE_OK;
    return store_verdict_put(judge->store, measurement_id, verdict, error);
}

static enum tare_status alert_keep(void *context, struct alert *alert, struct tare_error *error)
{
    return store_alert_put(((struct judge *)context)->store, alert, error);
}

static enum tare_status event_keep(void *context, struct alert_event *event,
                                   struct tare_error *error)
{
    struct judge *judge = context;
    judge->told_id = event->measurement_id;
    enum tare_status status = store_alert_event_add(judge->store, event, error);
    if (status == TARE_OK)
        status = outbox_add(judge->store, judge->config, event, error);
    if (status != TARE_OK || !event->notify)
        return status;
    struct judge_notice *notice = array_add(&judge->notices, &judge->notice_count, sizeof *notice);
    if (notice == NULL)
        return error_memory(error);
    *notice = (struct judge_notice){event->alert_id, event->id};
    return TARE_OK;
}

static enum tare_status commit_find(void *context, int64_t measurement_id,
                                    char commit[COMMIT_TEXT_SIZE], struct tare_error *error)
{
    struct judge *judge = context;
    return store_measurement_commit(judge->store, measurement_id, commit, error);
}

static struct course_sink sink_of(struct judge *judge)
{
    return (struct course_sink){judge, verdict_keep, alert_keep, event_keep, commit_find};
}

/* ---- a series ---- */

static struct course_measurement course_measurement_of(const struct course *course,
                                                       const struct measurement *measurement)
{
    return (struct course_measurement){.id = measurement->id,
                                       .time_ns = measurement->time_ns,
                                       .value = measurement->value,
                                       .counts = measurement_counts(measurement),
                                       .admitted = baseline_admits(&course->rule, measurement)};
}

enum tare_status judge_begin(struct judge *judge, int64_t series_id, struct course *course,
                             struct tare_error *error)
{
    struct series series;
    struct metric metric;
    const struct baseline_rule rule = rules_baseline(judge->config);
    series_init(&series);
    metric_init(&metric);
    course->admitted = NULL;
    metric_init(&course->metric);
    if (judge->scratch == NULL)
        judge->scratch = level_scratch_new();
    enum tare_status status = judge->scratch != NULL ? TARE_OK : error_memory(error);
    if (status == TARE_OK)
        status = series_get(judge->store, series_id, &series, error);
    if (status == TARE_OK)
        status = store_metric_get(judge->store, series.metric_id, &metric, error);
    if (status == TARE_OK)
        status = course_init(course, series_id, &metric, &rule, error);
    metric_release(&metric);
    series_release(&series);
    return status;
}

/* The verdict that nothing looks back at any more: no step that is found later can begin there. */
static enum tare_status past_forget(struct judge *judge, const struct course *course,
                                    struct tare_error *error)
{
    const struct course_history *history = &course->history;
    if (history->count < COURSE_KEPT)
        return TARE_OK;
    int64_t oldest = history->ids[course_history_first(history, COURSE_KEPT)];
    return store_verdict_forget(judge->store, oldest, error);
}

/* Of those that verdict_keep() has kept. */
static bool past_was_bad(const struct course *course)
{
    const struct course_history *history = &course->history;
    const struct evidence_point *oldest =
        &history->points[course_history_first(history, COURSE_KEPT)];
    return history->count >= COURSE_KEPT &&
           (oldest->target_severity > SEVERITY_OK || oldest->baseline_severity > SEVERITY_OK);
}

static enum tare_status measurement_take(struct judge *judge, struct course *course,
                                         const struct course_measurement *measurement,
                                         uint64_t to_come, struct tare_error *error)
{
    const struct course_sink sink = sink_of(judge);
    judge->to_come = to_come;
    return course_take(course, measurement, judge->scratch, &sink, error);
}

enum tare_status judge_measurement(struct judge *judge, struct course *course,
                                   const struct course_measurement *measurement, uint64_t to_come,
                                   struct tare_error *error)
{
    enum tare_status status = measurement_take(judge, course, measurement, to_come, error);
    return status == TARE_OK && past_was_bad(course) ? past_forget(judge, course, error) : status;
}

enum tare_status judge_end(struct judge *judge, struct course *course, struct tare_error *error)
{
    const struct course_sink sink = sink_of(judge);
    enum tare_status status = course_finish(course, &sink, error);
    return status == TARE_OK ? store_standing_put(judge->store, &course->standing, error) : status;
}

/* ---- a series that has a past ---- */

static enum tare_status alerts_load(struct judge *judge, struct course *course,
                                    struct tare_error *error)
{
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++) {
        struct alert alert;
        enum tare_status status = store_alert_find(judge->store, course->series_id,
                                                   (enum alert_kind)kind, &alert, error);
        if (status == TARE_OK)
            course->alerts.alerts[kind] = alert;
        else if (status != TARE_E_NOT_FOUND)
            return status;
    }
    return TARE_OK;
}

static enum tare_status verdict_recall(struct judge *judge, int64_t measurement_id,
                                       struct verdict *verdict, struct tare_error *error)
{
    return store_verdict_list(judge->store, &measurement_id, 1, verdict, error);
}

/* Where the clock was ahead and something of now waits: back to the newest that was judged and is
 * not of the future. */
static enum tare_status clock_follow(struct judge *judge, struct course *course,
                                     const struct measurement *list, size_t count,
                                     struct tare_error *error)
{
    int64_t now_ns = clock_now_ns();
    enum tare_status status = TARE_OK;
    size_t waiting = 0;
    if (course->standing.judged_ns <= now_ns)
        return TARE_OK;
    for (size_t i = count; i-- > 0 && status == TARE_OK;) {
        struct verdict verdict;
        if (list[i].time_ns > now_ns || !list[i].final || !measurement_counts(&list[i]))
            continue;
        status = verdict_recall(judge, list[i].id, &verdict, error);
        bool judged = status == TARE_OK && verdict_is_passed(&verdict);
        if (judged && waiting > 0) {
            course->standing.judged_id = list[i].id;
            course->standing.judged_ns = list[i].time_ns;
        }
        if (judged)
            return status;
        waiting++;
    }
    if (waiting > 0)
        course->standing.judged_id = course->standing.judged_ns = 0;
    return status;
}

/* What is recalled before list[first_new] begins behind the newest start of the baseline, and
 * `looked_at` where evidence still looks. */
static size_t past_begin(const struct course *course, const struct measurement *list,
                         size_t first_new, size_t *looked_at)
{
    size_t from = first_new, found = 0;
    *looked_at = first_new;
    while (from > 0 && found < CONTEXT + course->rule.window &&
           list[from - 1].id != course->standing.start_after_id) {
        found += baseline_admits(&course->rule, &list[--from]);
        if (found < EVIDENCE_LOOKS_AT)
            *looked_at = from;
    }
    return from;
}

/* Whether one without a verdict, behind the place that was judged up to, is judged all the same.
 */
static bool came_late(const struct course *course, const struct measurement *measurement)
{
    return measurement->final &&
           measurement->time_ns >= course->standing.judged_ns - JUDGE_LATE_NS;
}

/* Recalls what stands before list[first_new], with the verdicts that evidence still looks at; what
 * came late goes to `late`, in order, with room for EVIDENCE_LOOKS_AT. */
static enum tare_status past_recall(struct judge *judge, struct course *course,
                                    const struct measurement *list, size_t first_new,
                                    struct measurement *late, size_t *late_count,
                                    struct tare_error *error)
{
    size_t looked_at, from = past_begin(course, list, first_new, &looked_at);
    for (size_t i = from; i < first_new; i++) {
        struct verdict verdict = {.learning = true};
        enum tare_status status = TARE_OK;
        if (i >= looked_at && measurement_counts(&list[i]))
            status = verdict_recall(judge, list[i].id, &verdict, error);
        if (status != TARE_OK)
            return status;
        const struct course_measurement past = course_measurement_of(course, &list[i]);
        bool is_late = !verdict_is_passed(&verdict) && came_late(course, &list[i]);
        if (is_late && *late_count < EVIDENCE_LOOKS_AT)
            late[(*late_count)++] = list[i];
        else
            course_recall(course, &past, &verdict);
    }
    return TARE_OK;
}

static size_t admitted_count(const struct course *course, const struct measurement *list,
                             size_t count)
{
    size_t admitted = 0;
    for (size_t i = 0; i < count; i++)
        admitted += baseline_admits(&course->rule, &list[i]);
    return admitted;
}

/* What is new, with enough before it to stand on; oldest first. Between those of a base branch
 * there may be many of others: as far back as FARTHEST times as many are looked for. */
static enum tare_status list_load(struct judge *judge, const struct course *course,
                                  struct measurement **list, size_t *count,
                                  struct tare_error *error)
{
    struct measurement *fresh = NULL;
    size_t fresh_count = 0;
    const struct store_filter unjudged = {.series_id = course->series_id,
                                          .after_measurement_id = course->standing.judged_id};
    enum tare_status status = store_measurement_list(judge->store, &unjudged, &fresh, &fresh_count,
                                                     error);
    free(fresh);
    if (status != TARE_OK)
        return status;
    size_t wanted = COURSE_KEPT + course->rule.window;
    struct store_filter with_context = {.series_id = course->series_id};
    for (size_t times = 1; times <= FARTHEST && status == TARE_OK; times *= 2) {
        with_context.limit = fresh_count + times * (CONTEXT + course->rule.window);
        free(*list);
        *list = NULL;
        status = store_measurement_list(judge->store, &with_context, list, count, error);
        if (status == TARE_OK && (*count < with_context.limit ||
                                  admitted_count(course, *list, *count - fresh_count) >= wanted))
            break;
    }
    return status;
}

static enum tare_status next_judge(struct judge *judge, struct course *course,
                                   const struct measurement *measurement, struct tare_error *error)
{
    const struct course_measurement next = course_measurement_of(course, measurement);
    enum tare_status status = measurement_take(judge, course, &next, 0, error);
    return status == TARE_OK ? past_forget(judge, course, error) : status;
}

/* Of what lies in the future, some was judged while the clock was there. */
static enum tare_status was_judged(struct judge *judge, const struct measurement *measurement,
                                   bool *judged, struct tare_error *error)
{
    struct verdict verdict;
    *judged = false;
    if (measurement->time_ns <= clock_now_ns())
        return TARE_OK;
    enum tare_status status = verdict_recall(judge, measurement->id, &verdict, error);
    *judged = status == TARE_OK && verdict_is_passed(&verdict);
    return status;
}

static enum tare_status list_judge(struct judge *judge, struct course *course,
                                   const struct measurement *list, size_t count,
                                   struct tare_error *error)
{
    struct measurement late[EVIDENCE_LOOKS_AT];
    size_t place = 0, late_count = 0;
    bool moved = false, judged;
    enum tare_status status = clock_follow(judge, course, list, count, error);
    while (place < count && course_is_judged(course, list[place].id, list[place].time_ns))
        place++;
    if (status == TARE_OK)
        status = alerts_load(judge, course, error);
    if (status == TARE_OK)
        status = past_recall(judge, course, list, place, late, &late_count, error);
    for (size_t i = 0; i < late_count && status == TARE_OK; i++, moved = true)
        status = next_judge(judge, course, &late[i], error);
    for (; place < count && status == TARE_OK; place++) {
        status = was_judged(judge, &list[place], &judged, error);
        if (status != TARE_OK || judged || !list[place].final)
            continue;
        status = next_judge(judge, course, &list[place], error);
        moved = true;
    }
    return status == TARE_OK && moved ? judge_end(judge, course, error) : status;
}

enum tare_status judge_series(struct judge *judge, int64_t series_id, struct tare_error *error)
{
    struct course *course = malloc(sizeof *course);
    struct measurement *list = NULL;
    size_t count = 0;
    if (course == NULL)
        return error_memory(error);
    enum tare_status status = judge_begin(judge, series_id, course, error);
    if (status == TARE_OK)
        status = rules_standing_get(judge->store, judge->config, series_id, &course->standing,
                                    error);
    if (status == TARE_OK)
        status = list_load(judge, course, &list, &count, error);
    if (status == TARE_OK && count > 0)
        status = list_judge(judge, course, list, count, error);
    free(list);
    course_release(course);
    free(course);
    return status;
}
