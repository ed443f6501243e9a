#include "app/history.h"

#include "base/array.h"
#include "base/error.h"
#include "collect/number_table.h"
#include "detect/trend_verdict.h"
#include "stats/change_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TREND_MOST 1000 /* values that the trend is taken of: the newest */

static enum tare_status points_note(struct history_report *report,
                                    const struct change_point *points, size_t count,
                                    struct tare_error *error)
{
    for (size_t i = 0; i < count; i++) {
        struct history_point *point = array_add(&report->points, &report->point_count,
                                                sizeof *point);
        if (point == NULL)
            return error_memory(error);
        size_t at = points[i].index;
        *point = (struct history_point){.index = at,
                                        .time_ns = report->times_ns[at],
                                        .before = points[i].before,
                                        .after = points[i].after,
                                        .change_percent = points[i].change_percent,
                                        .z = points[i].z,
                                        .confirmed = points[i].state == CHANGE_CONFIRMED};
        if (report->commits != NULL && at > 0) {
            memcpy(point->bad_commit, report->commits[at], COMMIT_TEXT_SIZE);
            memcpy(point->good_commit, report->commits[at - 1], COMMIT_TEXT_SIZE);
        }
    }
    return TARE_OK;
}

static enum tare_status points_find(struct history_report *report, struct tare_error *error)
{
    size_t n = report->count;
    void *scratch = malloc(change_points_scratch(n) + 1);
    struct change_point *points = calloc(change_points_most(n) + 1, sizeof *points);
    enum tare_status status = TARE_E_MEMORY;
    if (scratch != NULL && points != NULL) {
        size_t count = change_points_find(report->values, n, NULL, scratch, points);
        status = points_note(report, points, count, error);
        report->detectable = change_points_detectable(report->values, n, scratch);
    } else {
        error_memory(error);
    }
    free(scratch);
    free(points);
    return status;
}

/* The newest finite values, with their times where all of them have one. */
struct trend_input {
    double *values;
    int64_t *times_ns;
    size_t count;
    size_t first; /* index of the first in the report */
};

static bool trend_input_take(const struct history_report *report, struct trend_input *input)
{
    size_t first = report->count, room = 0;
    bool timed = true;
    while (first > 0 && room < TREND_MOST)
        room += isfinite(report->values[--first]) != 0;
    *input = (struct trend_input){.first = first};
    input->values = calloc(room + 1, sizeof *input->values);
    input->times_ns = calloc(room + 1, sizeof *input->times_ns);
    if (input->values == NULL || input->times_ns == NULL)
        return false;
    for (size_t i = first; i < report->count; i++) {
        if (!isfinite(report->values[i]))
            continue;
        size_t before = input->count > 0 ? input->count - 1 : 0;
        timed = timed && report->times_ns[i] != 0 &&
                (input->count == 0 || report->times_ns[i] >= input->times_ns[before]);
        input->values[input->count] = report->values[i];
        input->times_ns[input->count++] = report->times_ns[i];
    }
    for (size_t i = 0; !timed && i < input->count; i++)
        input->times_ns[i] = (int64_t)i; /* no times, or not in order: by position */
    return true;
}

static bool step_inside(const struct history_report *report, size_t first)
{
    for (size_t i = 0; i < report->point_count; i++)
        if (report->points[i].index > first)
            return true;
    return false;
}

static enum tare_status trend_find(struct history_report *report, struct tare_error *error)
{
    struct trend_input input = {0};
    double *scratch = NULL;
    bool done = trend_input_take(report, &input);
    if (done) {
        scratch = calloc(trend_verdict_scratch(input.count) + 1, sizeof *scratch);
        done = scratch != NULL;
    }
    if (done && input.count > 0) {
        size_t first = report->has_series ? trend_window(input.times_ns, input.count) : 0;
        struct trend_verdict trend = trend_verdict(
            &report->metric, input.values + first, input.times_ns + first, input.count - first,
            step_inside(report, input.first + first), scratch);
        report->trend.enough = trend.enough;
        report->trend.direction = trend_direction(&report->metric, &trend);
        report->trend.by_step = trend.by_step;
        report->trend.slope_per_measurement = trend.slope_per_measurement;
        report->trend.change_percent = trend.change_percent;
        report->trend.p = trend.enough ? fmin(1, 2 * fmin(trend.p, trend.p_better)) : NAN;
        memcpy(report->trend.reason, trend.reason, sizeof report->trend.reason);
    }
    free(scratch);
    free(input.values);
    free(input.times_ns);
    return done ? TARE_OK : error_memory(error);
}

