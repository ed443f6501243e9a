#include "present/notify_reports.h"

#include "base/clock.h"
#include "model/notify_report.h"
#include "model/unit.h"
#include "present/json_values.h"
#include "present/text_cells.h"
#include "present/text_safe.h"
#include "present/text_table.h"

#include <stdio.h>

/* ---- deliveries ---- */

static void cell_number(struct text_table *table, size_t column, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    text_table_cell(table, column, text);
}

/* What is still to be said of a delivery. */
static void cell_rest(struct text_table *table, size_t column, const struct delivery *delivery,
                      int64_t now_ns)
{
    char text[CLOCK_TEXT_SIZE];
    struct strbuf rest;
    strbuf_init(&rest);
    bool pending = delivery->state == DELIVERY_PENDING;
    if (delivery->state != DELIVERY_DELIVERED)
        strbuf_add_text(&rest, delivery->last_error);
    if (pending && delivery->next_attempt_ns > now_ns)
        strbuf_add_format(&rest, "%snext attempt %s", rest.length > 0 ? "; " : "",
                          text_short_time(delivery->next_attempt_ns, text));
    text_table_cell(table, column, rest.text);
    strbuf_release(&rest);
}

void delivery_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"ID", true, false, 0},       {"STATE", false, false, 0},  {"SINK", false, false, 0},
        {"ALERT", true, false, 0},    {"EVENT", false, false, 0},  {"SEVERITY", false, false, 3},
        {"METRIC", false, true, 0},   {"MADE", false, false, 2},   {"SETTLED", false, false, 1},
        {"ATTEMPTS", true, false, 4}, {"REMARKS", false, true, 0},
    };
    const struct delivery_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No deliveries.\n");
        return;
    }
    struct text_table *table = text_table_new(columns, sizeof columns / sizeof columns[0], style);
    for (size_t i = 0; i < report->count; i++) {
        const struct delivery_row *row = &report->rows[i];
        const struct delivery *delivery = &row->delivery;
        char text[CLOCK_TEXT_SIZE];
        text_table_row(table);
        cell_number(table, 0, delivery->id);
        text_table_cell(table, 1, delivery_state_word(delivery->state));
        text_table_cell(table, 2, delivery->sink);
        cell_number(table, 3, delivery->alert_id);
        text_table_cell(table, 4, alert_action_word(row->action));
        text_table_severity(table, 5, row->severity);
        text_table_cell(table, 6, row->metric_id);
        text_table_cell(table, 7, text_short_time(delivery->created_ns, text));
        text_table_cell(table, 8, text_short_time(delivery->settled_ns, text));
        cell_number(table, 9, delivery->attempts);
        cell_rest(table, 10, delivery, report->now_ns);
    }
    text_table_finish(table, out);
}

static json_t *delivery_row_json(const struct delivery_row *row)
{
    const struct delivery *delivery = &row->delivery;
    bool pending = delivery->state == DELIVERY_PENDING;
    json_t *value = json_pack(
        "{s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:i}", "id", (json_int_t)delivery->id, "state",
        delivery_state_word(delivery->state), "sink", delivery->sink, "key", delivery->key,
        "alert", (json_int_t)delivery->alert_id, "event", alert_action_word(row->action),
        "severity", severity_word(row->severity), "metric_id", json_text(row->metric_id),
        "attempts", (int)delivery->attempts);
    json_object_set_new(value, "created_at", json_time(delivery->created_ns));
    json_object_set_new(value, "last_attempt_at", json_time(delivery->last_attempt_ns));
    json_object_set_new(value, "next_attempt_at",
                        json_time(pending ? delivery->next_attempt_ns : 0));
    json_object_set_new(value, "settled_at", json_time(delivery->settled_ns));
    json_object_set_new(value, "give_up_at", json_time(pending ? delivery->give_up_ns : 0));
    json_object_set_new(value, "last_error", json_text(delivery->last_error));
    return value;
}

void delivery_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct delivery_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(array, delivery_row_json(&report->rows[i]));
    json_add(out, array);
}

/* ---- sinks ---- */

static const enum alert_action told[] = {ALERT_ACTION_OPENED, ALERT_ACTION_REOPENED,
                                         ALERT_ACTION_ESCALATED, ALERT_ACTION_RESOLVED};
#define TOLD_COUNT (sizeof told / sizeof told[0])

/* "error and worse", and which events when it is not all of them. */
static void wishes_add(struct strbuf *out, const struct sink_row *row)
{
    size_t wanted = 0;
    for (size_t i = 0; i < TOLD_COUNT; i++)
        wanted += (row->events >> told[i]) & 1;
    if (wanted == 0) {
        strbuf_add_text(out, "nothing");
        return;
    }
    strbuf_add_format(out, "%s%s", severity_word(row->min_severity),
                      row->min_severity < SEVERITY_CRITICAL ? " and worse" : "");
    if (wanted == TOLD_COUNT)
        return;
    strbuf_add_text(out, ":");
    for (size_t i = 0; i < TOLD_COUNT; i++)
        if (row->events & 1u << told[i])
            strbuf_add_format(out, " %s", alert_action_word(told[i]));
}

