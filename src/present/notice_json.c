#include "present/notice_json.h"

#include "base/clock.h"
#include "model/notice.h"
#include "model/unit.h"
#include "present/json_alert.h"
#include "present/json_values.h"
#include "present/notice_text.h"
#include "present/text_safe.h"

#include <stdio.h>
#include <string.h>

#define NOTIFICATION_VERSION 1

static json_t *text_json(struct strbuf *text)
{
    json_t *value = json_text(text->text);
    strbuf_release(text);
    return value;
}

void notice_json(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct notice *notice = any;
    const struct alert_event *event = notice->event;
    struct alert_row row = *notice->row; /* borrows all; the one event stands beside it */
    struct strbuf sentence;
    row.events = NULL;
    strbuf_init(&sentence);
    notice_sentence(notice, &sentence);
    json_t *value = json_pack(
        "{s:i, s:o, s:s, s:b, s:o, s:s, s:o, s:o, s:o, s:o}", "version", NOTIFICATION_VERSION,
        "key", json_text(notice->key), "event", alert_action_word(event->action), "test",
        notice->test, "time", json_time(event->time_ns), "severity",
        severity_word(event->severity), "text", text_json(&sentence), "value",
        json_number(event->value), "who", json_text(event->who), "note", json_text(event->note));
    json_object_set_new(value, "series", json_integer(row.series.id));
    json_object_set_new(value, "metric", json_metric(&row.metric));
    json_object_set_new(value, "alert", json_alert_row(&row, notice->now_ns));
    json_add_compact(out, value);
    strbuf_add_char(out, '\n');
}

/* ---- Slack ---- */

/* The three characters that Slack gives a meaning; whatever could steer a reader is visible. */
static void slack_add(struct strbuf *out, const char *text)
{
    struct strbuf safe;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    for (const char *at = safe.text; *at != '\0'; at++) {
        if (*at == '&')
            strbuf_add_text(out, "&amp;");
        else if (*at == '<')
            strbuf_add_text(out, "&lt;");
        else if (*at == '>')
            strbuf_add_text(out, "&gt;");
        else
            strbuf_add_char(out, *at);
    }
    out->failed = out->failed || safe.failed;
    strbuf_release(&safe);
}

static json_t *slack_json(const char *text)
{
    struct strbuf escaped;
    strbuf_init(&escaped);
    slack_add(&escaped, text);
    return text_json(&escaped);
}

static void field_add(json_t *fields, const char *title, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_array_append_new(fields, json_pack("{s:s, s:o, s:b}", "title", title, "value",
                                                slack_json(text), "short", true));
}

static json_t *fields_json(const struct notice *notice)
{
    const struct alert *alert = &notice->row->alert;
    const char *unit = notice->row->metric.unit;
    json_t *fields = json_array();
    char text[UNIT_TEXT_SIZE + 40];
    unit_format(notice->event->value, unit, text);
    field_add(fields, "Now", text);
    unit_format(alert->expected_value, unit, text);
    field_add(fields, alert->kind == ALERT_TARGET ? "Target" : "Expected", text);
    percent_format(alert_change_percent(alert, notice->row->metric.better), text);
    field_add(fields, "Change", text);
    if (alert->bad_commit[0] != '\0') {
        snprintf(text, sizeof text, "%.7s%s%.7s", alert->good_commit,
                 alert->good_commit[0] != '\0' ? ".." : "", alert->bad_commit);
        field_add(fields, "Commits", text);
    }
    field_add(fields, "App", notice->row->series.app);
    field_add(fields, "Metric", notice->row->metric.id);
    return fields;
}

static const char *colour_of(const struct alert_event *event)
{
    if (event->action == ALERT_ACTION_RESOLVED)
        return "good";
    return event->severity >= SEVERITY_ERROR ? "danger" : "warning";
}

void notice_slack(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct notice *notice = any;
    struct strbuf sentence;
    strbuf_init(&sentence);
    notice_sentence(notice, &sentence);
    json_t *attachment = json_pack("{s:s, s:o, s:o, s:I}", "color", colour_of(notice->event),
                                   "fallback", slack_json(sentence.text), "fields",
                                   fields_json(notice), "ts",
                                   (json_int_t)(notice->event->time_ns / CLOCK_NS_PER_SECOND));
    json_t *value = json_pack("{s:o, s:[o]}", "text", slack_json(sentence.text), "attachments",
                              attachment);
    strbuf_release(&sentence);
    json_add_compact(out, value);
    strbuf_add_char(out, '\n');
}
