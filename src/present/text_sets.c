#include "present/text_reports.h"

#include "model/comparison.h"
#include "model/unit.h"
#include "present/text_cells.h"
#include "present/text_colour.h"
#include "present/text_safe.h"
#include "present/text_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The metric with what else tells its series apart. */
static void cell_series(struct text_table *table, size_t column, const struct metric *metric,
                        const struct series *series)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_text(&text, metric->id);
    if (series->labels != NULL && series->labels[0] != '\0')
        strbuf_add_format(&text, " {%s}", series->labels);
    if (series->temperature == TEMPERATURE_COLD)
        strbuf_add_text(&text, " (cold)");
    text_table_cell(table, column, text.text);
    strbuf_release(&text);
}

static void interval_format(const struct comparison_row *row, char text[80])
{
    char low[UNIT_TEXT_SIZE], high[UNIT_TEXT_SIZE];
    if (isnan(row->low_percent)) {
        snprintf(text, 80, "–");
        return;
    }
    percent_format(row->low_percent, low);
    percent_format(row->high_percent, high);
    snprintf(text, 80, "%.30s … %.30s", low, high);
}

static void comparison_table(const struct comparison_report *report,
                             const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {{"METRIC", false, true, 0},
                                                 {"A", true, false, 3},
                                                 {"B", true, false, 4},
                                                 {"CHANGE", true, false, 0},
                                                 {"95 % INTERVAL", true, false, 0},
                                                 {"P", true, false, 2},
                                                 {"N", true, false, 1},
                                                 {"VERDICT", false, false, 0}};
    struct text_table *table = text_table_new(columns, 8, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct comparison_row *row = &report->rows[i];
        char text[80];
        text_table_row(table);
        cell_series(table, 0, &row->metric, &row->series);
        text_cell_value(table, 1, row->a_median, row->metric.unit);
        text_cell_value(table, 2, row->b_median, row->metric.unit);
        text_cell_percent(table, 3, row->change_percent);
        interval_format(row, text);
        text_table_cell(table, 4, text);
        if (!isnan(row->p)) {
            snprintf(text, sizeof text, "%.2g", row->p);
            text_table_cell(table, 5, text);
        }
        snprintf(text, sizeof text, "%zu/%zu%s", row->a_n, row->b_n,
                 row->of_samples ? " samples" : "");
        text_table_cell(table, 6, text);
        text_table_cell(table, 7, row->change);
    }
    text_table_finish(table, out);
}

void comparison_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct comparison_report *report = any;
    strbuf_add_text(out, "A is ");
    text_add_safe(out, report->a);
    strbuf_add_text(out, ", B is ");
    text_add_safe(out, report->b);
    strbuf_add_char(out, '\n');
    if (report->count == 0) {
        strbuf_add_text(out, "No metric was measured in both.\n");
        return;
    }
    comparison_table(report, style, out);
    strbuf_add_format(out, "%zu regressed, %zu improved, %zu the same, %zu inconclusive\n",
                      report->regressed, report->improved, report->same, report->inconclusive);
}

static void check_table(const struct check_report *report, const struct text_style *style,
                        struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"METRIC", false, true, 0}, {"NOW", true, false, 0}, {"BASELINE", true, false, 2},
        {"CHANGE", true, false, 0}, {"N", true, false, 1},   {"VERDICT", false, false, 0},
        {"WHY", false, true, 3}};
    struct text_table *table = text_table_new(columns, 7, style);
    for (size_t i = 0; i < report->count; i++) {
        const struct check_row *row = &report->rows[i];
        char text[40];
        if (!row->gates && !style->all)
            continue;
        text_table_row(table);
        cell_series(table, 0, &row->metric, &row->series);
        text_cell_value(table, 1, row->value, row->metric.unit);
        text_cell_value(table, 2, row->baseline.centre, row->metric.unit);
        text_cell_percent(table, 3, row->change_percent);
        snprintf(text, sizeof text, "%zu/%u", row->n, row->baseline.n);
        text_table_cell(table, 4, text);
        if (row->conclusive)
            text_table_severity(table, 5, row->verdict.severity);
        else
            text_table_cell(table, 5, "inconclusive");
        text_table_cell(table, 6, row->verdict.reason);
    }
    text_table_finish(table, out);
}

void check_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const enum severity colours[] = {SEVERITY_OK, SEVERITY_ERROR, SEVERITY_WARNING};
    const struct check_report *report = any;
    strbuf_add_text(out, report->selftest ? "Self-test: a regression was planted into " : "");
    text_add_safe(out, report->candidate != NULL ? report->candidate : "nothing");
    strbuf_add_text(out, " against ");
    text_add_safe(out, report->base);
    strbuf_add_char(out, '\n');
    if (report->count > 0)
        check_table(report, style, out);
    text_colour_begin(out, style, colours[report->result]);
    strbuf_add_text(out, check_result_word(report->result));
    text_colour_end(out, style);
    if (report->result == CHECK_INSUFFICIENT)
        strbuf_add_text(out, ": nothing to compare, or too few measurements\n");
    else
        strbuf_add_format(out,
                          ": fails on %s or worse; %zu test%s, false discoveries at most %g %%\n",
                          severity_word(report->fail_on), report->tests,
                          report->tests == 1 ? "" : "s", 100 * report->false_discovery_rate);
}
