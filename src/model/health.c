#include "model/health.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

const char *health_subject_word(enum health_subject subject)
{
    static const char *const words[] = {"starts", "catalogue", "baselines", "alerts",
                                        "drops",  "inbox",     "growth"};
    return words[subject];
}

const char *health_standing_word(enum health_standing standing)
{
    static const char *const words[] = {"unknown", "not_met", "met"};
    return words[standing];
}

void health_report_init(struct health_report *report)
{
    static const uint32_t days[HEALTH_WINDOWS] = {30, 60};
    *report = (struct health_report){0};
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        report->windows[i].days = days[i];
        report->windows[i].growth_bytes = NAN;
        report->windows[i].alerts.acknowledge_hours = NAN;
        report->windows[i].alerts.close_hours = NAN;
    }
}

void health_report_release(struct health_report *report)
{
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        free(report->windows[i].has_data);
    for (size_t i = 0; i < report->series_count; i++)
        series_release(&report->series[i].series);
    free(report->series);
    free(report->app);
    health_report_init(report);
}

struct health_series *health_series_add(struct health_report *report)
{
    struct health_series *series = array_add(&report->series, &report->series_count,
                                             sizeof *series);
    if (series != NULL) {
        series_init(&series->series);
        baseline_init(&series->baseline);
    }
    return series;
}
