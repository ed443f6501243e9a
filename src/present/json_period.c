#include "present/period_reports.h"

#include "model/period.h"
#include "present/json_alert.h"
#include "present/json_values.h"

static json_t *integer(size_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *numbers_json(const struct period_numbers *numbers)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "n", integer(numbers->n), "min",
                     json_number(numbers->min), "max", json_number(numbers->max), "mean",
                     json_number(numbers->mean), "median", json_number(numbers->median), "p95",
                     json_number(numbers->p95), "p99", json_number(numbers->p99), "approximate",
                     numbers->approximate);
}

static json_t *change_json(const struct period_change *change)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "percent", json_number(change->percent),
                     "low_percent", json_number(change->low_percent), "high_percent",
                     json_number(change->high_percent), "p", json_number(change->p), "verdict",
                     change->word, "reason", json_text(change->reason));
}

static json_t *row_trend_json(const struct period_row *row)
{
    const struct history_trend *trend = &row->course.trend;
    return json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:b}", "direction",
                     trend_direction_word(trend->direction), "enough", trend->enough, "by_step",
                     trend->by_step, "change_percent", json_number(trend->change_percent), "p",
                     json_number(trend->p), "n", integer(row->course.count), "of_days",
                     row->of_days);
}

static json_t *points_json(const struct history_report *course)
{
    json_t *points = json_array();
    for (size_t i = 0; i < course->point_count; i++) {
        const struct history_point *point = &course->points[i];
        json_array_append_new(
            points,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "time",
                      json_time(point->time_ns), "before", json_number(point->before), "after",
                      json_number(point->after), "change_percent",
                      json_number(point->change_percent), "z", json_number(point->z), "confirmed",
                      point->confirmed, "good_commit", json_text(point->good_commit), "bad_commit",
                      json_text(point->bad_commit)));
    }
    return points;
}

static json_t *slots_json(const struct period_row *row)
{
    json_t *slots = json_array();
    for (size_t i = 0; i < row->slot_count; i++) {
        const struct period_slot *slot = &row->slots[i];
        json_array_append_new(
            slots, json_pack("{s:o, s:o, s:o, s:o, s:o}", "start", json_time(slot->start_ns), "n",
                             integer(slot->n), "median", json_number(slot->median), "min",
                             json_number(slot->min), "max", json_number(slot->max)));
    }
    return slots;
}

static json_t *watch_json(const struct period_row *row)
{
    const struct watch *watch = &row->watch;
    if (watch->state == WATCH_NONE)
        return json_null();
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state", watch_state_word(watch->state),
        "since", json_time(watch->since_ns), "fixed_at", json_time(watch->fixed_ns),
        "measurements_over", integer(watch->over), "current", json_number(watch->current),
        "current_percent", json_number(watch->current_percent), "peak", json_number(watch->peak),
        "peak_percent", json_number(watch->peak_percent), "peak_at", json_time(watch->peak_ns));
}

static json_t *row_json(const struct period_row *row)
{
    const struct history_report *course = &row->course;
    json_t *value = json_metric(&course->metric);
    json_object_set_new(value, "app", json_text(course->series.app));
    json_object_set_new(value, "environment", json_text(course->series.environment));
    json_object_set_new(value, "labels", json_text(course->series.labels));
    json_object_set_new(value, "temperature",
                        json_string(temperature_word(course->series.temperature)));
    json_object_set_new(value, "n", integer(row->values.n));
    json_object_set_new(value, "median", json_number(row->values.median));
    json_object_set_new(value, "p95", json_number(row->p95));
    json_object_set_new(value, "failed", integer(row->failed));
    json_object_set_new(value, "values", numbers_json(&row->values));
    json_object_set_new(value, "observations", numbers_json(&row->observations));
    json_object_set_new(value, "before", numbers_json(&row->before));
    json_object_set_new(value, "change", change_json(&row->change));
    json_object_set_new(value, "baseline", json_baseline(&course->baseline));
    json_object_set_new(value, "trend", row_trend_json(row));
    json_object_set_new(value, "change_points", points_json(course));
    json_object_set_new(value, "watch", watch_json(row));
    json_object_set_new(value, "alerts",
                        json_pack("{s:o, s:o, s:o}", "opened", integer(row->alerts_opened),
                                  "closed", integer(row->alerts_resolved), "open",
                                  integer(row->alerts_live)));
    json_object_set_new(value, "rolled_up_days", integer(row->rolled_up));
    json_object_set_new(value, "rolled_up_days_before", integer(row->rolled_up_before));
    json_object_set_new(value, "course", slots_json(row));
    return value;
}

