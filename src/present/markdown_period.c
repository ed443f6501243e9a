#include "present/period_reports.h"

#include "base/clock.h"
#include "model/period.h"
#include "model/unit.h"
#include "present/markdown_safe.h"
#include "present/period_words.h"
#include "present/text_cells.h"

#include <math.h>
#include <string.h>

/* "| text" */
static void cell_add(struct strbuf *out, const char *text)
{
    strbuf_add_text(out, "| ");
    markdown_add(out, text);
    strbuf_add_char(out, ' ');
}

static void cell_value(struct strbuf *out, double value, const char *unit)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(value, unit, text);
    cell_add(out, text);
}

static void cell_percent(struct strbuf *out, double percent)
{
    char text[UNIT_TEXT_SIZE];
    percent_format(percent, text);
    cell_add(out, isnan(percent) ? "–" : text);
}

/* The metric and what tells its series apart, as foreign text. */
static void series_add(struct strbuf *out, const struct period_report *report,
                       const struct metric *metric, const struct series *series)
{
    struct strbuf text;
    strbuf_init(&text);
    period_metric_add(&text, metric);
    period_series_add(&text, report, series);
    markdown_add(out, text.text);
    strbuf_release(&text);
}

static void overview_add(struct strbuf *out, const struct period_report *report)
{
    char text[PERIOD_TEXT_SIZE];
    struct strbuf title;
    strbuf_init(&title);
    period_title_add(&title, report);
    strbuf_add_text(out, "## ");
    markdown_add(out, title.text);
    strbuf_release(&title);
    period_dates_format(report, text);
    strbuf_add_format(out, ": %s\n\n", text);
    period_summary_format(report, text);
    strbuf_add_format(out, "**%s**, against the period before.  \n", text);
    period_sessions_format(&report->sessions, text);
    strbuf_add_format(out, "%s; ", text);
    period_commits_format(&report->sessions, text);
    markdown_add(out, text);
    strbuf_add_format(out, ".  \nAlerts: %zu opened, %zu closed, %zu open at the end.\n",
                      report->alerts_opened, report->alerts_resolved, report->alerts_live);
    if (report->sessions.dropped > 0)
        strbuf_add_format(out, "\n%llu samples were dropped.\n",
                          (unsigned long long)report->sessions.dropped);
}

static void row_add(struct strbuf *out, const struct period_report *report,
                    const struct period_row *row)
{
    char text[PERIOD_TEXT_SIZE];
    const char *word = period_change_word(row);
    bool loud = strcmp(word, "regressed") == 0 || strcmp(word, "improved") == 0;
    strbuf_add_text(out, "| ");
    series_add(out, report, &row->course.metric, &row->course.series);
    strbuf_add_char(out, ' ');
    cell_value(out, (double)row->values.n, "count");
    cell_value(out, row->values.median, row->course.metric.unit);
    cell_value(out, row->p95, row->course.metric.unit);
    cell_percent(out, row->change.percent);
    period_interval_format(row, text);
    cell_add(out, text);
    strbuf_add_format(out, loud ? "| **%s** " : "| %s ", word);
    period_baseline_format(row, text);
    cell_add(out, text);
    period_trend_format(row, text);
    cell_add(out, text);
    strbuf_add_text(out, "|\n");
}

static void rows_add(struct strbuf *out, const struct period_report *report)
{
    if (report->row_count == 0) {
        strbuf_add_text(out, "\nNothing was measured in this period, nor in the one before.\n");
        return;
    }
    strbuf_add_text(out, "\n| Metric | n | Median | p95 | Change | 95 % interval | Verdict | "
                         "Baseline | Trend of 30 days |\n"
                         "| :-- | --: | --: | --: | --: | --: | :-- | :-- | :-- |\n");
    for (size_t i = 0; i < report->row_count; i++)
        row_add(out, report, &report->rows[i]);
}

static void watched_add(struct strbuf *out, const struct period_report *report)
{
    struct strbuf text;
    strbuf_init(&text);
    if (report->watched_count > 0)
        strbuf_add_text(out, "\n### Watch list\n\n");
    for (size_t i = 0; i < report->watched_count; i++) {
        const struct period_row *row = &report->rows[report->watched[i]];
        strbuf_add_format(out, "- **%s** ", watch_state_word(row->watch.state));
        series_add(out, report, &row->course.metric, &row->course.series);
        strbuf_add_char(out, ' ');
        strbuf_clear(&text);
        period_watch_add(&text, row);
        markdown_add(out, text.text);
        strbuf_add_char(out, '\n');
    }
    strbuf_release(&text);
}

