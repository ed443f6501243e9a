#include "present/text_reports.h"

#include "base/clock.h"
#include "model/report.h"
#include "model/unit.h"
#include "present/text_cells.h"
#include "present/text_colour.h"
#include "present/text_safe.h"
#include "present/text_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How two commits read: "9f3c1ab..1c2d3e4", one alone where it happened within it. */
static void commits_format(const struct alert *alert, char text[40])
{
    bool within = strcmp(alert->good_commit, alert->bad_commit) == 0;
    if (alert->good_commit[0] != '\0' && alert->bad_commit[0] != '\0' && !within)
        snprintf(text, 40, "%.7s..%.7s", alert->good_commit, alert->bad_commit);
    else
        snprintf(text, 40, "%.7s", alert->bad_commit);
}

/* Which series of it, where its labels tell. */
static void cell_metric(struct text_table *table, size_t column, const struct alert_row *row)
{
    const char *labels = row->series.labels;
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_text(&text, row->metric.id);
    if (labels != NULL && labels[0] != '\0')
        strbuf_add_format(&text, " {%s}", labels);
    text_table_cell(table, column, text.text);
    strbuf_release(&text);
}

static void alert_table(const struct alert_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"ID", true, false, 0},       {"SEVERITY", false, false, 0}, {"STATE", false, false, 5},
        {"METRIC", false, true, 0},   {"KIND", false, false, 2},     {"NOW", true, false, 0},
        {"EXPECTED", true, false, 4}, {"CHANGE", true, false, 0},    {"SEEN", true, false, 3},
        {"COMMITS", false, false, 6}, {"LAST SEEN", false, false, 1}};
    struct text_table *table = text_table_new(columns, sizeof columns / sizeof columns[0], style);
    for (size_t i = 0; i < report->count; i++) {
        const struct alert_row *row = &report->rows[i];
        const struct alert *alert = &row->alert;
        char text[UNIT_TEXT_SIZE];
        text_table_row(table);
        snprintf(text, sizeof text, "%lld", (long long)alert->id);
        text_table_cell(table, 0, text);
        text_table_severity(table, 1, alert->severity);
        text_table_cell(table, 2, alert_shown_state(alert, report->now_ns));
        cell_metric(table, 3, row);
        text_table_cell(table, 4, alert_kind_word(alert->kind));
        text_cell_value(table, 5, alert->current_value, row->metric.unit);
        text_cell_value(table, 6, alert->expected_value, row->metric.unit);
        percent_format(alert_change_percent(alert, row->metric.better), text);
        text_table_cell(table, 7, text);
        snprintf(text, sizeof text, "%u×", alert->occurrences);
        text_table_cell(table, 8, text);
        commits_format(alert, text);
        text_table_cell(table, 9, text);
        text_table_cell(table, 10, text_short_time(alert->last_seen_ns, text));
    }
    text_table_finish(table, out);
}

/* Foreign text behind `indent` columns, and its line feed. Its own lines stay lines. */
static void wrapped_add(struct strbuf *out, const char *text, size_t indent,
                        const struct text_style *style)
{
    for (bool more = true; more;) {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        struct strbuf safe;
        strbuf_init(&safe);
        text_add_safe(&safe, line != NULL ? line : "out of memory");
        text_add_wrapped(out, safe.text, indent, indent, style->width);
        strbuf_add_char(out, '\n');
        strbuf_release(&safe);
        free(line);
        more = text[length] == '\n' && text[length + 1] != '\0';
        text += length + more;
        if (more)
            strbuf_add_repeated(out, ' ', indent);
    }
}

static void line_add(struct strbuf *out, const char *label, const char *text,
                     const struct text_style *style)
{
    strbuf_add_text(out, "  ");
    text_add_padded(out, label, 14);
    wrapped_add(out, text, 16, style);
}

