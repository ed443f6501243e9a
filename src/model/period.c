#include "model/period.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

static const struct period_numbers no_numbers = {
    .min = NAN, .max = NAN, .mean = NAN, .median = NAN, .p95 = NAN, .p99 = NAN};

void period_report_init(struct period_report *report)
{
    *report = (struct period_report){0};
}

static void row_release(struct period_row *row)
{
    history_report_release(&row->course);
    free(row->slots);
}

static void alert_release(struct period_alert *alert)
{
    metric_release(&alert->row.metric);
    series_release(&alert->row.series);
    free(alert->row.events);
}

static void sessions_release(struct period_sessions *sessions)
{
    for (size_t i = 0; i < sessions->slowest_count; i++)
        session_release(&sessions->slowest[i].session);
    free(sessions->slowest);
    free(sessions->commits);
}

void period_report_release(struct period_report *report)
{
    for (size_t i = 0; i < report->row_count; i++)
        row_release(&report->rows[i]);
    for (size_t i = 0; i < report->alert_count; i++)
        alert_release(&report->alerts[i]);
    for (size_t i = 0; i < report->gap_count; i++)
        metric_release(&report->gaps[i].metric);
    sessions_release(&report->sessions);
    free(report->rows);
    free(report->watched);
    free(report->alerts);
    free(report->gaps);
    free(report->app);
    free(report->environment);
    free(report->branch);
    free(report->labels);
    period_report_init(report);
}

struct period_row *period_row_add(struct period_report *report)
{
    struct period_row *row = array_add(&report->rows, &report->row_count, sizeof *row);
    if (row != NULL) {
        *row = (struct period_row){
            .values = no_numbers, .observations = no_numbers, .before = no_numbers, .p95 = NAN};
        row->change = (struct period_change){
            .percent = NAN, .low_percent = NAN, .high_percent = NAN, .p = NAN};
        history_report_init(&row->course);
    }
    return row;
}

struct period_alert *period_alert_add(struct period_report *report)
{
    struct period_alert *alert = array_add(&report->alerts, &report->alert_count, sizeof *alert);
    if (alert != NULL) {
        *alert = (struct period_alert){0};
        metric_init(&alert->row.metric);
        series_init(&alert->row.series);
    }
    return alert;
}

struct period_gap *period_gap_add(struct period_report *report)
{
    struct period_gap *gap = array_add(&report->gaps, &report->gap_count, sizeof *gap);
    if (gap != NULL) {
        *gap = (struct period_gap){0};
        metric_init(&gap->metric);
    }
    return gap;
}

struct period_slow *period_slow_add(struct period_sessions *sessions)
{
    struct period_slow *slow = array_add(&sessions->slowest, &sessions->slowest_count,
                                         sizeof *slow);
    if (slow != NULL) {
        *slow = (struct period_slow){.row = SIZE_MAX};
        session_init(&slow->session);
    }
    return slow;
}
