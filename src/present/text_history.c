#include "present/text_reports.h"

#include "base/clock.h"
#include "model/history.h"
#include "model/unit.h"
#include "present/text_cells.h"
#include "present/text_colour.h"
#include "present/text_safe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLOT_ROWS    12
#define PLOT_COLUMNS 200 /* at most */
#define AXIS_WIDTH   12

enum cell { CELL_BLANK = 0, CELL_BAND, CELL_TARGET, CELL_POINT, CELL_STEP };

struct plot {
    enum cell cells[PLOT_ROWS][PLOT_COLUMNS];
    size_t columns;
    double low, high; /* of the axis */
};

static void axis_choose(const struct history_report *report, struct plot *plot)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < report->count; i++) {
        if (!isfinite(report->values[i]))
            continue;
        low = fmin(low, report->values[i]);
        high = fmax(high, report->values[i]);
    }
    if (report->has_series && isfinite(report->baseline.centre)) {
        low = fmin(low, report->baseline.centre);
        high = fmax(high, report->baseline.centre);
    }
    double margin = high > low ? (high - low) * 0.02 : fmax(fabs(high) * 0.05, 1e-9);
    plot->low = low >= 0 ? fmax(0, low - margin) : low - margin;
    plot->high = high + margin;
}

/* 0 is the top row. */
static int row_of(const struct plot *plot, double value)
{
    double part = (value - plot->low) / (plot->high - plot->low);
    int row = (int)floor((1 - part) * PLOT_ROWS);
    return row < 0 ? 0 : row >= PLOT_ROWS ? PLOT_ROWS - 1 : row;
}

static size_t column_of(const struct plot *plot, const struct history_report *report, size_t index)
{
    return report->count > plot->columns ? index * plot->columns / report->count : index;
}

static void line_draw(struct plot *plot, double value, enum cell cell)
{
    if (!(value >= plot->low && value <= plot->high))
        return;
    for (size_t column = 0; column < plot->columns; column++)
        plot->cells[row_of(plot, value)][column] = cell;
}

static void band_draw(struct plot *plot, const struct baseline *baseline)
{
    int top = row_of(plot, baseline->centre + 2 * baseline->spread);
    int bottom = row_of(plot, baseline->centre - 2 * baseline->spread);
    for (int row = top; row <= bottom; row++)
        for (size_t column = 0; column < plot->columns; column++)
            plot->cells[row][column] = CELL_BAND;
}

static void plot_draw(const struct history_report *report, struct plot *plot)
{
    if (report->has_series && isfinite(report->baseline.centre))
        band_draw(plot, &report->baseline);
    if (report->has_series && isfinite(report->metric.target))
        line_draw(plot, report->metric.target, CELL_TARGET);
    for (size_t i = 0; i < report->point_count; i++)
        for (int row = 0; row < PLOT_ROWS; row++)
            plot->cells[row][column_of(plot, report, report->points[i].index)] = CELL_STEP;
    for (size_t i = 0; i < report->count; i++)
        if (isfinite(report->values[i]))
            plot->cells[row_of(plot, report->values[i])][column_of(plot, report, i)] = CELL_POINT;
}

