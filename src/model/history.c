#include "model/history.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

void history_report_init(struct history_report *report)
{
    *report = (struct history_report){.detectable = NAN};
    report->trend = (struct history_trend){
        .slope_per_measurement = NAN, .change_percent = NAN, .p = NAN};
    metric_init(&report->metric);
    series_init(&report->series);
    baseline_init(&report->baseline);
}

void history_report_release(struct history_report *report)
{
    free(report->title);
    metric_release(&report->metric);
    series_release(&report->series);
    free(report->alerts);
    free(report->values);
    free(report->times_ns);
    free(report->commits);
    free(report->measurements);
    free(report->points);
    history_report_init(report);
}

struct history_report *history_list_add(struct history_list *list)
{
    struct history_report *report = array_add(&list->reports, &list->count, sizeof *report);
    if (report != NULL)
        history_report_init(report);
    return report;
}

void history_list_release(struct history_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        history_report_release(&list->reports[i]);
    free(list->reports);
    *list = (struct history_list){0};
}
