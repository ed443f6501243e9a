#include "app/report_parts.h"

#include "app/history.h"
#include "base/clock.h"
#include "base/error.h"
#include "detect/deviation.h"
#include "detect/set_verdict.h"
#include "detect/trend_verdict.h"
#include "detect/watch_verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COURSE_MOST                                                                               \
    2000                  /* measurements that change points and trend are looked for in; beyond, \
                             in the medians of days */
#define NEAR_PERCENT 0.79 /* how far the middle of a bucket is from a value in it, at most */
#define HOUR_NS      (INT64_C(3600) * CLOCK_NS_PER_SECOND)
#define SLOTS_MOST   92

/* ---- numbers and change ---- */

/* The values of a pool one by one. NULL: no memory. */
static double *values_spread(const struct value_pool *pool, size_t *count)
{
    *count = (size_t)weighted_count(pool->points, pool->count);
    double *values = calloc(*count + 1, sizeof *values);
    if (values != NULL)
        value_pool_spread(pool, values);
    return values;
}

static void change_note(const struct set_comparison *found, struct period_change *change)
{
    change->percent = found->change_percent;
    change->low_percent = found->low_percent;
    change->high_percent = found->high_percent;
    change->p = found->p;
    change->word = set_change_word(found->change);
    snprintf(change->reason, sizeof change->reason, "%s",
             found->a_n == 0   ? "nothing was measured in the period before"
             : found->b_n == 0 ? "nothing was measured in this period"
                               : found->reason);
}

static enum tare_status change_find(const struct value_pool *before, const struct value_pool *now,
                                    struct period_row *row, struct tare_error *error)
{
    size_t a_count = 0, b_count = 0;
    double *a = values_spread(before, &a_count), *b = values_spread(now, &b_count);
    double *scratch = calloc(a_count + b_count + 1, sizeof *scratch);
    bool done = a != NULL && b != NULL && scratch != NULL;
    if (done) {
        double error_percent = NEAR_PERCENT * (before->approximate + now->approximate);
        struct set_comparison found = set_compare_near(
            &row->course.metric, (struct value_set){a, a_count}, (struct value_set){b, b_count},
            error_percent, scratch);
        change_note(&found, &row->change);
    }
    free(a);
    free(b);
    free(scratch);
    return done ? TARE_OK : error_memory(error);
}

/* Whether a session's value is a level of its observations, so that their 95th percentile is the
 * metric's; of a sum, a count, a rate it is not. */
static bool is_level(enum metric_aggregate aggregate)
{
    return aggregate == AGGREGATE_MEDIAN || aggregate == AGGREGATE_MEAN ||
           aggregate == AGGREGATE_P95 || aggregate == AGGREGATE_P99;
}

static enum tare_status numbers_fill(struct store *store, const struct period_report *report,
                                     const struct period_data *data, struct period_row *row,
                                     struct tare_error *error)
{
    const struct time_span period = {report->since_ns, report->until_ns};
    const struct time_span earlier = {report->before_ns, report->since_ns};
    struct value_pool now, before, observations;
    value_pool_init(&now);
    value_pool_init(&before);
    value_pool_init(&observations);
    row->rolled_up = period_data_values(data, period, &now);
    row->rolled_up_before = period_data_values(data, earlier, &before);
    enum tare_status status = period_data_observations(store, data, period, &observations,
                                                       &row->failed, error);
    if (status == TARE_OK && (now.failed || before.failed || observations.failed))
        status = error_memory(error);
    if (status == TARE_OK) {
        row->values = value_pool_numbers(&now);
        row->before = value_pool_numbers(&before);
        row->observations = value_pool_numbers(&observations);
        row->p95 = is_level(row->course.metric.aggregate) ? row->observations.p95
                                                          : row->values.p95;
        status = change_find(&before, &now, row, error);
    }
    value_pool_release(&now);
    value_pool_release(&before);
    value_pool_release(&observations);
    return status;
}

/* ---- the watch list ---- */

/* The value of a day that is farthest on the wrong side of the target. */
static double worst_of(const struct metric *metric, const struct value_pool *pool)
{
    double least = deviation_worse(metric->better, pool->min, metric->target);
    double greatest = deviation_worse(metric->better, pool->max, metric->target);
    return least > greatest ? pool->min : pool->max;
}

