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

/* " ±8" behind "379 ms": the unit once where both have the same. */
static void spread_add(struct strbuf *cell, const char *centre, double spread, const char *unit)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(spread, unit, text);
    const char *of_centre = strchr(centre, ' ');
    char *of_spread = strchr(text, ' ');
    if (of_centre != NULL && of_spread != NULL && strcmp(of_centre, of_spread) == 0)
        *of_spread = '\0';
    strbuf_add_text(cell, " ±");
    text_add_safe(cell, text);
}

/* What the value was held against; where that is not known, what the next one will be. */
static void baseline_fill(struct strbuf *cell, const struct status_metric *metric)
{
    char text[UNIT_TEXT_SIZE];
    const char *unit = metric->metric.unit;
    const struct baseline *baseline = &metric->baseline;
    bool held = isfinite(metric->verdict.centre) && isfinite(metric->verdict.spread) &&
                !metric->verdict.learning;
    if (!held && !isfinite(baseline->centre)) {
        strbuf_add_format(cell, "learning, %u of %u", baseline->n, baseline->minimum);
        return;
    }
    unit_format(held ? metric->verdict.centre : baseline->centre, unit, text);
    strbuf_add_text(cell, "baseline ");
    text_add_safe(cell, text);
    if (!baseline->spread_at_floor)
        spread_add(cell, text, held ? metric->verdict.spread : baseline->spread, unit);
}

static void row_fill(struct summary_row *row, const struct status_metric *metric)
{
    char text[UNIT_TEXT_SIZE];
    const char *unit = metric->metric.unit;
    row->metric = metric;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        strbuf_init(&row->cells[i]);
    text_add_safe(&row->cells[COLUMN_NAME], metric_display_name(&metric->metric));
    unit_format(metric->value, unit, text);
    text_add_safe(&row->cells[COLUMN_VALUE], text);
    if (isnan(metric->value))
        strbuf_add_text(&row->cells[COLUMN_VERDICT], "–"); /* of a failed run nothing is judged */
    else if (isnan(metric->metric.target) && metric->verdict.learning)
        strbuf_add_text(&row->cells[COLUMN_VERDICT], /* said in the next column, or here */
                        isfinite(metric->baseline.centre) ? "learning" : "–");
    else
        strbuf_add_text(&row->cells[COLUMN_VERDICT], severity_word(metric->verdict.severity));
    if (!isnan(metric->metric.target)) {
        unit_format(metric->metric.target, unit, text);
        strbuf_add_text(&row->cells[COLUMN_TARGET], "target ");
        text_add_safe(&row->cells[COLUMN_TARGET], text);
    }
    baseline_fill(&row->cells[COLUMN_BASELINE], metric);
}

#define GAP_WIDE   3
#define GAP_NARROW 2

/* How the columns share the width that there is. */
struct summary_layout {
    size_t widths[COLUMN_COUNT]; /* 0: left out */
    size_t gap;
    bool sparklines;
};

static size_t layout_total(const struct summary_layout *layout)
{
    size_t total = 2;
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        total += layout->widths[column] > 0 ? layout->widths[column] + layout->gap : 0;
    return total - layout->gap;
}

/* What does not fit goes in this order: the sparklines, wide gaps, the targets, the baselines. */
static void layout_fit(struct summary_layout *layout, size_t limit)
{
    static const int leaving[] = {COLUMN_TARGET, COLUMN_BASELINE};
    layout->sparklines = limit == 0 || layout_total(layout) + GAP_WIDE + REPORT_RECENT <= limit;
    if (limit > 0 && layout_total(layout) > limit)
        layout->gap = GAP_NARROW;
    for (size_t i = 0; limit > 0 && i < 2 && layout_total(layout) > limit; i++)
        layout->widths[leaving[i]] = 0;
}

/* The widest cell of each column, then what fits. */
static struct summary_layout layout_measure(const struct summary_row *rows, size_t count,
                                            const struct text_style *style)
{
    struct summary_layout layout = {.gap = GAP_WIDE};
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        layout.widths[column] = column == COLUMN_NAME ? strlen("Performance index") : 0;
        for (size_t i = 0; i < count; i++) {
            size_t width = text_width(rows[i].cells[column].text);
            layout.widths[column] = width > layout.widths[column] ? width : layout.widths[column];
        }
        if (column == COLUMN_NAME && layout.widths[column] > 40)
            layout.widths[column] = 40;
    }
    layout_fit(&layout, style->width);
    return layout;
}

static void trim_right(struct strbuf *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
}

