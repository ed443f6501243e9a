#include "present/json_reports.h"

#include "model/report.h"
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

static json_t *event_json(const struct alert_event *event)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "time", json_time(event->time_ns), "action",
                     alert_action_word(event->action), "severity", severity_word(event->severity),
                     "value", json_number(event->value), "who", json_text(event->who), "note",
                     json_text(event->note));
}

static json_t *alert_row_json(const struct alert_row *row, int64_t now_ns)
{
    const struct alert *alert = &row->alert;
    json_t *value = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:i}", "id", (json_int_t)alert->id, "metric_id",
        row->metric.id, "severity", severity_word(alert->severity), "kind",
        alert_kind_word(alert->kind), "state", alert_shown_state(alert, now_ns), "current_value",
        json_number(alert->current_value), "expected_value", json_number(alert->expected_value),
        "deviation_percent", json_number(alert->deviation_percent), "occurrences",
        (int)alert->occurrences);
    json_object_set_new(value, "triggered_at", json_time(alert->triggered_ns));
    json_object_set_new(value, "last_seen_at", json_time(alert->last_seen_ns));
    json_object_set_new(value, "resolved_at", json_time(alert->resolved_ns));
    json_object_set_new(value, "muted_until", json_time(alert->muted_until_ns));
    json_object_set_new(value, "good_commit", json_text(alert->good_commit));
    json_object_set_new(value, "bad_commit", json_text(alert->bad_commit));
    json_object_set_new(value, "reason", json_text(alert->reason));
    json_object_set_new(value, "notes", json_text(alert->notes));
    json_object_set_new(value, "unit", json_text(row->metric.unit));
    json_object_set_new(value, "app", json_text(row->series.app));
    json_object_set_new(value, "environment", json_text(row->series.environment));
    json_object_set_new(value, "labels", json_text(row->series.labels));
    json_object_set_new(value, "temperature",
                        json_string(temperature_word(row->series.temperature)));
    if (row->events != NULL) {
        json_t *events = json_array();
        for (size_t i = 0; i < row->event_count; i++)
            json_array_append_new(events, event_json(&row->events[i]));
        json_object_set_new(value, "events", events);
    }
    return value;
}

void alert_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct alert_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(array, alert_row_json(&report->rows[i], report->now_ns));
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
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:s}", "id", (json_int_t)series->id, "metric_id",
                     series->metric_id, "app", json_text(series->app), "environment",
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
                       alert_row_json(&report->row, 0), "metric", json_metric(&report->row.metric),
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
