#include "app/check.h"

#include "app/lists.h"
#include "app/rules.h"
#include "app/selection.h"
#include "base/error.h"
#include "baseline/baseline_window.h"
#include "detect/set_verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY 400 /* measurements before the candidate that a window is picked from */

/* What is gathered before anything is judged. */
struct gate {
    struct store *store;
    const struct check_request *request;
    struct store_filter filter;
    struct baseline_rule rule;
    struct measurement *candidate, *base; /* in order of series */
    size_t candidate_count, base_count;
    struct set_verdict *verdicts; /* one a row of the report */
};

static void gate_release(struct gate *gate)
{
    free(gate->candidate);
    free(gate->base);
    free(gate->verdicts);
}

/* The newest session; of its commit all that was measured, so that repeated runs count together.
 */
static enum tare_status newest_take(struct gate *gate, struct check_report *report,
                                    struct tare_error *error)
{
    struct session *newest = NULL;
    size_t count = 0;
    enum tare_status status = session_newest(gate->store, &gate->filter, &newest, &count, error);
    if (status != TARE_OK || count == 0)
        return status;
    bool by_commit = newest->commit != NULL && newest->commit[0] != '\0' && !newest->dirty;
    struct store_filter filter = gate->filter;
    if (filter.app == NULL)
        filter.app = newest->app;
    if (by_commit)
        filter.commit = newest->commit;
    else
        filter.session_id = newest->id;
    status = store_measurement_list(gate->store, &filter, &gate->candidate, &gate->candidate_count,
                                    error);
    if (asprintf(&report->candidate, by_commit ? "commit %.7s" : "session %.8s",
                 by_commit ? newest->commit : newest->id) < 0)
        report->candidate = NULL;
    store_session_list_free(newest, count);
    selection_order(gate->candidate, gate->candidate_count);
    return status;
}

static enum tare_status named_take(struct gate *gate, struct check_report *report,
                                   struct tare_error *error)
{
    report->candidate = strdup(gate->request->candidate);
    return selection_read(gate->store, &gate->filter, gate->request->candidate, &gate->candidate,
                          &gate->candidate_count, error);
}

static enum tare_status gate_fill(struct gate *gate, struct check_report *report,
                                  struct tare_error *error)
{
    const char *base = gate->request->base;
    enum tare_status status = gate->request->candidate != NULL ? named_take(gate, report, error)
                                                               : newest_take(gate, report, error);
    report->base = strdup(base != NULL ? base : "the measurements before it");
    if (status == TARE_OK && base != NULL) {
        status = selection_read(gate->store, &gate->filter, base, &gate->base, &gate->base_count,
                                error);
        if (status == TARE_E_NOT_FOUND)
            status = TARE_OK; /* nothing to compare with: every series will say so */
    }
    return status;
}

static bool is_candidate(struct measurement_span span, int64_t id)
{
    for (size_t i = 0; i < span.count; i++)
        if (span.first[i].id == id)
            return true;
    return false;
}