static enum tare_status days_take(const struct metric *metric, const struct period_data *data,
                                  struct time_span bounds, struct watch_day *days, size_t *count,
                                  struct tare_error *error)
{
    struct value_pool pool;
    value_pool_init(&pool);
    for (int64_t day_ns = rollup_day(bounds.from_ns); day_ns <= bounds.to_ns;
         day_ns += CLOCK_NS_PER_DAY) {
        value_pool_clear(&pool);
        period_data_values(data, (struct time_span){day_ns, day_ns + CLOCK_NS_PER_DAY}, &pool);
        if (pool.n > 0)
            days[(*count)++] = (struct watch_day){day_ns, pool.n, value_pool_median(&pool),
                                                  worst_of(metric, &pool)};
    }
    enum tare_status status = pool.failed ? error_memory(error) : TARE_OK;
    value_pool_release(&pool);
    return status;
}

static enum tare_status watch_fill(const struct period_report *report,
                                   const struct period_data *data, struct period_row *row,
                                   struct tare_error *error)
{
    struct time_span bounds;
    size_t count = 0;
    if (isnan(row->course.metric.target) || !period_data_bounds(data, &bounds))
        return TARE_OK;
    size_t room = data->count + data->rollup_count; /* no more days than that */
    struct watch_day *days = calloc(room + 1, sizeof *days);
    double *scratch = calloc(watch_scratch(), sizeof *scratch);
    enum tare_status status = days != NULL && scratch != NULL ? TARE_OK : error_memory(error);
    if (status == TARE_OK)
        status = days_take(&row->course.metric, data, bounds, days, &count, error);
    if (status == TARE_OK)
        row->watch = watch_verdict(&row->course.metric, days, count, report->since_ns, scratch);
    free(scratch);
    free(days);
    return status;
}

/* ---- marks of the charts ---- */