static void fares_add(struct strbuf *out, const struct sink_row *row)
{
    const struct delivery_totals *totals = &row->totals;
    char text[CLOCK_TEXT_SIZE];
    if (!row->ready)
        strbuf_add_text(out, row->problem);
    else if (!row->queued)
        strbuf_add_text(out, "told at once");
    else if (totals->last_error[0] != '\0')
        strbuf_add_format(out, "failing: %s", totals->last_error);
    else if (totals->waiting > 0)
        strbuf_add_format(out, "waiting since %s",
                          text_short_time(totals->waiting_since_ns, text));
    else if (totals->delivered > 0)
        strbuf_add_format(out, "well, last on %s", text_short_time(totals->delivered_ns, text));
    else
        strbuf_add_text(out, "nothing was sent yet");
    if (row->ready && totals->waiting > 0)
        strbuf_add_format(out, "; next attempt %s",
                          text_short_time(totals->next_attempt_ns, text));
}

void sink_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    static const struct text_column columns[] = {
        {"SINK", false, false, 0},    {"TYPE", false, false, 0},   {"WHERE", false, true, 2},
        {"WANTS", false, true, 1},    {"WAITING", true, false, 0}, {"DELIVERED", true, false, 3},
        {"GIVEN UP", true, false, 4}, {"STATE", false, true, 0},
    };
    const struct sink_report *report = any;
    if (report->count == 0) {
        strbuf_add_text(out, "No sinks: tare.yml has no section notify, so that alerts are told "
                             "on standard error only.\n");
        return;
    }
    struct text_table *table = text_table_new(columns, sizeof columns / sizeof columns[0], style);
    struct strbuf text;
    strbuf_init(&text);
    for (size_t i = 0; i < report->count; i++) {
        const struct sink_row *row = &report->rows[i];
        text_table_row(table);
        text_table_cell(table, 0, row->name);
        text_table_cell(table, 1, row->kind);
        text_table_cell(table, 2, row->place);
        wishes_add(&text, row);
        text_table_cell(table, 3, text.text);
        strbuf_clear(&text);
        cell_number(table, 4, row->totals.waiting);
        cell_number(table, 5, row->totals.delivered);
        cell_number(table, 6, row->totals.failed);
        fares_add(&text, row);
        text_table_cell(table, 7, text.text);
        strbuf_clear(&text);
    }
    strbuf_release(&text);
    text_table_finish(table, out);
}

void sink_try_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct sink_report *report = any;
    if (report->count == 0)
        sink_text(any, style, out);
    for (size_t i = 0; i < report->count; i++) {
        const struct sink_row *row = &report->rows[i];
        char took[UNIT_TEXT_SIZE];
        unit_format((double)row->took_ns / 1e6, "ms", took);
        text_add_safe_format(out, "%s (%s, %s): ", row->name, row->kind, row->place);
        if (row->delivered)
            strbuf_add_format(out, "delivered in %s\n", took);
        else
            text_add_safe_format(out, "failed: %s", row->problem);
        if (!row->delivered)
            strbuf_add_char(out, '\n');
    }
}

static json_t *sink_row_json(const struct sink_row *row)
{
    const struct delivery_totals *totals = &row->totals;
    json_t *events = json_array();
    for (size_t i = 0; i < TOLD_COUNT; i++)
        if (row->events & 1u << told[i])
            json_array_append_new(events, json_string(alert_action_word(told[i])));
    json_t *value = json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:b, s:b, s:I, s:I, s:I}", "name", row->name, "type", row->kind,
        "where", json_text(row->place), "min_severity", severity_word(row->min_severity), "events",
        events, "queued", row->queued, "ready", row->ready, "waiting", (json_int_t)totals->waiting,
        "delivered", (json_int_t)totals->delivered, "given_up", (json_int_t)totals->failed);
    json_object_set_new(value, "waiting_since", json_time(totals->waiting_since_ns));
    json_object_set_new(value, "last_delivered_at", json_time(totals->delivered_ns));
    json_object_set_new(value, "last_error", json_text(totals->last_error));
    json_object_set_new(value, "tried",
                        row->tried ? json_pack("{s:b, s:o}", "delivered", row->delivered,
                                               "took_ms", json_number((double)row->took_ns / 1e6))
                                   : json_null());
    json_object_set_new(value, "problem", json_text(row->problem));
    return value;
}

void sink_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct sink_report *report = any;
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(array, sink_row_json(&report->rows[i]));
    json_add(out, array);
}