static void alert_detail(const struct alert_row *row, int64_t now_ns,
                         const struct text_style *style, struct strbuf *out)
{
    const struct alert *alert = &row->alert;
    char text[CLOCK_TEXT_SIZE + UNIT_TEXT_SIZE];
    text_bold_begin(out, style);
    strbuf_add_format(out, "Alert %lld", (long long)alert->id);
    text_colour_end(out, style);
    strbuf_add_text(out, "  ");
    text_colour_begin(out, style, alert->severity);
    strbuf_add_text(out, severity_word(alert->severity));
    text_colour_end(out, style);
    strbuf_add_format(out, "  %s\n", alert_shown_state(alert, now_ns));
    line_add(out, "metric", metric_display_name(&row->metric), style);
    if (row->metric.name != NULL && strcmp(row->metric.name, row->metric.id) != 0)
        line_add(out, "id", row->metric.id, style);
    line_add(out, "app", row->series.app, style);
    line_add(out, "environment", row->series.environment, style);
    if (row->series.labels != NULL && row->series.labels[0] != '\0')
        line_add(out, "labels", row->series.labels, style);
    line_add(out, "reason", alert->reason, style);
    if (alert->good_commit[0] != '\0')
        line_add(out, "last good", alert->good_commit, style);
    if (alert->bad_commit[0] != '\0')
        line_add(out, "first bad", alert->bad_commit, style);
    line_add(out, "triggered", text_short_time(alert->triggered_ns, text), style);
    line_add(out, "last seen", text_short_time(alert->last_seen_ns, text), style);
    if (alert->muted_until_ns > now_ns)
        line_add(out, "muted until", text_short_time(alert->muted_until_ns, text), style);
    if (alert->notes[0] != '\0')
        line_add(out, "notes", alert->notes, style);
}

static void events_add(const struct alert_row *row, const struct text_style *style,
                       struct strbuf *out)
{
    char time[CLOCK_TEXT_SIZE], value[UNIT_TEXT_SIZE];
    if (row->event_count == 0)
        return;
    strbuf_add_text(out, "  history\n");
    for (size_t i = 0; i < row->event_count; i++) {
        const struct alert_event *event = &row->events[i];
        unit_format(event->value, row->metric.unit, value);
        strbuf_add_format(out, "    %s  ", text_short_time(event->time_ns, time));
        text_add_padded(out, alert_action_word(event->action), 13);
        text_add_padded(out, severity_word(event->severity), 10);
        text_add_padded(out, value, 12);
        strbuf_add_text(out, " by ");
        text_add_safe(out, event->who);
        if (event->note[0] != '\0') {
            strbuf_add_text(out, "\n      ");
            wrapped_add(out, event->note, 6, style);
        } else {
            strbuf_add_char(out, '\n');
        }
    }
}

void alert_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct alert_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No alerts.\n");
        if (report->over > 0)
            strbuf_add_format(out, "%zu accepted or resolved: tare alerts --all\n", report->over);
        return;
    }
    if (report->count == 1 && report->rows[0].events != NULL) {
        alert_detail(&report->rows[0], report->now_ns, style, out);
        events_add(&report->rows[0], style, out);
        return;
    }
    alert_table(report, style, out);
    size_t together;
    char commit[16];
    const char *shared = alert_report_shared_commit(report, &together);
    if (shared != NULL)
        strbuf_add_format(out,
                          "%zu of these begin at %s: one cause, perhaps the machine, is likelier "
                          "than %zu.\n",
                          together, text_short_commit(shared, commit), together);
}

void session_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"SESSION", false, false, 0},     {"APP", false, true, 5},
        {"STARTED", false, false, 7},     {"TOOK", true, false, 2},
        {"OUTCOME", false, false, 0},     {"TEMP", false, false, 3},
        {"COMMIT", false, false, 0},      {"BRANCH", false, true, 4},
        {"MEASUREMENTS", true, false, 1}, {"DROPPED", true, false, 6}};
    const struct session_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No sessions.\n");
        return;
    }
    struct text_table *table = text_table_new(columns, 10, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct session *session = &report->sessions[i];
        char text[CLOCK_TEXT_SIZE], commit[16];
        text_table_row(table);
        snprintf(text, sizeof text, "%.8s", session->id);
        text_table_cell(table, 0, text);
        text_table_cell(table, 1, session->app);
        text_table_cell(table, 2, text_short_time(session->started_ns, text));
        if (session->ended_ns - session->started_ns >= 1000) /* imported ones are moments */
            text_cell_value(table, 3, (double)(session->ended_ns - session->started_ns) / 1e6,
                            "ms");
        text_table_cell(table, 4, outcome_word(session->outcome));
        text_table_cell(table, 5, temperature_word(session->temperature));
        text_table_cell(table, 6, text_short_commit(session->commit, commit));
        text_table_cell(table, 7, session->branch);
        text_cell_count(table, 8, report->measurements[i]);
        text_cell_count(table, 9, session->dropped);
    }
    text_table_finish(table, out);
}