static void row_add(const struct summary_row *row, const struct summary_layout *layout,
                    const struct text_style *style, struct strbuf *out)
{
    strbuf_add_text(out, "  ");
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        if (layout->widths[column] == 0)
            continue;
        if (column == COLUMN_VERDICT)
            text_colour_begin(out, style, row->metric->verdict.severity);
        text_add_padded(out, row->cells[column].text, layout->widths[column]);
        if (column == COLUMN_VERDICT)
            text_colour_end(out, style);
        strbuf_add_repeated(out, ' ', layout->gap);
    }
    if (layout->sparklines && row->metric->recent_count > 1)
        text_add_sparkline(out, row->metric->recent, row->metric->recent_count);
    trim_right(out);
    strbuf_add_char(out, '\n');
}

static void metrics_add(const struct status_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    struct summary_row rows[64]; /* more than a screen of them goes through in portions */
    struct summary_layout layout = {.gap = GAP_WIDE};
    size_t next = 0;
    while (next < report->metric_count) {
        size_t count = 0;
        for (; next < report->metric_count && count < 64; next++)
            if (metric_shown(&report->metrics[next], style))
                row_fill(&rows[count++], &report->metrics[next]);
        layout = layout_measure(rows, count, style);
        for (size_t i = 0; i < count; i++)
            row_add(&rows[i], &layout, style, out);
        for (size_t i = 0; i < count; i++)
            for (size_t column = 0; column < COLUMN_COUNT; column++)
                strbuf_release(&rows[i].cells[column]);
    }
    if (!isnan(report->index)) {
        strbuf_add_text(out, "  ");
        text_add_padded(out, "Performance index", layout.widths[COLUMN_NAME]);
        strbuf_add_repeated(out, ' ', layout.gap);
        strbuf_add_format(out, "%.0f/100\n", report->index);
    }
}

/* Of a run that failed there is nothing to tabulate but that it did. */
static bool failure_add(const struct status_report *report, struct strbuf *out)
{
    enum session_outcome outcome = report->session.outcome;
    if ((outcome != OUTCOME_FAILED && outcome != OUTCOME_CRASHED) || report->metric_count == 0)
        return false;
    for (size_t i = 0; i < report->metric_count; i++)
        if (!isnan(report->metrics[i].value))
            return false;
    strbuf_add_format(out, "  It %s: nothing was measured, and nothing is judged.\n",
                      outcome == OUTCOME_FAILED ? "failed" : "died");
    return true;
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

/* "Name  its sentence": two blanks part the two and are kept. */
static void sentence_add(struct strbuf *out, const char *text, const struct text_style *style)
{
    const char *parting = strstr(text, "  ");
    size_t used = 2;
    if (parting != NULL) {
        strbuf_add(out, text, (size_t)(parting + 2 - text));
        used += (size_t)(parting + 2 - text);
        text = parting + 2;
    }
    text_add_wrapped(out, text, used, 4, style->width);
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
        strbuf_add_text(out, "  ");
        sentence_add(out, safe.text, style);
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

/* The other alerts of the app, of which this session tells nothing. */
static void alerts_add(const struct status_report *report, const struct text_style *style,
                       struct strbuf *out)
{
    if (report->alerts_open == 0)
        return;
    bool one = report->alerts_open == 1;
    strbuf_add_format(out, "\nAlerts  %zu other%s %s open, %s", report->alerts_open,
                      one ? "" : "s", one ? "is" : "are", one ? "" : "the worst ");
    text_colour_begin(out, style, report->alerts_worst);
    strbuf_add_text(out, severity_word(report->alerts_worst));
    text_colour_end(out, style);
    strbuf_add_text(out, ": tare alerts\n");
}

static void nothing_add(const struct status_report *report, struct strbuf *out)
{
    if (report->live)
        strbuf_add_text(out, "No program is recording into this store now.\n");
    else if (report->filtered)
        strbuf_add_text(out, "No session matches.\n");
    else
        strbuf_add_text(out, "No data yet. Record something first, for example:\n"
                             "  tare run -- COMMAND\n"
                             "  tare record my_metric 42 --unit ms\n");
}

void summary_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct status_report *report = any;
    if (!report->has_session) {
        nothing_add(report, out);
        return;
    }
    heading_add(report, style, out);
    if (report->metric_count == 0)
        strbuf_add_text(out, "  No measurements in this session.\n");
    if (!failure_add(report, out))
        metrics_add(report, style, out);
    warnings_add(report, style, out);
    trend_add(report, out);
    alerts_add(report, style, out);
}
