#include "model/comparison.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

void comparison_report_release(struct comparison_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        metric_release(&report->rows[i].metric);
        series_release(&report->rows[i].series);
    }
    free(report->rows);
    free(report->a);
    free(report->b);
    *report = (struct comparison_report){0};
}

struct comparison_row *comparison_report_add(struct comparison_report *report)
{
    struct comparison_row *row = array_add(&report->rows, &report->count, sizeof *row);
    if (row != NULL) {
        *row = (struct comparison_row){0};
        metric_init(&row->metric);
        series_init(&row->series);
    }
    return row;
}

const char *check_result_word(enum check_result result)
{
    static const char *const words[] = {"pass", "fail", "insufficient"};
    return words[result];
}

void check_report_init(struct check_report *report)
{
    *report = (struct check_report){
        .result = CHECK_INSUFFICIENT, .fail_on = SEVERITY_ERROR, .false_discovery_rate = 0.05};
}

void check_report_release(struct check_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        metric_release(&report->rows[i].metric);
        series_release(&report->rows[i].series);
    }
    free(report->rows);
    free(report->candidate);
    free(report->base);
    check_report_init(report);
}

struct check_row *check_report_add(struct check_report *report)
{
    struct check_row *row = array_add(&report->rows, &report->count, sizeof *row);
    if (row != NULL) {
        *row = (struct check_row){.value = NAN, .change_percent = NAN, .p_adjusted = NAN};
        metric_init(&row->metric);
        series_init(&row->series);
        baseline_init(&row->baseline);
    }
    return row;
}
