#include "present/health_reports.h"

#include "model/catalogue.h"
#include "present/json_values.h"

#include <math.h>

static json_t *integer(size_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *criterion_json(const struct health_criterion *criterion)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:b, s:o, s:s}", "criterion",
                     health_subject_word(criterion->subject), "standing",
                     health_standing_word(criterion->standing), "value",
                     json_number(criterion->value), "goal", json_number(criterion->goal),
                     "at_most", criterion->at_most, "why", json_text(criterion->why), "how",
                     health_how(criterion->subject));
}

static json_t *catalogue_json(const struct health_window *window)
{
    json_t *missing = json_array();
    for (size_t i = 0; i < CATALOGUE_COUNT; i++)
        if (!window->has_data[i])
            json_array_append_new(missing, json_string(catalogue[i].id));
    return json_pack("{s:o, s:o, s:o}", "with_data", integer(window->with_data), "core_with_data",
                     integer(window->core_with_data), "missing", missing);
}

static json_t *alerts_json(const struct health_alerts *alerts)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "opened", integer(alerts->opened),
                     "acknowledged", integer(alerts->acknowledged), "closed",
                     integer(alerts->closed), "answered", integer(alerts->answered), "late",
                     integer(alerts->late), "mean_hours_to_acknowledge",
                     json_number(alerts->acknowledge_hours), "mean_hours_to_close",
                     json_number(alerts->close_hours));
}

static json_t *window_json(const struct health_window *window)
{
    const struct health_starts *starts = &window->starts;
    const struct health_baselines *baselines = &window->baselines;
    json_t *criteria = json_array();
    for (size_t i = 0; i < HEALTH_SUBJECTS; i++)
        json_array_append_new(criteria, criterion_json(&window->criteria[i]));
    json_t *value = json_pack("{s:o, s:o, s:o, s:o}", "days", integer(window->days), "since",
                              json_time(window->since_ns), "history_days",
                              json_number(window->history_days), "rolled_up_days",
                              integer(window->rolled_up));
    json_object_set_new(value, "criteria", criteria);
    json_object_set_new(value, "starts",
                        json_pack("{s:o, s:o, s:o}", "handed_over", integer(starts->handed_over),
                                  "found_dead", integer(starts->found_dead), "lost",
                                  integer(starts->lost)));
    json_object_set_new(value, "catalogue", catalogue_json(window));
    json_object_set_new(value, "baselines",
                        json_pack("{s:o, s:o, s:o, s:o}", "high", integer(baselines->high),
                                  "medium", integer(baselines->medium), "low",
                                  integer(baselines->low), "learning",
                                  integer(baselines->learning)));
    json_object_set_new(value, "alerts", alerts_json(&window->alerts));
    json_object_set_new(value, "samples",
                        json_pack("{s:o, s:o, s:o, s:o}", "measurements",
                                  integer(window->measurements), "kept", integer(window->samples),
                                  "dropped", integer(window->dropped), "condensed",
                                  integer(window->condensed)));
    json_object_set_new(value, "growth_bytes_a_month", json_number(window->growth_bytes));
    return value;
}

static json_t *series_json(const struct health_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->series_count; i++) {
        const struct series *series = &report->series[i].series;
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "metric_id",
                                              json_text(series->metric_id), "app",
                                              json_text(series->app), "environment",
                                              json_text(series->environment), "labels",
                                              json_text(series->labels), "temperature",
                                              temperature_word(series->temperature), "baseline",
                                              json_baseline(&report->series[i].baseline)));
    }
    return list;
}

void health_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct health_report *report = any;
    const struct health_inbox *inbox = &report->inbox;
    json_t *windows = json_array();
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        json_array_append_new(windows, window_json(&report->windows[i]));
    json_t *waiting = json_pack(
        "{s:I, s:o, s:I, s:o}", "waiting_bytes", (json_int_t)inbox->waiting_bytes, "waiting_since",
        json_time(inbox->waiting_since_ns), "damaged_bytes", (json_int_t)inbox->damaged_bytes,
        "damaged_at", json_time(inbox->damaged_ns));
    json_t *files = json_pack(
        "{s:o, s:o, s:o, s:I, s:o}", "running", integer(inbox->running), "untaken",
        integer(inbox->untaken), "unreadable", integer(inbox->unreadable), "roomless_samples",
        (json_int_t)inbox->roomless, "roomless_at", json_time(inbox->roomless_ns));
    json_add(out, json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "app",
                            json_text(report->app), "until", json_time(report->until_ns),
                            "first_at", json_time(report->first_ns), "size_bytes",
                            (json_int_t)report->size_bytes, "inbox", waiting, "session_files",
                            files, "windows", windows, "baselines", series_json(report)));
}
