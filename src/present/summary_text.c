#include "present/summary_text.h"

#include "model/report.h"
#include "model/unit.h"
#include "present/text_colour.h"
#include "present/text_safe.h"

#include <math.h>
#include <string.h>

enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_VERDICT, COLUMN_TARGET, COLUMN_BASELINE, COLUMN_COUNT };

struct summary_row {
    struct strbuf cells[COLUMN_COUNT];
    const struct status_metric *metric;
};

static bool metric_shown(const struct status_metric *row, const struct text_style *style)
{
    return style->all || row->metric.category != CATEGORY_SECONDARY ||
           row->verdict.severity >= SEVERITY_WARNING;
}

static void row_fill(struct summary_row *row, const struct status_metric *metric)
{
    char text[UNIT_TEXT_SIZE];
    const char *unit = metric->metric.unit;
    const struct baseline *baseline = &metric->baseline;
    row->metric = metric;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        strbuf_init(&row->cells[i]);
    text_add_safe(&row->cells[COLUMN_NAME], metric_display_name(&metric->metric));
    unit_format(metric->value, unit, text);
    text_add_safe(&row->cells[COLUMN_VALUE], text);
    if (isnan(metric->metric.target) && metric->verdict.learning)
        strbuf_add_text(&row->cells[COLUMN_VERDICT], "learning");
    else
        strbuf_add_text(&row->cells[COLUMN_VERDICT], severity_word(metric->verdict.severity));
    if (!isnan(metric->metric.target)) {
        unit_format(metric->metric.target, unit, text);
        strbuf_add_text(&row->cells[COLUMN_TARGET], "target ");
        text_add_safe(&row->cells[COLUMN_TARGET], text);
    }
    if (isfinite(baseline->centre)) {
        unit_format(baseline->centre, unit, text);
        strbuf_add_text(&row->cells[COLUMN_BASELINE], "baseline ");
        text_add_safe(&row->cells[COLUMN_BASELINE], text);
        if (!baseline->spread_at_floor) {
            unit_format(baseline->spread, unit, text);
            strbuf_add_text(&row->cells[COLUMN_BASELINE], " ±");
            text_add_safe(&row->cells[COLUMN_BASELINE], text);
        }
    } else {
        strbuf_add_format(&row->cells[COLUMN_BASELINE], "learning, %u of %d", baseline->n,
                          BASELINE_MINIMUM);
    }
}

/* The widest cell of each column; columns that do not fit `style->width` get 0, the last first. */
static void columns_measure(const struct summary_row *rows, size_t count,
                            const struct text_style *style, size_t widths[COLUMN_COUNT],
                            bool *sparklines)
{
    size_t total = 2;
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        widths[column] = column == COLUMN_NAME ? strlen("Performance index") : 0;
        for (size_t i = 0; i < count; i++) {
            size_t width = text_width(rows[i].cells[column].text);
            widths[column] = width > widths[column] ? width : widths[column];
        }
        if (column == COLUMN_NAME && widths[column] > 40)
            widths[column] = 40;
        total += widths[column] > 0 ? widths[column] + 3 : 0;
    }
    *sparklines = style->width == 0 || total + REPORT_RECENT <= style->width;
    for (size_t column = COLUMN_COUNT; column-- > COLUMN_VERDICT + 1;) {
        if (style->width == 0 || total <= style->width + 3)
            break;
        total -= widths[column] > 0 ? widths[column] + 3 : 0;
        widths[column] = 0;
    }
}

static void trim_right(struct strbuf *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
}

static void row_add(const struct summary_row *row, const size_t widths[COLUMN_COUNT],
                    bool sparklines, const struct text_style *style, struct strbuf *out)
{
    strbuf_add_text(out, "  ");
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        if (widths[column] == 0)
            continue;
        if (column == COLUMN_VERDICT)
            text_colour_begin(out, style, row->metric->verdict.severity);
        text_add_padded(out, row->cells[column].text, widths[column]);
        if (column == COLUMN_VERDICT)
            text_colour_end(out, style);
        strbuf_add_text(out, "   ");
    }
    if (sparklines && row->metric->recent_count > 1)
        text_add_sparkline(out, row->metric->recent, row->metric->recent_count);
    trim_right(out);
    strbuf_add_char(out, '\n');
}

