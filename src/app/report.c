#include "app/report.h"

#include "app/report_parts.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "detect/trend_verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A series that may become a row. */
struct candidate {
    struct metric metric;
    struct series series;
};

struct candidates {
    struct candidate *list;
    size_t count;
};

static void candidates_release(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        metric_release(&candidates->list[i].metric);
        series_release(&candidates->list[i].series);
    }
    free(candidates->list);
}

bool report_wants(const struct report_request *request, const char *metric_id)
{
    for (size_t i = 0; i < request->metric_count; i++)
        if (strcmp(request->metrics[i], metric_id) == 0)
            return true;
    return request->metric_count == 0;
}

static int text_compare(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int candidate_compare(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = (int)a->metric.category - (int)b->metric.category;
    if (order == 0)
        order = text_compare(a->metric.id, b->metric.id);
    if (order == 0)
        order = text_compare(a->series.app, b->series.app);
    if (order == 0)
        order = text_compare(a->series.labels, b->series.labels);
    if (order == 0)
        order = (int)a->series.temperature - (int)b->series.temperature;
    if (order == 0)
        order = text_compare(a->series.environment, b->series.environment);
    return order;
}

static enum tare_status candidates_find(struct store *store, const struct report_request *request,
                                        struct candidates *candidates, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    enum tare_status status = store_series_list(store, &request->filter, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        if (!report_wants(request, series[i].metric_id))
            continue;
        struct candidate *candidate = array_add(&candidates->list, &candidates->count,
                                                sizeof *candidate);
        if (candidate == NULL) {
            status = error_memory(error);
            break;
        }
        metric_init(&candidate->metric);
        candidate->series = series[i];
        series_init(&series[i]); /* the strings have moved */
        status = store_metric_get(store, candidate->series.metric_id, &candidate->metric, error);
    }
    store_series_list_free(series, count);
    if (status == TARE_OK && candidates->count > 1)
        qsort(candidates->list, candidates->count, sizeof *candidates->list, candidate_compare);
    return status;
}

/* Metric and series move from the candidate into a row. */
static enum tare_status row_add(struct store *store, const struct period_data *data,
                                struct candidate *candidate, struct period_report *report,
                                struct tare_error *error)
{
    struct baseline_standing standing;
    struct period_row *row = period_row_add(report);
    if (row == NULL)
        return error_memory(error);
    row->course.has_series = true;
    row->course.metric = candidate->metric;
    row->course.series = candidate->series;
    metric_init(&candidate->metric);
    series_init(&candidate->series);
    enum tare_status status = store_standing_get(store, row->course.series.id, &standing, error);
    if (status != TARE_OK)
        return status;
    row->course.baseline = standing.baseline;
    return report_row_fill(store, report, data, row, error);
}

/* Since when a series has to be known: of one with a target all of it, for the watch list; else
 * both periods, and the month that its trend is read from. */
static int64_t since_of(const struct period_report *report, const struct metric *metric)
{
    int64_t month_ns = report->until_ns - (TREND_DAYS + 1) * CLOCK_NS_PER_DAY;
    if (!isnan(metric->target))
        return 0;
    return month_ns < report->before_ns ? month_ns : report->before_ns;
}

/* A row, unless nothing was measured in either period. */
static enum tare_status candidate_take(struct store *store, const struct report_request *request,
                                       struct candidate *candidate, struct session_notes *notes,
                                       struct period_report *report, struct tare_error *error)
{
    struct period_data data;
    struct time_span bounds;
    const struct store_filter of_series = {.series_id = candidate->series.id,
                                           .branch = request->filter.branch,
                                           .since_ns = since_of(report, &candidate->metric),
                                           .until_ns = report->until_ns};
    enum tare_status status = period_data_read(store, &of_series, &data,
                                               &report->rolled_up_left_out, error);
    if (status != TARE_OK)
        return status;
    if (period_data_bounds(&data, &bounds) && bounds.to_ns >= report->before_ns) {
        status = row_add(store, &data, candidate, report, error);
        if (status == TARE_OK && !session_notes_add(notes, report, report->row_count - 1, &data))
            status = error_memory(error);
    }
    period_data_release(&data);
    return status;
}

static enum tare_status rows_fill(struct store *store, const struct config *config,
                                  const struct report_request *request,
                                  struct session_notes *notes, struct period_report *report,
                                  struct tare_error *error)
{
    struct candidates candidates = {0};
    enum tare_status status = candidates_find(store, request, &candidates, error);
    for (size_t i = 0; i < candidates.count && status == TARE_OK; i++)
        status = candidate_take(store, request, &candidates.list[i], notes, report, error);
    candidates_release(&candidates);
    for (size_t i = 0; i < report->row_count; i++)
        report->rows[i].course.baseline.minimum = config->baseline_minimum;
    return status;
}

/* ---- over all rows ---- */

static void summary_fill(struct period_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        const struct period_row *row = &report->rows[i], *first = &report->rows[0];
        const char *word = row->change.word;
        report->improved += strcmp(word, "improved") == 0;
        report->regressed += strcmp(word, "regressed") == 0;
        report->same += strcmp(word, "same") == 0;
        report->inconclusive += strcmp(word, "inconclusive") == 0;
        report->too_few += isnan(row->change.low_percent) ? 1 : 0;
        report->sessions.rolled_up |= row->rolled_up > 0;
        report->several_apps |= strcmp(row->course.series.app, first->course.series.app) != 0;
        report->several_environments |= strcmp(row->course.series.environment,
                                               first->course.series.environment) != 0;
    }
}

