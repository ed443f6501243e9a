#include "model/report.h"

#include "base/bounds.h"

#include "base/array.h"
#include "base/strbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *trend_direction_word(enum trend_direction direction)
{
    static const char *const words[] = {"unknown", "improving", "stable", "worsening"};
    return words[direction];
}

void status_report_init(struct status_report *report)
{
    *report = (struct status_report){.index = NAN, .trend_percent = NAN, .trend_days = 7};
    session_init(&report->session);
}

void status_report_release(struct status_report *report)
{
    for (size_t i = 0; i < report->metric_count; i++)
        metric_release(&report->metrics[i].metric);
    for (size_t i = 0; i < report->warning_count; i++)
        free(report->warnings[i]);
    free(report->metrics);
    free(report->warnings);
    free(report->app);
    session_release(&report->session);
    status_report_init(report);
}

struct status_metric *status_report_metric_add(struct status_report *report)
{
    struct status_metric *row = array_add(&report->metrics, &report->metric_count,
                                          sizeof *report->metrics);
    if (row != NULL) {
        *row = (struct status_metric){.value = NAN};
        metric_init(&row->metric);
        baseline_init(&row->baseline);
    }
    return row;
}

bool status_report_warning_add(struct status_report *report, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        return false;
    char **slot = array_add(&report->warnings, &report->warning_count, sizeof *report->warnings);
    if (slot == NULL) {
        free(copy);
        return false;
    }
    *slot = copy;
    return true;
}

/* 1 up to the target, falling to 0 at twice the target, mirrored for `higher`. */
static double metric_score(const struct status_metric *row)
{
    const struct metric *metric = &row->metric;
    double limit = metric->target;
    double sign = metric->better == TARE_HIGHER ? -1 : 1;
    if (isnan(limit) && isfinite(row->baseline.centre))
        limit = row->baseline.centre +
                sign * fabs(row->baseline.centre) * metric->warning_percent / 100;
    if (!isfinite(limit) || !isfinite(row->value))
        return NAN;
    double worse = metric->better == TARE_EXACT ? fabs(row->value - limit)
                                                : sign * (row->value - limit);
    if (worse <= 0)
        return 1;
    if (limit == 0)
        return 0;
    return greatest_of(0, 1 - worse / fabs(limit));
}

double status_report_index(const struct status_report *report)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < report->metric_count; i++) {
        const struct status_metric *row = &report->metrics[i];
        double score = metric_score(row);
        if (row->metric.category != CATEGORY_CORE || isnan(score))
            continue;
        sum += row->metric.weight * score;
        weights += row->metric.weight;
    }
    return weights > 0 ? 100 * sum / weights : NAN;
}

static int metric_compare(const void *left, const void *right)
{
    const struct status_metric *a = left, *b = right;
    if (a->metric.category != b->metric.category)
        return (int)a->metric.category - (int)b->metric.category;
    return strcmp(a->metric.id, b->metric.id);
}

static bool warning_add(struct status_report *report, const struct status_metric *row)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_format(&text, "%s  %s", metric_display_name(&row->metric), row->verdict.reason);
    if (row->alert_id > 0)
        strbuf_add_format(&text, " (alert %lld)", (long long)row->alert_id);
    bool done = !text.failed && status_report_warning_add(report, text.text);
    strbuf_release(&text);
    return done;
}

static bool warnings_fill(struct status_report *report)
{
    struct strbuf text;
    bool done = true;
    for (size_t i = 0; i < report->metric_count && done; i++)
        if (report->metrics[i].verdict.severity >= SEVERITY_WARNING)
            done = warning_add(report, &report->metrics[i]);
    if (report->session.dropped == 0 || !done)
        return done;
    strbuf_init(&text);
    strbuf_add_format(&text, "%llu samples of this session were counted but not kept",
                      (unsigned long long)report->session.dropped);
    done = !text.failed && status_report_warning_add(report, text.text);
    strbuf_release(&text);
    return done;
}

bool status_report_conclude(struct status_report *report)
{
    if (report->metric_count > 0)
        qsort(report->metrics, report->metric_count, sizeof *report->metrics, metric_compare);
    report->index = status_report_index(report);
    return warnings_fill(report);
}

void alert_report_init(struct alert_report *report)
{
    *report = (struct alert_report){0};
}

static void alert_row_release(struct alert_row *row)
{
    metric_release(&row->metric);
    series_release(&row->series);
    free(row->events);
    row->events = NULL;
}

void alert_report_release(struct alert_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        alert_row_release(&report->rows[i]);
    free(report->rows);
    alert_report_init(report);
}

static void alert_row_init(struct alert_row *row)
{
    *row = (struct alert_row){0};
    metric_init(&row->metric);
    series_init(&row->series);
}

struct alert_row *alert_report_add(struct alert_report *report)
{
    struct alert_row *row = array_add(&report->rows, &report->count, sizeof *report->rows);
    if (row != NULL)
        alert_row_init(row);
    return row;
}

static bool is_of_crowd(const struct alert *alert)
{
    return (alert->state == ALERT_OPEN || alert->state == ALERT_ACKNOWLEDGED) &&
           alert->bad_commit[0] != '\0';
}

/* The majority by Boyer and Moore's vote, then counted. */
const char *alert_report_shared_commit(const struct alert_report *report, size_t *count)
{
    const char *commit = NULL;
    size_t votes = 0, live = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct alert *alert = &report->rows[i].alert;
        if (!is_of_crowd(alert))
            continue;
        if (votes == 0)
            commit = alert->bad_commit;
        votes += strcmp(commit, alert->bad_commit) == 0 ? 1 : (size_t)-1;
        live++;
    }
    *count = 0;
    for (size_t i = 0; i < report->count && commit != NULL; i++) {
        const struct alert *alert = &report->rows[i].alert;
        *count += is_of_crowd(alert) && strcmp(commit, alert->bad_commit) == 0;
    }
    return *count >= ALERT_CROWD && *count * 2 > live ? commit : NULL;
}

void session_report_release(struct session_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        session_release(&report->sessions[i]);
    free(report->sessions);
    free(report->measurements);
    *report = (struct session_report){0};
}

void metric_report_release(struct metric_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        metric_release(&report->rows[i].metric);
    free(report->rows);
    *report = (struct metric_report){0};
}

void baseline_report_release(struct baseline_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        series_release(&report->rows[i].series);
        metric_release(&report->rows[i].metric);
    }
    free(report->rows);
    *report = (struct baseline_report){0};
}

void explain_report_init(struct explain_report *report)
{
    *report = (struct explain_report){0};
    alert_row_init(&report->row);
    baseline_init(&report->baseline);
}

void explain_report_release(struct explain_report *report)
{
    alert_row_release(&report->row);
    free(report->window);
    explain_report_init(report);
}

void doctor_report_release(struct doctor_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->findings[i].what);
        free(report->findings[i].remedy);
    }
    free(report->findings);
    *report = (struct doctor_report){0};
}

bool doctor_report_add(struct doctor_report *report, enum finding_level level, const char *what,
                       const char *remedy)
{
    char *own_what = strdup(what);
    char *own_remedy = remedy != NULL ? strdup(remedy) : NULL;
    struct finding *finding = NULL;
    if (own_what != NULL && (own_remedy != NULL || remedy == NULL))
        finding = array_add(&report->findings, &report->count, sizeof *report->findings);
    if (finding == NULL) {
        free(own_what);
        free(own_remedy);
        return false;
    }
    *finding = (struct finding){level, own_what, own_remedy};
    return true;
}