static json_t *watch_list_json(const struct period_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->watched_count; i++) {
        const struct period_row *row = &report->rows[report->watched[i]];
        json_t *value = watch_json(row);
        json_object_set_new(value, "metric_id", json_text(row->course.metric.id));
        json_object_set_new(value, "unit", json_text(row->course.metric.unit));
        json_object_set_new(value, "target", json_number(row->course.metric.target));
        json_object_set_new(value, "app", json_text(row->course.series.app));
        json_object_set_new(value, "environment", json_text(row->course.series.environment));
        json_object_set_new(value, "labels", json_text(row->course.series.labels));
        json_object_set_new(value, "temperature",
                            json_string(temperature_word(row->course.series.temperature)));
        json_array_append_new(list, value);
    }
    return list;
}

static json_t *alerts_json(const struct period_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->alert_count; i++) {
        const struct period_alert *entry = &report->alerts[i];
        json_t *value = json_alert_row(&entry->row, report->until_ns);
        json_object_set_new(value, "state", json_string(alert_state_word(entry->span.state)));
        json_object_set_new(value, "opened_at", json_time(entry->span.opened_ns));
        json_object_set_new(value, "acknowledged_at", json_time(entry->span.acknowledged_ns));
        json_object_set_new(value, "closed_at", json_time(entry->span.closed_ns));
        json_object_set_new(value, "opened_in_period", json_boolean(entry->opened));
        json_object_set_new(value, "closed_in_period", json_boolean(entry->closed));
        json_array_append_new(list, value);
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "opened", integer(report->alerts_opened), "closed",
                     integer(report->alerts_resolved), "open", integer(report->alerts_live),
                     "list", list);
}

static json_t *slowest_json(const struct period_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->sessions.slowest_count; i++) {
        const struct period_slow *slow = &report->sessions.slowest[i];
        const struct metric *metric = &report->rows[slow->row].course.metric;
        json_t *worst = json_pack("{s:o, s:o, s:o, s:o}", "metric_id", json_text(metric->id),
                                  "unit", json_text(metric->unit), "value",
                                  json_number(slow->value), "percent",
                                  json_number(slow->value_percent));
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "session",
                                              json_session(&slow->session), "slower_percent",
                                              json_number(slow->percent), "metrics",
                                              integer(slow->metrics), "worst", worst));
    }
    return list;
}

static json_t *sessions_json(const struct period_report *report)
{
    const struct period_sessions *sessions = &report->sessions;
    json_t *commits = json_array();
    for (size_t i = 0; i < sessions->commit_count; i++)
        json_array_append_new(
            commits, json_pack("{s:o, s:o, s:o}", "commit", json_text(sessions->commits[i].commit),
                               "sessions", integer(sessions->commits[i].sessions), "first_at",
                               json_time(sessions->commits[i].first_ns)));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "total",
                     integer(sessions->total), "ok", integer(sessions->ok), "failed",
                     integer(sessions->failed), "crashed", integer(sessions->crashed), "running",
                     integer(sessions->running), "dropped", integer(sessions->dropped),
                     "condensed", integer(sessions->condensed), "rolled_up", sessions->rolled_up,
                     "commits", commits, "slowest", slowest_json(report));
}

static json_t *gaps_json(const struct period_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct period_gap *gap = &report->gaps[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:s, s:s, s:o}", "metric_id", json_text(gap->metric.id),
                            "name", json_text(metric_display_name(&gap->metric)), "category",
                            category_word(gap->metric.category), "defined_in", gap->origin,
                            "last_at", json_time(gap->last_ns)));
    }
    return list;
}

void period_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct period_report *report = any;
    json_t *rows = json_array();
    for (size_t i = 0; i < report->row_count; i++)
        json_array_append_new(rows, row_json(&report->rows[i]));
    json_t *value = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "app", json_text(report->app), "environment",
        json_text(report->environment), "branch", json_text(report->branch), "labels",
        json_text(report->labels), "since", json_time(report->since_ns), "until",
        json_time(report->until_ns), "before_since", json_time(report->before_ns), "days",
        integer(report->days));
    json_object_set_new(value, "metrics", rows);
    json_object_set_new(
        value, "summary",
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "regressed", integer(report->regressed), "improved",
                  integer(report->improved), "same", integer(report->same), "inconclusive",
                  integer(report->inconclusive), "too_few", integer(report->too_few)));
    json_object_set_new(value, "watch_list", watch_list_json(report));
    json_object_set_new(value, "alerts", alerts_json(report));
    json_object_set_new(value, "sessions", sessions_json(report));
    json_object_set_new(value, "no_data", gaps_json(report));
    json_object_set_new(value, "branchless_days_left_out", integer(report->rolled_up_left_out));
    json_add(out, value);
}
