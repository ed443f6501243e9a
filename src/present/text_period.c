#include "present/period_reports.h"

#include "model/period.h"
#include "model/unit.h"
#include "present/period_words.h"
#include "present/text_cells.h"
#include "present/text_colour.h"
#include "present/text_safe.h"
#include "present/text_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void heading_add(struct strbuf *out, const char *text, const struct text_style *style)
{
    strbuf_add_char(out, '\n');
    text_bold_begin(out, style);
    strbuf_add_text(out, text);
    text_colour_end(out, style);
    strbuf_add_char(out, '\n');
}

/* "  label     text", the text wrapped behind the label. */
static void labelled_add(struct strbuf *out, const char *label, size_t columns, const char *text,
                         const struct text_style *style)
{
    struct strbuf safe;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    strbuf_add_text(out, "  ");
    text_add_padded(out, label, columns);
    text_add_wrapped(out, safe.text, columns + 2, columns + 2, style->width);
    strbuf_add_char(out, '\n');
    strbuf_release(&safe);
}

static void overview_add(struct strbuf *out, const struct period_report *report,
                         const struct text_style *style)
{
    const struct period_sessions *sessions = &report->sessions;
    char text[PERIOD_TEXT_SIZE], commits[PERIOD_TEXT_SIZE];
    struct strbuf title;
    strbuf_init(&title);
    period_title_add(&title, report);
    text_bold_begin(out, style);
    text_add_safe(out, title.text);
    text_colour_end(out, style);
    period_dates_format(report, text);
    strbuf_add_format(out, "  %s\n", text);
    strbuf_clear(&title);
    period_sessions_format(sessions, text);
    period_commits_format(sessions, commits);
    strbuf_add_format(&title, "%s; %s", text, commits);
    labelled_add(out, "recorded", 10, title.text, style);
    strbuf_clear(&title);
    period_summary_format(report, text);
    strbuf_add_format(&title, "%s, against the %s before", text,
                      report->days == 1 ? "day" : "period");
    labelled_add(out, "changed", 10, title.text, style);
    strbuf_clear(&title);
    strbuf_add_format(&title, "%zu opened, %zu closed, %zu open at the end", report->alerts_opened,
                      report->alerts_resolved, report->alerts_live);
    labelled_add(out, "alerts", 10, title.text, style);
    if (sessions->dropped > 0 || sessions->condensed > 0) {
        strbuf_clear(&title);
        strbuf_add_format(&title, "%llu samples dropped, %llu kept as counts only",
                          (unsigned long long)sessions->dropped,
                          (unsigned long long)sessions->condensed);
        labelled_add(out, "losses", 10, title.text, style);
    }
    strbuf_release(&title);
}

static void cell_text(struct text_table *table, size_t column, struct strbuf *text)
{
    text_table_cell(table, column, text->text);
    strbuf_clear(text);
}

static void row_cells(struct text_table *table, const struct period_report *report,
                      const struct period_row *row)
{
    const char *unit = row->course.metric.unit;
    char text[PERIOD_TEXT_SIZE];
    struct strbuf cell;
    strbuf_init(&cell);
    text_table_row(table);
    period_metric_add(&cell, &row->course.metric);
    period_series_add(&cell, report, &row->course.series);
    cell_text(table, 0, &cell);
    text_cell_count(table, 1, row->values.n);
    text_cell_value(table, 2, row->values.median, unit);
    text_cell_value(table, 3, row->p95, unit);
    text_cell_percent(table, 4, row->change.percent);
    period_interval_format(row, text);
    text_table_cell(table, 5, text);
    text_table_cell(table, 6, period_change_word(row));
    period_baseline_format(row, text);
    text_table_cell(table, 7, text);
    period_trend_format(row, text);
    text_table_cell(table, 8, text);
    text_add_sparkline(&cell, row->spark, row->spark_count);
    cell_text(table, 9, &cell);
    strbuf_release(&cell);
}

static void metrics_add(struct strbuf *out, const struct period_report *report,
                        const struct text_style *style)
{
    static const struct text_column columns[] = {{"METRIC", false, true, 0},
                                                 {"N", true, false, 6},
                                                 {"MEDIAN", true, false, 0},
                                                 {"P95", true, false, 5},
                                                 {"CHANGE", true, false, 0},
                                                 {"95 % INTERVAL", true, false, 4},
                                                 {"VERDICT", false, false, 0},
                                                 {"BASELINE", false, false, 3},
                                                 {"TREND OF 30 DAYS", false, false, 2},
                                                 {"COURSE", false, false, 1}};
    strbuf_add_char(out, '\n');
    struct text_table *table = text_table_new(columns, 10, style);
    for (size_t i = 0; i < report->row_count; i++)
        row_cells(table, report, &report->rows[i]);
    text_table_finish(table, out);
}

static void watched_add(struct strbuf *out, const struct period_report *report,
                        const struct text_style *style)
{
    struct strbuf text;
    if (report->watched_count == 0)
        return;
    heading_add(out, "Watch list", style);
    strbuf_init(&text);
    for (size_t i = 0; i < report->watched_count; i++) {
        const struct period_row *row = &report->rows[report->watched[i]];
        strbuf_clear(&text);
        period_metric_add(&text, &row->course.metric);
        period_series_add(&text, report, &row->course.series);
        strbuf_add_char(&text, ' ');
        period_watch_add(&text, row);
        labelled_add(out, watch_state_word(row->watch.state), 11, text.text, style);
    }
    strbuf_release(&text);
}

