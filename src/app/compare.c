#include "app/compare.h"

#include "app/lists.h"
#include "app/selection.h"
#include "base/array.h"
#include "base/error.h"
#include "detect/set_verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW          3
#define SAMPLES_MOST 5000 /* of one side of a series */

/* Numbers that grow. */
struct values {
    double *numbers;
    size_t count;
};

static bool values_add(struct values *values, double number)
{
    double *slot = array_add(&values->numbers, &values->count, sizeof *values->numbers);
    if (slot != NULL)
        *slot = number;
    return slot != NULL;
}

static enum tare_status samples_take(struct store *store, struct measurement_span span,
                                     struct values *values, struct tare_error *error)
{
    for (size_t i = 0; i < span.count; i++) {
        struct batch_part part = {0};
        bool done = true;
        enum tare_status status = store_samples_read(store, span.first[i].series_id,
                                                     span.first[i].session_id,
                                                     span.first[i].window_start_ns, &part, error);
        for (size_t k = 0; status == TARE_OK && done && k < part.sample_count; k++)
            done = values->count >= SAMPLES_MOST || values_add(values, part.samples[k].value);
        batch_part_release(&part);
        if (status != TARE_OK || !done)
            return status != TARE_OK ? status : error_memory(error);
    }
    return TARE_OK;
}

static enum tare_status values_take(struct store *store, struct measurement_span span,
                                    bool of_samples, struct values *values,
                                    struct tare_error *error)
{
    if (of_samples)
        return samples_take(store, span, values, error);
    for (size_t i = 0; i < span.count; i++)
        if (!values_add(values, span.first[i].value))
            return error_memory(error);
    return TARE_OK;
}

static void row_conclude(struct comparison_row *row, const struct values *a,
                         const struct values *b, double *scratch)
{
    struct set_comparison found = set_compare(&row->metric,
                                              (struct value_set){a->numbers, a->count},
                                              (struct value_set){b->numbers, b->count}, scratch);
    row->a_n = found.a_n;
    row->b_n = found.b_n;
    row->a_median = found.a_median;
    row->b_median = found.b_median;
    row->change_percent = found.change_percent;
    row->low_percent = found.low_percent;
    row->high_percent = found.high_percent;
    row->p = found.p;
    row->change = set_change_word(found.change);
    snprintf(row->reason, sizeof row->reason, "%s", found.reason);
}

static enum tare_status row_add(struct store *store, struct measurement_span a,
                                struct measurement_span b, struct comparison_report *report,
                                struct tare_error *error)
{
    struct values a_values = {0}, b_values = {0};
    double *scratch = NULL;
    struct comparison_row *row = comparison_report_add(report);
    if (row == NULL)
        return error_memory(error);
    enum tare_status status = series_get(store, a.first->series_id, &row->series, error);
    if (status == TARE_OK)
        status = store_metric_get(store, row->series.metric_id, &row->metric, error);
    row->of_samples = (a.count < FEW || b.count < FEW) &&
                      row->metric.aggregate == AGGREGATE_MEDIAN;
    if (status == TARE_OK)
        status = values_take(store, a, row->of_samples, &a_values, error);
    if (status == TARE_OK)
        status = values_take(store, b, row->of_samples, &b_values, error);
    if (status == TARE_OK) {
        scratch = calloc(a_values.count + b_values.count + 1, sizeof *scratch);
        status = scratch != NULL ? TARE_OK : error_memory(error);
    }
    if (status == TARE_OK)
        row_conclude(row, &a_values, &b_values, scratch);
    free(scratch);
    free(a_values.numbers);
    free(b_values.numbers);
    return status;
}

static int rank_of(const struct comparison_row *row)
{
    static const char *const order[] = {"regressed", "improved", "inconclusive"};
    for (int i = 0; i < 3; i++)
        if (strcmp(row->change, order[i]) == 0)
            return i;
    return 3;
}

static int row_compare(const void *left, const void *right)
{
    const struct comparison_row *a = left, *b = right;
    int rank = rank_of(a) - rank_of(b);
    return rank != 0 ? rank : strcmp(a->metric.id, b->metric.id);
}

static void rows_conclude(struct comparison_report *report)
{
    size_t *const counts[] = {&report->regressed, &report->improved, &report->inconclusive,
                              &report->same};
    for (size_t i = 0; i < report->count; i++)
        (*counts[rank_of(&report->rows[i])])++;
    if (report->count > 0)
        qsort(report->rows, report->count, sizeof *report->rows, row_compare);
}

enum tare_status compare_build(struct store *store, const struct store_filter *filter,
                               const char *a, const char *b, struct comparison_report *report,
                               struct tare_error *error)
{
    struct measurement *a_list = NULL, *b_list = NULL;
    size_t a_count = 0, b_count = 0;
    report->a = strdup(a);
    report->b = strdup(b);
    enum tare_status status = report->a != NULL && report->b != NULL ? TARE_OK
                                                                     : error_memory(error);
    if (status == TARE_OK)
        status = selection_read(store, filter, a, &a_list, &a_count, error);
    if (status == TARE_OK)
        status = selection_read(store, filter, b, &b_list, &b_count, error);
    for (size_t i = 0; i < a_count && status == TARE_OK;) {
        struct measurement_span in_a = selection_of_series(a_list, a_count, a_list[i].series_id);
        struct measurement_span in_b = selection_of_series(b_list, b_count, a_list[i].series_id);
        if (in_b.count > 0)
            status = row_add(store, in_a, in_b, report, error);
        i += in_a.count;
    }
    if (status == TARE_OK)
        rows_conclude(report);
    free(a_list);
    free(b_list);
    return status;
}