/* The period in parts of `length_ns`, the last maybe shorter. */
static enum tare_status slots_make(const struct period_report *report,
                                   const struct period_data *data, int64_t length_ns,
                                   struct period_slot **slots, size_t *count,
                                   struct tare_error *error)
{
    struct value_pool pool;
    int64_t end_ns = report->until_ns;
    size_t wanted = (size_t)((end_ns - report->since_ns + length_ns - 1) / length_ns);
    struct period_slot *made = calloc(wanted + 1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    value_pool_init(&pool);
    for (size_t i = 0; i < wanted; i++) {
        int64_t from_ns = report->since_ns + (int64_t)i * length_ns;
        int64_t to_ns = from_ns + length_ns < end_ns ? from_ns + length_ns : end_ns;
        value_pool_clear(&pool);
        period_data_values(data, (struct time_span){from_ns, to_ns}, &pool);
        made[i] = (struct period_slot){from_ns, pool.n, value_pool_median(&pool),
                                       pool.n > 0 ? pool.min : NAN, pool.n > 0 ? pool.max : NAN};
    }
    bool failed = pool.failed;
    value_pool_release(&pool);
    if (failed) {
        free(made);
        return error_memory(error);
    }
    *slots = made;
    *count = wanted;
    return TARE_OK;
}

/* Hours for a day or two, quarters of days for a week, days, or several days: at most SLOTS_MOST.
 * A day that is rolled up is not parted. */
static int64_t slot_length(uint32_t days, bool rolled_up)
{
    if (days <= 2 && !rolled_up)
        return HOUR_NS;
    if (days <= 7 && !rolled_up)
        return 6 * HOUR_NS;
    return (int64_t)((days + SLOTS_MOST - 1) / SLOTS_MOST) * CLOCK_NS_PER_DAY;
}

static enum tare_status marks_fill(const struct period_report *report,
                                   const struct period_data *data, struct period_row *row,
                                   struct tare_error *error)
{
    struct period_slot *coarse = NULL;
    size_t count = 0;
    int64_t length_ns = slot_length(report->days, row->rolled_up > 0);
    enum tare_status status = slots_make(report, data, length_ns, &row->slots, &row->slot_count,
                                         error);
    if (status != TARE_OK)
        return status;
    int64_t together = (int64_t)((row->slot_count + PERIOD_SPARK - 1) / PERIOD_SPARK);
    status = slots_make(report, data, length_ns * (together > 0 ? together : 1), &coarse, &count,
                        error);
    for (size_t i = 0; i < count; i++)
        row->spark[row->spark_count++] = coarse[i].median;
    free(coarse);
    return status;
}

/* ---- change points and trend ---- */

static enum tare_status course_room(struct history_report *course, size_t count,
                                    struct tare_error *error)
{
    course->values = calloc(count + 1, sizeof *course->values);
    course->times_ns = calloc(count + 1, sizeof *course->times_ns);
    course->commits = calloc(count + 1, sizeof *course->commits);
    bool done = course->values != NULL && course->times_ns != NULL && course->commits != NULL;
    return done ? TARE_OK : error_memory(error);
}

static enum tare_status course_of_days(const struct period_data *data, struct time_span span,
                                       struct history_report *course, struct tare_error *error)
{
    struct value_pool pool;
    size_t most = (size_t)((span.to_ns - span.from_ns) / CLOCK_NS_PER_DAY) + 1;
    enum tare_status status = course_room(course, most, error);
    if (status != TARE_OK)
        return status;
    value_pool_init(&pool);
    for (int64_t day_ns = span.from_ns; day_ns < span.to_ns; day_ns += CLOCK_NS_PER_DAY) {
        value_pool_clear(&pool);
        period_data_values(data, (struct time_span){day_ns, day_ns + CLOCK_NS_PER_DAY}, &pool);
        if (pool.n == 0)
            continue;
        course->values[course->count] = value_pool_median(&pool);
        course->times_ns[course->count++] = day_ns;
    }
    status = pool.failed ? error_memory(error) : TARE_OK;
    value_pool_release(&pool);
    return status;
}

static enum tare_status course_of_measurements(const struct period_data *data, size_t first,
                                               struct history_report *course,
                                               struct tare_error *error)
{
    enum tare_status status = course_room(course, data->count - first, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = first; i < data->count; i++) {
        course->values[course->count] = data->list[i].value;
        course->times_ns[course->count] = data->list[i].time_ns;
        memcpy(course->commits[course->count++], data->list[i].commit, COMMIT_TEXT_SIZE);
    }
    return TARE_OK;
}

/* Whether a step is large enough to be told, be it for the worse or for the better. */
static bool point_matters(const struct metric *metric, const struct history_point *point)
{
    char reason[256];
    double z = point->z;
    return step_severity(metric, point->before, point->after, z, reason, sizeof reason) ||
           step_severity(metric, point->after, point->before, z, reason, sizeof reason);
}

/* Change points of before the period are no news of it; nor are those that nobody would feel. */
static void points_keep_news(struct history_report *course, int64_t since_ns)
{
    size_t kept = 0;
    for (size_t i = 0; i < course->point_count; i++)
        if (course->points[i].time_ns >= since_ns &&
            point_matters(&course->metric, &course->points[i]))
            course->points[kept++] = course->points[i];
    course->point_count = kept;
}

static enum tare_status course_fill(const struct period_report *report,
                                    const struct period_data *data, struct period_row *row,
                                    struct tare_error *error)
{
    struct history_report *course = &row->course;
    int64_t month_ns = report->since_ns + (int64_t)report->days * CLOCK_NS_PER_DAY -
                       TREND_DAYS * CLOCK_NS_PER_DAY;
    struct time_span span = {month_ns < report->since_ns ? month_ns : report->since_ns,
                             report->until_ns};
    size_t first = period_data_place(data, span.from_ns);
    bool rolled_up = data->rollup_count > 0 &&
                     data->rollups[data->rollup_count - 1].day_ns >= span.from_ns;
    row->of_days = rolled_up || data->count - first > COURSE_MOST;
    enum tare_status status = row->of_days ? course_of_days(data, span, course, error)
                                           : course_of_measurements(data, first, course, error);
    if (status == TARE_OK)
        status = history_examine(course, error);
    points_keep_news(course, report->since_ns);
    return status;
}

enum tare_status report_row_fill(struct store *store, const struct period_report *report,
                                 const struct period_data *data, struct period_row *row,
                                 struct tare_error *error)
{
    enum tare_status status = numbers_fill(store, report, data, row, error);
    if (status == TARE_OK)
        status = watch_fill(report, data, row, error);
    if (status == TARE_OK)
        status = marks_fill(report, data, row, error);
    return status == TARE_OK ? course_fill(report, data, row, error) : status;
}