static void row_print(const struct plot *plot, int row, const char *unit,
                      const struct text_style *style, struct strbuf *out)
{
    static const char *const marks[] = {" ", "░", "─", "•", "│"};
    char label[UNIT_TEXT_SIZE] = "";
    if (row == 0)
        unit_format(plot->high, unit, label);
    else if (row == PLOT_ROWS / 2)
        unit_format((plot->high + plot->low) / 2, unit, label);
    else if (row == PLOT_ROWS - 1)
        unit_format(plot->low, unit, label);
    size_t width = text_width(label);
    strbuf_add_repeated(out, ' ', width < AXIS_WIDTH ? AXIS_WIDTH - width : 0);
    text_add_safe(out, label);
    strbuf_add_text(out, " ┤");
    for (size_t column = 0; column < plot->columns; column++) {
        enum cell cell = plot->cells[row][column];
        bool coloured = cell == CELL_STEP || cell == CELL_TARGET;
        if (coloured)
            text_colour_begin(out, style, cell == CELL_STEP ? SEVERITY_WARNING : SEVERITY_INFO);
        strbuf_add_text(out, marks[cell]);
        if (coloured)
            text_colour_end(out, style);
    }
    while (out->length > 0 && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
    strbuf_add_char(out, '\n');
}

static void plot_print(const struct history_report *report, const struct text_style *style,
                       struct strbuf *out)
{
    struct plot plot = {.columns = style->width > AXIS_WIDTH + 12 ? style->width - AXIS_WIDTH - 2
                                                                  : 66};
    char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
    if (plot.columns > PLOT_COLUMNS)
        plot.columns = PLOT_COLUMNS;
    if (report->count < plot.columns)
        plot.columns = report->count > 0 ? report->count : 1;
    axis_choose(report, &plot);
    plot_draw(report, &plot);
    for (int row = 0; row < PLOT_ROWS; row++)
        row_print(&plot, row, report->metric.unit != NULL ? report->metric.unit : "", style, out);
    if (report->count == 0 || report->times_ns[0] == 0)
        return;
    strbuf_add_repeated(out, ' ', AXIS_WIDTH + 2);
    const char *from = text_short_time(report->times_ns[0], first);
    const char *to = text_short_time(report->times_ns[report->count - 1], last);
    size_t used = strlen(from) + strlen(to);
    strbuf_add_text(out, from);
    strbuf_add_repeated(out, ' ', plot.columns > used ? plot.columns - used : 2);
    strbuf_add_text(out, to);
    strbuf_add_char(out, '\n');
}

static void points_print(const struct history_report *report, struct strbuf *out)
{
    const char *unit = report->metric.unit != NULL ? report->metric.unit : "";
    char before[UNIT_TEXT_SIZE], after[UNIT_TEXT_SIZE], change[UNIT_TEXT_SIZE];
    char time[CLOCK_TEXT_SIZE];
    if (report->point_count == 0)
        strbuf_add_text(out, "No change points.\n");
    else
        strbuf_add_text(out, "Change points\n");
    for (size_t i = 0; i < report->point_count; i++) {
        const struct history_point *point = &report->points[i];
        unit_format(point->before, unit, before);
        unit_format(point->after, unit, after);
        percent_format(point->change_percent, change);
        strbuf_add_format(out, "  at %zu  ", point->index);
        if (point->time_ns != 0)
            strbuf_add_format(out, "%s  ", text_short_time(point->time_ns, time));
        text_add_safe_format(out, "%s → %s  (%s, z %.1f)", before, after, change, point->z);
        if (point->good_commit[0] != '\0' && point->bad_commit[0] != '\0')
            text_add_safe_format(out, "  between %.7s and %.7s", point->good_commit,
                                 point->bad_commit);
        strbuf_add_text(out, point->confirmed ? "\n" : "  provisional\n");
    }
}

/* What silence means: how large a step would have had to be. */
static void detectable_print(const struct history_report *report, struct strbuf *out)
{
    char step[UNIT_TEXT_SIZE];
    const char *unit = report->metric.unit != NULL ? report->metric.unit : "";
    unit_format(report->detectable, unit, step);
    if (report->detectable == 0)
        strbuf_add_text(out, "Nothing moves in the newest level: any step would have shown.\n");
    else if (isfinite(report->detectable))
        strbuf_add_format(out,
                          "Within the newest level a step of %s would have shown; what only the "
                          "last few values do cannot show yet.\n",
                          step);
    else
        strbuf_add_text(out, "Too few measurements to see any step.\n");
}

static void trend_print(const struct history_report *report, struct strbuf *out)
{
    char change[UNIT_TEXT_SIZE], slope[UNIT_TEXT_SIZE];
    double step = report->trend.slope_per_measurement;
    if (!report->trend.enough) {
        strbuf_add_text(out, "Too few measurements for a trend.\n");
        return;
    }
    percent_format(report->trend.change_percent, change);
    unit_format(fabs(step), report->metric.unit, slope);
    strbuf_add_format(out, "Trend  %s over the window, %s%s a measurement, p %.2g\n", change,
                      step < 0   ? "−"
                      : step > 0 ? "+"
                                 : "",
                      slope, report->trend.p);
}

static void count_print(size_t count, const char *noun, struct strbuf *out)
{
    strbuf_add_format(out, "  %zu %s%s\n", count, noun, count == 1 ? "" : "s");
}

/* What was odd about the input, and what became of it. */
static void input_print(const struct history_report *report, struct strbuf *out)
{
    if (report->gap_count > 0)
        strbuf_add_format(out,
                          "%zu of them %s no number: left out, indexes count %s all the same.\n",
                          report->gap_count, report->gap_count == 1 ? "is" : "are",
                          report->gap_count == 1 ? "it" : "them");
    if (report->untimed_count > 0)
        strbuf_add_format(out, "%zu of them %s no time: taken in the order of the file.\n",
                          report->untimed_count, report->untimed_count == 1 ? "has" : "have");
    if (report->sorted)
        strbuf_add_text(out, "Times were out of order: sorted, indexes count in order of time.\n");
}

void analysis_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct history_report *report = any;
    text_bold_begin(out, style);
    text_add_safe(out, report->title);
    text_colour_end(out, style);
    count_print(report->count, "value", out);
    input_print(report, out);
    plot_print(report, style, out);
    points_print(report, out);
    detectable_print(report, out);
    trend_print(report, out);
}

