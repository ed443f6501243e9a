#include "present/json_reports.h"

#include "model/report.h"
#include "present/json_alert.h"
#include "present/json_values.h"

#include <string.h>

static json_t *status_metric_json(const struct status_metric *row)
{
    json_t *value = json_metric(&row->metric);
    json_object_set_new(value, "value", json_number(row->value));
    json_object_set_new(value, "n", json_integer((json_int_t)row->n));
    json_object_set_new(value, "final", json_boolean(row->final));
    json_object_set_new(value, "baseline", json_baseline(&row->baseline));
    json_object_set_new(value, "verdict", json_verdict(&row->verdict));
    json_object_set_new(value, "recent", json_numbers(row->recent, row->recent_count));
    json_object_set_new(value, "alert",
                        row->alert_id > 0 ? json_integer(row->alert_id) : json_null());
    return value;
}

void status_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct status_report *report = any;
    json_t *metrics = json_array(), *warnings = json_array();
    for (size_t i = 0; i < report->metric_count; i++)
        json_array_append_new(metrics, status_metric_json(&report->metrics[i]));
    for (size_t i = 0; i < report->warning_count; i++)
        json_array_append_new(warnings, json_text(report->warnings[i]));
    json_t *trend = json_pack("{s:s, s:o, s:i}", "direction", trend_direction_word(report->trend),
                              "percent", json_number(report->trend_percent), "window_days",
                              (int)report->trend_days);
    json_add(out, json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:I}", "app",
                            json_text(report->app), "session",
                            report->has_session ? json_session(&report->session) : json_null(),
                            "live", report->live, "metrics", metrics, "index",
                            json_number(report->index), "warnings", warnings, "trend", trend,
                            "alerts", (json_int_t)report->alerts_live));
}

void alert_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct alert_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(array, json_alert_row(&report->rows[i], report->now_ns));
    json_add(out, array);
}

void session_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct session_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++) {
        json_t *value = json_session(&report->sessions[i]);
        json_object_set_new(value, "measurements",
                            json_integer((json_int_t)report->measurements[i]));
        json_array_append_new(array, value);
    }
    json_add(out, array);
}

void metric_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct metric_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++) {
        const struct metric_row *row = &report->rows[i];
        json_t *value = json_metric(&row->metric);
        json_object_set_new(value, "series", json_integer((json_int_t)row->series_count));
        json_object_set_new(value, "last_at", json_time(row->last_ns));
        json_object_set_new(value, "last_value",
                            row->last_ns != 0 ? json_number(row->last_value) : json_null());
        json_array_append_new(array, value);
    }
    json_add(out, array);
}

static json_t *series_json(const struct series *series)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:s}", "id", (json_int_t)series->id, "metric_id",
                     json_text(series->metric_id), "app", json_text(series->app), "environment",
                     json_text(series->environment), "labels", json_text(series->labels),
                     "temperature", temperature_word(series->temperature));
}

void baseline_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct baseline_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++) {
        const struct baseline_row *row = &report->rows[i];
        json_t *value = series_json(&row->series);
        json_object_set_new(value, "unit", json_text(row->metric.unit));
        json_object_set_new(value, "baseline", json_baseline(&row->standing.baseline));
        json_object_set_new(value, "computed_at", json_time(row->standing.baseline.computed_ns));
        json_object_set_new(value, "pin", json_text(row->standing.pin));
        json_array_append_new(array, value);
    }
    json_add(out, array);
}

void explain_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct explain_report *report = any;
    json_t *window = json_array();
    for (size_t i = 0; i < report->window_count; i++)
        json_array_append_new(window, json_measurement(&report->window[i]));
    json_add(out,
             json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "alert",
                       json_alert_row(&report->row, 0), "metric", json_metric(&report->row.metric),
                       "measurement", json_measurement(&report->measurement), "baseline",
                       json_baseline(&report->baseline), "window", window, "verdict",
                       json_verdict(&report->stored), "replayed", json_verdict(&report->replayed),
                       "same", report->same));
}

void doctor_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    static const char *const levels[] = {"ok", "note", "problem"};
    const struct doctor_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(array, json_pack("{s:s, s:o, s:o}", "level",
                                               levels[report->findings[i].level], "what",
                                               json_text(report->findings[i].what), "remedy",
                                               json_text(report->findings[i].remedy)));
    json_add(out, json_pack("{s:o}", "findings", array));
}