enum tare_status history_examine(struct history_report *report, struct tare_error *error)
{
    for (size_t i = 0; i < report->count; i++)
        report->gap_count += isfinite(report->values[i]) ? 0 : 1;
    enum tare_status status = points_find(report, error);
    return status == TARE_OK ? trend_find(report, error) : status;
}

/* What a series consists of: measurements, and the days that older ones were rolled up into; both
 * in order of time. */
struct past {
    struct measurement *list;
    size_t count;
    struct rollup *days;
    size_t day_count;
};

static void past_release(struct past *past)
{
    free(past->list);
    store_rollup_list_free(past->days, past->day_count);
}

/* A day knows no commit, branch or session; and where so many measurements were wanted the newest
 * days fill up what is left. */
static enum tare_status past_read(struct store *store, const struct store_filter *filter,
                                  struct past *past, struct tare_error *error)
{
    enum tare_status status = store_measurement_list(store, filter, &past->list, &past->count,
                                                     error);
    struct store_filter of_days = *filter;
    of_days.limit = 0;
    bool wanted = (filter->limit == 0 || past->count < filter->limit) && filter->branch == NULL &&
                  filter->commit == NULL && filter->session_id == NULL;
    if (status == TARE_OK && wanted)
        status = store_rollup_list(store, &of_days, &past->days, &past->day_count, error);
    return status;
}

static void day_take(struct history_report *report, const struct rollup *day)
{
    size_t at = report->count++;
    report->values[at] = rollup_quantile(&day->values, 0.5);
    report->times_ns[at] = day->day_ns;
    report->measurements[at] = day->values.n;
    report->day_count++;
}

static void measurement_take(struct history_report *report, const struct measurement *one)
{
    size_t at = report->count++;
    report->values[at] = measurement_counts(one) ? one->value : NAN;
    report->times_ns[at] = one->time_ns;
    report->measurements[at] = 1;
    memcpy(report->commits[at], one->commit, COMMIT_TEXT_SIZE);
}

static enum tare_status values_take(struct history_report *report, const struct past *past,
                                    size_t limit, struct tare_error *error)
{
    size_t room = past->count + past->day_count, day = 0;
    if (limit > 0 && room > limit)
        day = room - limit;
    report->values = calloc(room + 1, sizeof *report->values);
    report->times_ns = calloc(room + 1, sizeof *report->times_ns);
    report->commits = calloc(room + 1, sizeof *report->commits);
    report->measurements = calloc(room + 1, sizeof *report->measurements);
    if (report->values == NULL || report->times_ns == NULL || report->commits == NULL ||
        report->measurements == NULL)
        return error_memory(error);
    for (size_t i = 0; i < past->count; i++) {
        while (day < past->day_count && past->days[day].day_ns <= past->list[i].time_ns)
            day_take(report, &past->days[day++]);
        measurement_take(report, &past->list[i]);
    }
    while (day < past->day_count)
        day_take(report, &past->days[day++]);
    return TARE_OK;
}

static enum tare_status series_fill(struct store *store, const struct store_filter *filter,
                                    struct series *series, struct history_report *report,
                                    struct tare_error *error)
{
    struct past past = {0};
    struct baseline_standing standing;
    struct store_filter of_series = *filter;
    of_series.series_id = series->id;
    report->has_series = true;
    report->series = *series;
    series_init(series); /* the strings have moved */
    report->title = strdup(report->series.metric_id);
    enum tare_status status = report->title != NULL ? TARE_OK : error_memory(error);
    if (status == TARE_OK)
        status = store_metric_get(store, report->title, &report->metric, error);
    if (status == TARE_OK)
        status = store_standing_get(store, report->series.id, &standing, error);
    if (status == TARE_OK) {
        report->baseline = standing.baseline;
        status = past_read(store, &of_series, &past, error);
    }
    if (status == TARE_OK)
        status = values_take(report, &past, filter->limit, error);
    past_release(&past);
    const struct store_filter alerts = {.series_id = report->series.id};
    if (status == TARE_OK)
        status = store_alert_list(store, &alerts, true, &report->alerts, &report->alert_count,
                                  error);
    return status == TARE_OK ? history_examine(report, error) : status;
}