static int watch_compare(const void *left, const void *right, void *report)
{
    const struct period_row *rows = ((const struct period_report *)report)->rows;
    size_t a_at = *(const size_t *)left, b_at = *(const size_t *)right;
    const struct watch *a = &rows[a_at].watch, *b = &rows[b_at].watch;
    if (a->state != b->state)
        return (int)a->state - (int)b->state;
    if (a->peak_percent != b->peak_percent)
        return a->peak_percent > b->peak_percent ? -1 : 1;
    return a_at < b_at ? -1 : 1;
}

static enum tare_status watched_fill(struct period_report *report, struct tare_error *error)
{
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].watch.state == WATCH_NONE)
            continue;
        size_t *watched = array_add(&report->watched, &report->watched_count, sizeof *watched);
        if (watched == NULL)
            return error_memory(error);
        *watched = i;
    }
    if (report->watched_count > 1)
        qsort_r(report->watched, report->watched_count, sizeof *report->watched, watch_compare,
                report);
    return TARE_OK;
}

static enum tare_status metrics_check(struct store *store, const struct report_request *request,
                                      struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < request->metric_count && status == TARE_OK; i++) {
        struct metric metric;
        metric_init(&metric);
        status = store_metric_get(store, request->metrics[i], &metric, error);
        metric_release(&metric);
    }
    return status;
}

static bool copy_text(const char *from, char **to)
{
    if (from != NULL)
        *to = strdup(from);
    return from == NULL || *to != NULL;
}

static enum tare_status frame_fill(const struct report_request *request,
                                   struct period_report *report, struct tare_error *error)
{
    const struct store_filter *filter = &request->filter;
    int64_t length_ns = (int64_t)request->days * CLOCK_NS_PER_DAY;
    report->days = request->days;
    report->until_ns = request->until_ns;
    report->since_ns = rollup_day(request->until_ns - 1) + CLOCK_NS_PER_DAY - length_ns;
    report->before_ns = report->since_ns - length_ns;
    bool done = copy_text(filter->app, &report->app) &&
                copy_text(filter->environment, &report->environment) &&
                copy_text(filter->branch, &report->branch) &&
                copy_text(filter->labels, &report->labels);
    return done ? TARE_OK : error_memory(error);
}

enum tare_status report_build(struct store *store, const struct config *config,
                              const struct report_request *request, struct period_report *report,
                              struct tare_error *error)
{
    struct session_notes *notes = session_notes_new();
    enum tare_status status = notes != NULL ? frame_fill(request, report, error)
                                            : error_memory(error);
    if (status == TARE_OK)
        status = metrics_check(store, request, error);
    if (status == TARE_OK)
        status = rows_fill(store, config, request, notes, report, error);
    if (status == TARE_OK) {
        summary_fill(report);
        status = watched_fill(report, error);
    }
    if (status == TARE_OK)
        status = report_alerts_fill(store, request, report, error);
    if (status == TARE_OK)
        status = report_sessions_fill(store, &request->filter, notes, report, error);
    if (status == TARE_OK)
        status = report_gaps_fill(store, config, request, report, error);
    session_notes_free(notes);
    return status;
}