static void alerts_add(struct strbuf *out, const struct period_report *report)
{
    if (report->alert_count == 0)
        return;
    strbuf_add_text(out, "\n### Alerts\n\n| Id | Severity | State | Metric | Kind | Now | "
                         "Expected | When |\n"
                         "| --: | :-- | :-- | :-- | :-- | --: | --: | :-- |\n");
    size_t shown = period_alerts_shown(report);
    for (size_t i = 0; i < shown; i++) {
        const struct period_alert *entry = &report->alerts[i];
        const struct alert *alert = &entry->row.alert;
        char text[PERIOD_TEXT_SIZE];
        strbuf_add_format(out, "| %lld | %s | %s | ", (long long)alert->id,
                          severity_word(alert->severity), alert_state_word(entry->span.state));
        series_add(out, report, &entry->row.metric, &entry->row.series);
        strbuf_add_format(out, " | %s ", alert_kind_word(alert->kind));
        cell_value(out, alert->current_value, entry->row.metric.unit);
        cell_value(out, alert->expected_value, entry->row.metric.unit);
        period_span_format(&entry->span, text);
        cell_add(out, text);
        strbuf_add_text(out, "|\n");
    }
    if (shown < report->alert_count)
        strbuf_add_format(out, "\nand %zu more that were closed\n", report->alert_count - shown);
}

static void steps_add(struct strbuf *out, const struct period_report *report)
{
    bool first = true;
    for (size_t i = 0; i < report->row_count; i++) {
        const struct history_report *course = &report->rows[i].course;
        for (size_t k = 0; k < course->point_count; k++, first = false) {
            char text[PERIOD_TEXT_SIZE];
            strbuf_add_text(out, first ? "\n### Steps\n\n- " : "- ");
            series_add(out, report, &course->metric, &course->series);
            period_step_format(&course->metric, &course->points[k], text);
            strbuf_add_char(out, ' ');
            markdown_add(out, text);
            strbuf_add_char(out, '\n');
        }
    }
}

static void slowest_add(struct strbuf *out, const struct period_report *report)
{
    const struct period_sessions *sessions = &report->sessions;
    if (sessions->slowest_count == 0)
        return;
    strbuf_add_text(out, "\n### Slowest sessions\n\n| Session | Started | App | Commit | Slower | "
                         "Worst in | Took | By |\n"
                         "| :-- | :-- | :-- | :-- | --: | :-- | --: | --: |\n");
    for (size_t i = 0; i < sessions->slowest_count; i++) {
        const struct period_slow *slow = &sessions->slowest[i];
        const struct metric *metric = &report->rows[slow->row].course.metric;
        char text[CLOCK_TEXT_SIZE], commit[16];
        strbuf_add_format(out, "| %.8s | %s ", slow->session.id,
                          text_short_time(slow->session.started_ns, text));
        cell_add(out, slow->session.app);
        cell_add(out, text_short_commit(slow->session.commit, commit));
        cell_percent(out, slow->percent);
        cell_add(out, metric->id);
        cell_value(out, slow->value, metric->unit);
        cell_percent(out, slow->value_percent);
        strbuf_add_text(out, "|\n");
    }
}

static void gaps_add(struct strbuf *out, const struct period_report *report)
{
    struct strbuf never;
    strbuf_init(&never);
    if (report->gap_count > 0)
        strbuf_add_text(out, "\n### No data in this period\n\n");
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct period_gap *gap = &report->gaps[i];
        char day[CLOCK_TEXT_SIZE];
        struct strbuf name;
        if (gap->last_ns == 0) {
            strbuf_add_text(&never, never.length > 0 ? ", " : "");
            strbuf_add_text(&never, gap->metric.id);
            continue;
        }
        strbuf_init(&name);
        period_metric_add(&name, &gap->metric);
        strbuf_add_text(out, "- ");
        markdown_add(out, name.text);
        strbuf_add_format(out, ": last on %s\n", text_day(gap->last_ns, day));
        strbuf_release(&name);
    }
    if (never.length > 0) {
        strbuf_add_text(out, "- never: ");
        markdown_add(out, never.text);
        strbuf_add_char(out, '\n');
    }
    strbuf_release(&never);
}

void period_markdown(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct period_report *report = any;
    char text[2 * PERIOD_TEXT_SIZE];
    overview_add(out, report);
    rows_add(out, report);
    watched_add(out, report);
    alerts_add(out, report);
    steps_add(out, report);
    slowest_add(out, report);
    gaps_add(out, report);
    for (size_t i = 0; period_note(report, i, text) != NULL; i++) {
        strbuf_add_text(out, "\n");
        markdown_add(out, text);
        strbuf_add_char(out, '\n');
    }
}