enum tare_status history_build(struct store *store, const struct store_filter *filter,
                               struct history_list *list, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    struct store_filter all = *filter;
    all.limit = 0;
    enum tare_status status = store_series_list(store, &all, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        struct history_report *report = history_list_add(list);
        status = report != NULL ? series_fill(store, filter, &series[i], report, error)
                                : error_memory(error);
        if (status == TARE_OK && report->count == 0) {
            history_report_release(report);
            list->count--;
        }
    }
    store_series_list_free(series, count);
    return status;
}

struct timed_value {
    int64_t time_ns;
    size_t row;
    double value;
};

static int timed_value_compare(const void *a, const void *b)
{
    const struct timed_value *left = a, *right = b;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* Whether the rows of a table with a time for each are not in its order. */
static bool times_need_order(const struct history_report *report)
{
    for (size_t i = 1; i < report->count; i++)
        if (report->times_ns[i] < report->times_ns[i - 1])
            return report->untimed_count == 0;
    return false;
}

/* Puts values in order of time; equal times stay as they stood. */
static enum tare_status values_sort(struct history_report *report, struct tare_error *error)
{
    struct timed_value *rows = calloc(report->count, sizeof *rows);
    if (rows == NULL)
        return error_memory(error);
    for (size_t i = 0; i < report->count; i++)
        rows[i] = (struct timed_value){report->times_ns[i], i, report->values[i]};
    qsort(rows, report->count, sizeof *rows, timed_value_compare);
    for (size_t i = 0; i < report->count; i++) {
        report->times_ns[i] = rows[i].time_ns;
        report->values[i] = rows[i].value;
    }
    report->sorted = true;
    free(rows);
    return TARE_OK;
}

static void untimed_count(struct history_report *report)
{
    size_t untimed = 0;
    for (size_t i = 0; i < report->count; i++)
        untimed += report->times_ns[i] == 0 ? 1 : 0;
    report->untimed_count = untimed < report->count ? untimed : 0;
}

static enum tare_status column_take(const struct number_table *table, size_t column,
                                    struct history_report *report, struct tare_error *error)
{
    size_t count = table->row_count;
    report->values = calloc(count + 1, sizeof *report->values);
    report->times_ns = calloc(count + 1, sizeof *report->times_ns);
    if (report->values == NULL || report->times_ns == NULL)
        return error_memory(error);
    for (size_t row = 0; row < count; row++) {
        report->values[row] = table->cells[row * table->name_count + column];
        report->times_ns[row] = table->times_ns[row];
    }
    report->count = count;
    untimed_count(report);
    enum tare_status status = TARE_OK;
    if (times_need_order(report))
        status = values_sort(report, error);
    return status == TARE_OK ? metric_name(&report->metric, table->names[column], NULL, "", error)
                             : status;
}

enum tare_status history_read(FILE *stream, const char *name, const char *column,
                              struct history_report *report, struct tare_error *error)
{
    struct number_table table = {0};
    enum tare_status status = number_table_read(stream, name, &table, error);
    int found = status == TARE_OK ? number_table_column(&table, column) : -1;
    if (status == TARE_OK && found < 0)
        status = column != NULL
                     ? error_set(error, TARE_E_USAGE, "%s has no column '%.60s'", name, column)
                     : error_set(error, TARE_E_SYNTAX, "%s holds no number", name);
    if (status == TARE_OK)
        status = column_take(&table, (size_t)found, report, error);
    if (status == TARE_OK) {
        report->title = strdup(name);
        status = report->title != NULL ? history_examine(report, error) : error_memory(error);
    }
    number_table_release(&table);
    return status;
}