static void series_heading(const struct history_report *report, const struct text_style *style,
                           struct strbuf *out)
{
    text_bold_begin(out, style);
    text_add_safe(out, metric_display_name(&report->metric));
    text_colour_end(out, style);
    strbuf_add_text(out, "  ");
    text_add_safe(out, report->series.app);
    strbuf_add_format(out, "  %s", temperature_word(report->series.temperature));
    if (report->series.labels[0] != '\0')
        text_add_safe_format(out, "  %s", report->series.labels);
    count_print(report->count, "measurement", out);
    if (report->day_count > 0)
        strbuf_add_format(out, "%zu of them %s of a day that was rolled up.\n", report->day_count,
                          report->day_count == 1 ? "is the median" : "are the medians, each");
}

static void alerts_print(const struct history_report *report, struct strbuf *out)
{
    for (size_t k = 0; k < report->alert_count; k++) {
        strbuf_add_format(out, "Alert %lld  %s  ", (long long)report->alerts[k].id,
                          severity_word(report->alerts[k].severity));
        text_add_safe(out, report->alerts[k].reason);
        strbuf_add_char(out, '\n');
    }
}

/* A value alone is told, not plotted. */
static void alone_print(const struct history_report *report, struct strbuf *out)
{
    char value[UNIT_TEXT_SIZE], time[CLOCK_TEXT_SIZE];
    unit_format(report->values[0], report->metric.unit, value);
    text_add_safe_format(out, "  %s  %s", value, text_short_time(report->times_ns[0], time));
    strbuf_add_char(out, '\n');
}

void trend_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct history_list *list = any;
    if (list->count == 0)
        strbuf_add_text(out, "No measurements.\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct history_report *report = &list->reports[i];
        strbuf_add_text(out, i > 0 ? "\n" : "");
        series_heading(report, style, out);
        if (report->count == 1) {
            alone_print(report, out);
            alerts_print(report, out);
            continue;
        }
        plot_print(report, style, out);
        if (isfinite(report->baseline.centre))
            strbuf_add_format(out, "  ░ baseline ± 2 spreads%s  │ change point\n",
                              isfinite(report->metric.target) ? "  ─ target" : "");
        points_print(report, out);
        detectable_print(report, out);
        trend_print(report, out);
        alerts_print(report, out);
    }
}