void metric_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"ID", false, true, 0},        {"NAME", false, true, 5},
        {"UNIT", false, false, 0},     {"BETTER", false, false, 3},
        {"VALUE IS", false, false, 1}, {"CATEGORY", false, false, 2},
        {"TARGET", true, false, 7},    {"SERIES", true, false, 4},
        {"LAST", true, false, 0},      {"LAST SEEN", false, false, 6}};
    const struct metric_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No metrics yet. 'tare init' defines the catalogue.\n");
        return;
    }
    struct text_table *table = text_table_new(columns, 10, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct metric_row *row = &report->rows[i];
        char time[CLOCK_TEXT_SIZE];
        text_table_row(table);
        text_table_cell(table, 0, row->metric.id);
        text_table_cell(table, 1, metric_display_name(&row->metric));
        text_table_cell(table, 2, row->metric.unit);
        text_table_cell(table, 3, better_word(row->metric.better));
        text_table_cell(table, 4, aggregate_word(row->metric.aggregate));
        text_table_cell(table, 5, category_word(row->metric.category));
        text_cell_value(table, 6, row->metric.target, row->metric.unit);
        text_cell_count(table, 7, row->series_count);
        text_cell_value(table, 8, row->last_ns != 0 ? row->last_value : NAN, row->metric.unit);
        text_table_cell(table, 9, text_short_time(row->last_ns, time));
    }
    text_table_finish(table, out);
}

void target_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"ID", false, true, 0},         {"NAME", false, true, 2},     {"TARGET", true, false, 0},
        {"WARNING AT", true, false, 3}, {"ERROR AT", true, false, 0}, {"BETTER", false, false, 1}};
    const struct metric_report *report = any;
    size_t shown = 0;
    struct text_table *table = text_table_new(columns, 6, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct metric *metric = &report->rows[i].metric;
        double sign = metric->better == TARE_HIGHER ? -1 : 1;
        if (isnan(metric->target))
            continue;
        shown++;
        text_table_row(table);
        text_table_cell(table, 0, metric->id);
        text_table_cell(table, 1, metric_display_name(metric));
        text_cell_value(table, 2, metric->target, metric->unit);
        double step = sign * fabs(metric->target) / 100;
        text_cell_value(table, 3, metric->target + step * metric->warning_percent, metric->unit);
        text_cell_value(table, 4, metric->target + step * metric->error_percent, metric->unit);
        text_table_cell(table, 5, better_word(metric->better));
    }
    if (shown > 0) {
        text_table_finish(table, out);
    } else {
        struct strbuf nothing;
        strbuf_init(&nothing);
        text_table_finish(table, &nothing);
        strbuf_release(&nothing);
        strbuf_add_text(out, "No targets. 'tare targets set METRIC VALUE' sets one.\n");
    }
}

void baseline_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"METRIC", false, true, 0},   {"APP", false, true, 5},    {"TEMP", false, false, 4},
        {"BASELINE", true, false, 0}, {"±", true, false, 0},      {"LOW", true, false, 3},
        {"HIGH", true, false, 2},     {"N", true, false, 6},      {"CONFIDENCE", false, false, 7},
        {"STATE", false, false, 0},   {"LABELS", false, true, 1}, {"ENVIRONMENT", false, true, 0}};
    const struct baseline_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No baselines.\n");
        return;
    }
    struct text_table *table = text_table_new(columns, style->all ? 12 : 11, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct baseline_row *row = &report->rows[i];
        const struct baseline *baseline = &row->standing.baseline;
        char text[160];
        text_table_row(table);
        text_table_cell(table, 0, row->series.metric_id);
        text_table_cell(table, 1, row->series.app);
        text_table_cell(table, 2, temperature_word(row->series.temperature));
        text_cell_value(table, 3, baseline->centre, row->metric.unit);
        text_cell_value(table, 4, baseline->spread, row->metric.unit);
        text_cell_value(table, 5, baseline->low, row->metric.unit);
        text_cell_value(table, 6, baseline->high, row->metric.unit);
        text_cell_count(table, 7, baseline->n);
        snprintf(text, sizeof text, "%s %.2f", baseline_confidence_label(baseline),
                 baseline->confidence);
        text_table_cell(table, 8, text);
        snprintf(text, sizeof text, "%s%s%s", baseline_state_word(baseline->state),
                 row->standing.pin[0] != '\0' ? " " : "", row->standing.pin);
        text_table_cell(table, 9, text);
        text_table_cell(table, 10, row->series.labels);
        if (style->all)
            text_table_cell(table, 11, row->series.environment);
    }
    text_table_finish(table, out);
}