static void metrics_add(const struct status_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    struct summary_row rows[64]; /* more than a screen of them goes through in portions */
    size_t widths[COLUMN_COUNT], next = 0;
    bool sparklines;
    while (next < report->metric_count) {
        size_t count = 0;
        for (; next < report->metric_count && count < 64; next++)
            if (metric_shown(&report->metrics[next], style))
                row_fill(&rows[count++], &report->metrics[next]);
        columns_measure(rows, count, style, widths, &sparklines);
        for (size_t i = 0; i < count; i++)
            row_add(&rows[i], widths, sparklines, style, out);
        for (size_t i = 0; i < count; i++)
            for (size_t column = 0; column < COLUMN_COUNT; column++)
                strbuf_release(&rows[i].cells[column]);
    }
    if (!isnan(report->index)) {
        strbuf_add_text(out, "  ");
        text_add_padded(out, "Performance index", widths[COLUMN_NAME]);
        strbuf_add_format(out, "   %.0f/100\n", report->index);
    }
}

static bool has_metric(const struct status_report *report, const char *id)
{
    for (size_t i = 0; i < report->metric_count; i++)
        if (strcmp(report->metrics[i].metric.id, id) == 0)
            return true;
    return false;
}

static void heading_add(const struct status_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    const struct session *session = &report->session;
    struct strbuf left, right;
    strbuf_init(&left);
    strbuf_init(&right);
    text_add_safe(&left, report->app);
    strbuf_add_text(&left,
                    has_metric(report, "APP-001") ? " start-up performance" : " performance");
    if (session->commit != NULL && session->commit[0] != '\0') {
        char commit[8] = "";
        strncat(commit, session->commit, 7);
        text_add_safe(&right, commit);
        strbuf_add_text(&right, session->dirty ? "+  " : "  ");
    }
    if (session->branch != NULL && session->branch[0] != '\0') {
        text_add_safe(&right, session->branch);
        strbuf_add_text(&right, "  ");
    }
    strbuf_add_text(&right, temperature_word(session->temperature));
    if (session->outcome == OUTCOME_RUNNING)
        strbuf_add_text(&right, "  running");
    else if (session->outcome != OUTCOME_OK)
        strbuf_add_format(&right, "  %s", outcome_word(session->outcome));
    size_t width = style->width > 0 && style->width < 76 ? style->width : 76;
    size_t used = text_width(left.text) + text_width(right.text);
    text_bold_begin(out, style);
    strbuf_add_text(out, left.text);
    text_colour_end(out, style);
    strbuf_add_repeated(out, ' ', used + 2 < width ? width - used : 2);
    strbuf_add_text(out, right.text);
    strbuf_add_char(out, '\n');
    strbuf_release(&left);
    strbuf_release(&right);
}

static void warnings_add(const struct status_report *report, const struct text_style *style,
                         struct strbuf *out)
{
    if (report->warning_count == 0)
        return;
    strbuf_add_char(out, '\n');
    text_bold_begin(out, style);
    strbuf_add_text(out, "Warnings");
    text_colour_end(out, style);
    strbuf_add_char(out, '\n');
    for (size_t i = 0; i < report->warning_count; i++) {
        struct strbuf safe;
        strbuf_init(&safe);
        text_add_safe(&safe, report->warnings[i]);
        text_add_wrapped(out, safe.text, 2, style->width);
        strbuf_add_char(out, '\n');
        strbuf_release(&safe);
    }
}

static void trend_add(const struct status_report *report, struct strbuf *out)
{
    char percent[UNIT_TEXT_SIZE];
    if (report->trend == TREND_UNKNOWN)
        return;
    percent_format(report->trend_percent, percent);
    strbuf_add_format(out, "\nTrend  %s, %s against the %u-day median\n",
                      trend_direction_word(report->trend), percent, report->trend_days);
}

void summary_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct status_report *report = any;
    if (!report->has_session) {
        strbuf_add_text(out, "No data yet. Record something first, for example:\n"
                             "  tare run -- COMMAND\n"
                             "  tare record my_metric 42 --unit ms\n");
        return;
    }
    heading_add(report, style, out);
    if (report->metric_count == 0)
        strbuf_add_text(out, "  No measurements in this session.\n");
    metrics_add(report, style, out);
    warnings_add(report, style, out);
    trend_add(report, out);
}