/* The window of the baseline: of the base that was named, else of what stands before. */
static enum tare_status window_take(struct gate *gate, struct measurement_span candidate,
                                    struct measurement **window, size_t *count,
                                    struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t found = 0, kept = 0;
    int64_t series_id = candidate.first->series_id;
    if (gate->request->base != NULL) {
        struct measurement_span span = selection_of_series(gate->base, gate->base_count,
                                                           series_id);
        list = malloc((span.count + 1) * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        if (span.count > 0)
            memcpy(list, span.first, span.count * sizeof *list);
        found = span.count;
    } else {
        const struct store_filter before = {.series_id = series_id,
                                            .before_measurement_id = candidate.first->id,
                                            .limit = HISTORY};
        enum tare_status status = store_measurement_list(gate->store, &before, &list, &found,
                                                         error);
        if (status != TARE_OK)
            return status;
    }
    for (size_t i = 0; i < found; i++)
        if (baseline_admits(&gate->rule, &list[i]) && !is_candidate(candidate, list[i].id))
            list[kept++] = list[i];
    size_t skip = kept > gate->rule.window ? kept - gate->rule.window : 0;
    if (skip > 0)
        memmove(list, list + skip, (kept - skip) * sizeof *list);
    *window = list;
    *count = kept - skip;
    return TARE_OK;
}

/* A regression that any gate must see: half as much again as an error, and well above the noise.
 */
static double planted(const struct metric *metric, const struct baseline *baseline, double value)
{
    double size = fabs(isfinite(baseline->centre) ? baseline->centre : value);
    double shift = size * 1.5 * metric->error_percent / 100 + 2 * metric->min_change;
    shift = fmax(shift, isfinite(baseline->spread) ? 8 * baseline->spread : 0);
    shift = fmax(shift, 2 * metric_resolution(metric));
    return metric->better == TARE_HIGHER ? value - shift : value + shift;
}

static enum tare_status row_judge(struct gate *gate, struct measurement_span candidate,
                                  const struct measurement *window, size_t window_count,
                                  struct check_row *row, struct set_verdict *verdict,
                                  struct tare_error *error)
{
    size_t room = window_count + candidate.count + 1, used = 0;
    double *numbers = calloc(2 * room, sizeof *numbers);
    if (numbers == NULL)
        return error_memory(error);
    double *values = numbers + window_count, *scratch = numbers + room;
    for (size_t i = 0; i < window_count; i++)
        numbers[i] = window[i].value;
    if (window_count > 0)
        memcpy(scratch, numbers, window_count * sizeof *numbers);
    baseline_compute(&gate->rule, &row->metric, scratch, window_count, &row->baseline);
    for (size_t i = 0; i < candidate.count; i++)
        if (measurement_counts(&candidate.first[i]))
            values[used++] = gate->request->selftest
                                 ? planted(&row->metric, &row->baseline, candidate.first[i].value)
                                 : candidate.first[i].value;
    *verdict = set_verdict(&row->metric, &row->baseline, (struct value_set){numbers, window_count},
                           (struct value_set){values, used}, scratch);
    free(numbers);
    return TARE_OK;
}

static enum tare_status row_add(struct gate *gate, struct measurement_span candidate,
                                struct check_report *report, struct set_verdict *verdict,
                                struct tare_error *error)
{
    struct measurement *window = NULL;
    size_t window_count = 0;
    struct check_row *row = check_report_add(report);
    if (row == NULL)
        return error_memory(error);
    enum tare_status status = series_get(gate->store, candidate.first->series_id, &row->series,
                                         error);
    if (status == TARE_OK)
        status = store_metric_get(gate->store, row->series.metric_id, &row->metric, error);
    if (status == TARE_OK)
        status = window_take(gate, candidate, &window, &window_count, error);
    if (status == TARE_OK)
        status = row_judge(gate, candidate, window, window_count, row, verdict, error);
    row->gates = gate->request->secondary || row->metric.category != CATEGORY_SECONDARY;
    free(window);
    return status;
}

static enum tare_status rows_fill(struct gate *gate, struct check_report *report,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    gate->verdicts = calloc(gate->candidate_count + 1, sizeof *gate->verdicts);
    if (gate->verdicts == NULL)
        return error_memory(error);
    for (size_t i = 0; i < gate->candidate_count && status == TARE_OK;) {
        struct measurement_span span = selection_of_series(gate->candidate, gate->candidate_count,
                                                           gate->candidate[i].series_id);
        status = row_add(gate, span, report, &gate->verdicts[report->count], error);
        i += span.count;
    }
    return status;
}

/* Over all series that gate: so many tests are made that chance alone would find something. */
static enum tare_status rows_discover(struct gate *gate, struct check_report *report,
                                      struct tare_error *error)
{
    size_t count = report->count;
    const struct metric **metrics = calloc(count + 1, sizeof *metrics);
    double *numbers = calloc(2 * count + 1, sizeof *numbers);
    size_t *order = calloc(count + 1, sizeof *order);
    bool done = metrics != NULL && numbers != NULL && order != NULL;
    for (size_t i = 0; done && i < count; i++)
        metrics[i] = &report->rows[i].metric;
    if (done)
        report->tests = set_verdicts_discover(metrics, gate->verdicts, count,
                                              report->false_discovery_rate, numbers, order);
    for (size_t i = 0; done && i < count; i++) {
        const struct set_verdict *verdict = &gate->verdicts[i];
        report->rows[i].conclusive = verdict->conclusive;
        report->rows[i].n = verdict->n;
        report->rows[i].value = verdict->value;
        report->rows[i].p_adjusted = verdict->p_adjusted;
        report->rows[i].change_percent = verdict->verdict.deviation_baseline_percent;
        report->rows[i].verdict = verdict->verdict;
    }
    free(metrics);
    free(numbers);
    free(order);
    return done ? TARE_OK : error_memory(error);
}

static int row_compare(const void *left, const void *right)
{
    const struct check_row *a = left, *b = right;
    if (a->gates != b->gates)
        return a->gates ? -1 : 1;
    if (a->verdict.severity != b->verdict.severity)
        return (int)b->verdict.severity - (int)a->verdict.severity;
    return strcmp(a->metric.id, b->metric.id);
}

static void conclude(struct check_report *report)
{
    bool any = false, failed = false;
    if (report->count > 0)
        qsort(report->rows, report->count, sizeof *report->rows, row_compare);
    for (size_t i = 0; i < report->count; i++) {
        const struct check_row *row = &report->rows[i];
        any = any || (row->gates && row->conclusive);
        failed = failed ||
                 (row->gates && row->conclusive && row->verdict.severity >= report->fail_on);
    }
    report->result = failed ? CHECK_FAIL : any ? CHECK_PASS : CHECK_INSUFFICIENT;
}

enum tare_status check_build(struct store *store, const struct config *config,
                             const struct store_filter *filter,
                             const struct check_request *request, struct check_report *report,
                             struct tare_error *error)
{
    struct gate gate = {
        .store = store, .request = request, .filter = *filter, .rule = rules_baseline(config)};
    report->fail_on = request->fail_on;
    report->selftest = request->selftest;
    if (request->base != NULL)
        gate.rule.branch = NULL; /* the base was named */
    enum tare_status status = gate_fill(&gate, report, error);
    if (status == TARE_OK)
        status = rows_fill(&gate, report, error);
    if (status == TARE_OK)
        status = rows_discover(&gate, report, error);
    if (status == TARE_OK)
        conclude(report);
    gate_release(&gate);
    return status;
}