static void verdict_lines(const char *title, const struct verdict *verdict,
                          const struct text_style *style, struct strbuf *out)
{
    char target[UNIT_TEXT_SIZE], baseline[UNIT_TEXT_SIZE];
    percent_format(verdict->deviation_target_percent, target);
    percent_format(verdict->deviation_baseline_percent, baseline);
    strbuf_add_format(out, "%s\n", title);
    line_add(out, "severity", severity_word(verdict->severity), style);
    if (!isnan(verdict->deviation_target_percent))
        strbuf_add_format(out, "  to target     %s: %s\n", target,
                          severity_word(verdict->target_severity));
    if (!isnan(verdict->deviation_baseline_percent))
        strbuf_add_format(out, "  to baseline   %s, z %.3f (plain ratio %.3f), p %.3g: %s\n",
                          baseline, verdict->z, verdict->ratio, verdict->p,
                          severity_word(verdict->baseline_severity));
    line_add(out, "reason", verdict->reason, style);
}

/* What the search over the history found, for alerts of a step or a trend. */
static void level_lines(const struct explain_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    if (report->level_stored[0] == '\0')
        return;
    strbuf_add_format(out, "Search over the history (%s)\n",
                      alert_kind_word(report->row.alert.kind));
    line_add(out, "then", report->level_stored, style);
    bool found = report->level_replayed[0] != '\0';
    line_add(out, "again", found ? report->level_replayed : "nothing is found any more", style);
}

/* The values of the window, as many to a line as 80 columns hold. */
static void window_line(const struct explain_report *report, struct strbuf *out)
{
    enum { A_LINE = 6 };
    for (size_t i = 0; i < report->window_count; i++) {
        if (i % A_LINE == 0)
            strbuf_add_text(out, i == 0 ? "\n  window       " : "\n               ");
        strbuf_add_format(out, " %9.6g", report->window[i].value);
    }
}

static void baseline_line(const struct explain_report *report, struct strbuf *out)
{
    const struct baseline *baseline = &report->baseline;
    char centre[UNIT_TEXT_SIZE], spread[UNIT_TEXT_SIZE];
    if (baseline->state == BASELINE_LEARNING) {
        strbuf_add_format(out, "  learning      %u of %u measurements", baseline->n,
                          baseline->minimum);
        return;
    }
    unit_format(baseline->centre, report->row.metric.unit, centre);
    unit_format(baseline->spread, report->row.metric.unit, spread);
    text_add_safe_format(out,
                         "  centre        %s, spread %s%s, n %u, "
                         "confidence %s %.2f, %s",
                         centre, spread, baseline->spread_at_floor ? " (its floor)" : "",
                         baseline->n, baseline_confidence_label(baseline), baseline->confidence,
                         baseline_state_word(baseline->state));
}

void explain_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct explain_report *report = any;
    const struct metric *metric = &report->row.metric;
    char text[UNIT_TEXT_SIZE], smallest[UNIT_TEXT_SIZE];
    char time[CLOCK_TEXT_SIZE], commit[16];
    alert_detail(&report->row, 0, style, out);
    unit_format(report->measurement.value, metric->unit, text);
    strbuf_add_text(out, "Measurement\n");
    text_add_safe_format(out, "  value         %s (n %llu, %s, commit %s)", text,
                         (unsigned long long)report->measurement.n,
                         text_short_time(report->measurement.time_ns, time),
                         text_short_commit(report->measurement.commit, commit));
    strbuf_add_text(out, "\nBaseline it was held against\n");
    baseline_line(report, out);
    window_line(report, out);
    unit_format(metric->min_change, metric->unit, smallest);
    strbuf_add_format(out, "\nThresholds\n  warning       %g %%, error %g %%, min_change %s\n",
                      metric->warning_percent, metric->error_percent, smallest);
    verdict_lines("Verdict as it was passed", &report->stored, style, out);
    level_lines(report, style, out);
    if (report->same) {
        strbuf_add_text(out, "Replayed from the stored inputs: the same, bit for bit.\n");
        return;
    }
    verdict_lines("Replayed from the stored inputs: DIFFERENT", &report->replayed, style, out);
    strbuf_add_text(out,
                    "  The metric's definition or the excluded measurements changed since.\n");
}

void doctor_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const char *const marks[] = {"ok      ", "note    ", "problem "};
    static const enum severity colours[] = {SEVERITY_OK, SEVERITY_WARNING, SEVERITY_ERROR};
    const struct doctor_report *report = any;
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        text_colour_begin(out, style, colours[finding->level]);
        strbuf_add_text(out, marks[finding->level]);
        text_colour_end(out, style);
        wrapped_add(out, finding->what, 8, style);
        if (finding->remedy != NULL) {
            strbuf_add_text(out, "        → ");
            wrapped_add(out, finding->remedy, 10, style);
        }
    }
}
