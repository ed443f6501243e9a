#include "present/json_alert.h"

#include "present/json_values.h"

static json_t *event_json(const struct alert_event *event)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "time", json_time(event->time_ns), "action",
                     alert_action_word(event->action), "severity", severity_word(event->severity),
                     "value", json_number(event->value), "who", json_text(event->who), "note",
                     json_text(event->note));
}

json_t *json_alert_row(const struct alert_row *row, int64_t now_ns)
{
    const struct alert *alert = &row->alert;
    json_t *value = json_pack(
        "{s:I, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:i}", "id", (json_int_t)alert->id, "metric_id",
        json_text(row->metric.id), "severity", severity_word(alert->severity), "kind",
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