static void steps_add(struct strbuf *out, const struct period_report *report,
                      const struct text_style *style)
{
    struct strbuf line;
    bool first = true;
    strbuf_init(&line);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct history_report *course = &report->rows[i].course;
        for (size_t k = 0; k < course->point_count; k++) {
            char text[PERIOD_TEXT_SIZE];
            if (first)
                heading_add(out, "Steps", style);
            first = false;
            strbuf_clear(&line);
            period_metric_add(&line, &course->metric);
            period_series_add(&line, report, &course->series);
            period_step_format(&course->metric, &course->points[k], text);
            strbuf_add_format(&line, "  %s", text);
            labelled_add(out, "", 0, line.text, style);
        }
    }
    strbuf_release(&line);
}

static void alerts_add(struct strbuf *out, const struct period_report *report,
                       const struct text_style *style)
{
    static const struct text_column columns[] = {
        {"ID", true, false, 0},       {"SEVERITY", false, false, 0}, {"STATE", false, false, 0},
        {"METRIC", false, true, 0},   {"KIND", false, false, 1},     {"NOW", true, false, 4},
        {"EXPECTED", true, false, 2}, {"WHEN", false, true, 3}};
    if (report->alert_count == 0)
        return;
    heading_add(out, "Alerts", style);
    struct text_table *table = text_table_new(columns, 8, style);
    struct strbuf metric;
    strbuf_init(&metric);
    size_t shown = period_alerts_shown(report);
    for (size_t i = 0; i < shown; i++) {
        const struct period_alert *entry = &report->alerts[i];
        const struct alert *alert = &entry->row.alert;
        char text[PERIOD_TEXT_SIZE];
        text_table_row(table);
        snprintf(text, sizeof text, "%lld", (long long)alert->id);
        text_table_cell(table, 0, text);
        text_table_severity(table, 1, alert->severity);
        text_table_cell(table, 2, alert_state_word(entry->span.state));
        strbuf_add_text(&metric, entry->row.metric.id);
        period_series_add(&metric, report, &entry->row.series);
        cell_text(table, 3, &metric);
        text_table_cell(table, 4, alert_kind_word(alert->kind));
        text_cell_value(table, 5, alert->current_value, entry->row.metric.unit);
        text_cell_value(table, 6, alert->expected_value, entry->row.metric.unit);
        period_span_format(&entry->span, text);
        text_table_cell(table, 7, text);
    }
    text_table_finish(table, out);
    if (shown < report->alert_count)
        strbuf_add_format(out, "and %zu more that were closed\n", report->alert_count - shown);
    strbuf_release(&metric);
}

static void slowest_add(struct strbuf *out, const struct period_report *report,
                        const struct text_style *style)
{
    static const struct text_column columns[] = {
        {"SESSION", false, false, 0}, {"STARTED", false, false, 2}, {"APP", false, true, 3},
        {"COMMIT", false, false, 1},  {"SLOWER", true, false, 0},   {"WORST IN", false, true, 0},
        {"TOOK", true, false, 4},     {"BY", true, false, 0}};
    const struct period_sessions *sessions = &report->sessions;
    if (sessions->slowest_count == 0)
        return;
    heading_add(out, "Slowest sessions", style);
    struct text_table *table = text_table_new(columns, 8, style);
    for (size_t i = 0; i < sessions->slowest_count; i++) {
        const struct period_slow *slow = &sessions->slowest[i];
        const struct metric *metric = &report->rows[slow->row].course.metric;
        char text[CLOCK_TEXT_SIZE], commit[16];
        text_table_row(table);
        snprintf(text, sizeof text, "%.8s", slow->session.id);
        text_table_cell(table, 0, text);
        text_table_cell(table, 1, text_short_time(slow->session.started_ns, text));
        text_table_cell(table, 2, slow->session.app);
        text_table_cell(table, 3, text_short_commit(slow->session.commit, commit));
        text_cell_percent(table, 4, slow->percent);
        text_table_cell(table, 5, metric->id);
        text_cell_value(table, 6, slow->value, metric->unit);
        text_cell_percent(table, 7, slow->value_percent);
    }
    text_table_finish(table, out);
}

static void gaps_add(struct strbuf *out, const struct period_report *report,
                     const struct text_style *style)
{
    struct strbuf text, never;
    if (report->gap_count == 0)
        return;
    heading_add(out, "No data in this period", style);
    strbuf_init(&text);
    strbuf_init(&never);
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct period_gap *gap = &report->gaps[i];
        char day[CLOCK_TEXT_SIZE];
        if (gap->last_ns == 0) {
            strbuf_add_text(&never, never.length > 0 ? ", " : "");
            strbuf_add_text(&never, gap->metric.id);
            continue;
        }
        strbuf_clear(&text);
        period_metric_add(&text, &gap->metric);
        strbuf_add_format(&text, "  last on %s", text_day(gap->last_ns, day));
        labelled_add(out, "", 0, text.text, style);
    }
    if (never.length > 0)
        labelled_add(out, "never:", 7, never.text, style);
    strbuf_release(&never);
    strbuf_release(&text);
}

static void notes_add(struct strbuf *out, const struct period_report *report,
                      const struct text_style *style)
{
    char text[2 * PERIOD_TEXT_SIZE];
    for (size_t i = 0; period_note(report, i, text) != NULL; i++) {
        if (i == 0)
            strbuf_add_char(out, '\n');
        text_add_wrapped(out, text, 0, 0, style->width);
        strbuf_add_char(out, '\n');
    }
}

void period_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct period_report *report = any;
    overview_add(out, report, style);
    if (report->row_count > 0)
        metrics_add(out, report, style);
    else
        strbuf_add_text(out, "\nNothing was measured in this period, nor in the one before.\n");
    watched_add(out, report, style);
    alerts_add(out, report, style);
    steps_add(out, report, style);
    slowest_add(out, report, style);
    gaps_add(out, report, style);
    notes_add(out, report, style);
}
