#include "present/json_reports.h"

#include "model/comparison.h"
#include "model/history.h"
#include "present/json_values.h"

static json_t *side_json(size_t n, double median)
{
    return json_pack("{s:I, s:o}", "n", (json_int_t)n, "median", json_number(median));
}

static json_t *comparison_row_json(const struct comparison_row *row)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:o, s:o, s:s}", "id",
        json_text(row->metric.id), "name", json_text(metric_display_name(&row->metric)), "unit",
        json_text(row->metric.unit), "a", side_json(row->a_n, row->a_median), "b",
        side_json(row->b_n, row->b_median), "change_percent", json_number(row->change_percent),
        "low_percent", json_number(row->low_percent), "high_percent",
        json_number(row->high_percent), "verdict", row->change, "p", json_number(row->p),
        "of_samples", row->of_samples, "reason", json_text(row->reason), "labels",
        json_text(row->series.labels), "temperature", temperature_word(row->series.temperature));
}

void comparison_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct comparison_report *report = any;
    json_t *rows = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(rows, comparison_row_json(&report->rows[i]));
    json_t *summary = json_pack("{s:I, s:I, s:I, s:I}", "improved", (json_int_t)report->improved,
                                "regressed", (json_int_t)report->regressed, "same",
                                (json_int_t)report->same, "inconclusive",
                                (json_int_t)report->inconclusive);
    json_add(out, json_pack("{s:o, s:o, s:o, s:o}", "a", json_text(report->a), "b",
                            json_text(report->b), "metrics", rows, "summary", summary));
}

static json_t *check_row_json(const struct check_row *row)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:I, s:b, s:b, s:o, s:o, s:o, s:o, s:s}", "id",
        json_text(row->metric.id), "name", json_text(metric_display_name(&row->metric)), "unit",
        json_text(row->metric.unit), "value", json_number(row->value), "n", (json_int_t)row->n,
        "conclusive", row->conclusive, "gates", row->gates, "baseline",
        json_baseline(&row->baseline), "verdict", json_verdict(&row->verdict), "p_adjusted",
        json_number(row->p_adjusted), "labels", json_text(row->series.labels), "temperature",
        temperature_word(row->series.temperature));
}

void check_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct check_report *report = any;
    json_t *rows = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(rows, check_row_json(&report->rows[i]));
    json_add(out,
             json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:I, s:o}", "result",
                       check_result_word(report->result), "fail_on",
                       severity_word(report->fail_on), "selftest", report->selftest, "candidate",
                       json_text(report->candidate), "base", json_text(report->base), "metrics",
                       rows, "tests", (json_int_t)report->tests, "false_discovery_rate",
                       json_number(report->false_discovery_rate)));
}

static json_t *point_json(const struct history_point *point)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "index", (json_int_t)point->index, "time",
        json_time(point->time_ns), "before", json_number(point->before), "after",
        json_number(point->after), "change_percent", json_number(point->change_percent), "z",
        json_number(point->z), "state", point->confirmed ? "confirmed" : "provisional",
        "good_commit", json_text(point->good_commit), "bad_commit", json_text(point->bad_commit));
}

static json_t *history_json(const struct history_report *report)
{
    json_t *points = json_array();
    for (size_t i = 0; i < report->point_count; i++)
        json_array_append_new(points, point_json(&report->points[i]));
    json_t *trend = json_pack("{s:o, s:o, s:o}", "slope_per_measurement",
                              json_number(report->trend.slope_per_measurement), "p",
                              json_number(report->trend.p), "change_percent",
                              json_number(report->trend.change_percent));
    return json_pack("{s:I, s:I, s:b, s:o, s:o, s:o}", "n", (json_int_t)report->count, "gaps",
                     (json_int_t)report->gap_count, "sorted", report->sorted, "change_points",
                     points, "trend", trend, "detectable", json_number(report->detectable));
}

void analysis_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    json_add(out, history_json(any));
}

static json_t *history_points_json(const struct history_report *report)
{
    json_t *values = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(
            values,
            json_pack("{s:o, s:o, s:o, s:I}", "time", json_time(report->times_ns[i]), "value",
                      json_number(report->values[i]), "commit",
                      json_text(report->commits != NULL ? report->commits[i] : NULL),
                      "measurements",
                      (json_int_t)(report->measurements != NULL ? report->measurements[i] : 1)));
    return values;
}

void trend_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct history_list *list = any;
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct history_report *report = &list->reports[i];
        json_t *value = history_json(report);
        json_t *alerts = json_array();
        for (size_t k = 0; k < report->alert_count; k++)
            json_array_append_new(alerts, json_integer(report->alerts[k].id));
        json_object_set_new(value, "metric", json_metric(&report->metric));
        json_object_set_new(value, "app", json_text(report->series.app));
        json_object_set_new(value, "environment", json_text(report->series.environment));
        json_object_set_new(value, "labels", json_text(report->series.labels));
        json_object_set_new(value, "temperature",
                            json_string(temperature_word(report->series.temperature)));
        json_object_set_new(value, "baseline", json_baseline(&report->baseline));
        json_object_set_new(value, "measurements", history_points_json(report));
        json_object_set_new(value, "alerts", alerts);
        json_array_append_new(array, value);
    }
    json_add(out, array);
}
