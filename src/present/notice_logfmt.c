#include "present/notice_logfmt.h"

#include "base/clock.h"
#include "base/text.h"
#include "model/notice.h"
#include "present/text_safe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *value)
{
    for (; *value != '\0'; value++)
        if ((unsigned char)*value <= ' ' || (unsigned char)*value >= 0x7f ||
            strchr("\"=\\", *value) != NULL)
            return false;
    return true;
}

static void point_add(struct strbuf *out, const char *bytes, size_t length, uint32_t point)
{
    if (length == 0)
        strbuf_add_text(out, "\\ufffd"); /* no UTF-8 */
    else if (point == '"' || point == '\\')
        strbuf_add_format(out, "\\%c", (char)point);
    else if (point == '\n')
        strbuf_add_text(out, "\\n");
    else if (point == '\t')
        strbuf_add_text(out, "\\t");
    else if (text_steering_length(bytes, &point) > 0)
        strbuf_add_format(out, "\\u%04x", (unsigned)point);
    else
        strbuf_add(out, bytes, length);
}

void logfmt_add(struct strbuf *out, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    strbuf_add_format(out, "%s%s=", out->length > 0 ? " " : "", key);
    if (is_plain(value)) {
        strbuf_add_text(out, value);
        return;
    }
    strbuf_add_char(out, '"');
    while (*value != '\0') {
        uint32_t point = 0;
        size_t length = text_decode(value, &point);
        point_add(out, value, length, point);
        value += length > 0 ? length : 1;
    }
    strbuf_add_char(out, '"');
}

static void number_add(struct strbuf *out, const char *key, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    if (isfinite(value))
        logfmt_add(out, key, text);
}

/* The level that log viewers colour by: what is over is no error any more. */
static const char *level_of(const struct alert_event *event)
{
    return event->action == ALERT_ACTION_RESOLVED ? "info" : severity_word(event->severity);
}

void notice_logfmt(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct notice *notice = any;
    const struct alert *alert = &notice->row->alert;
    const struct alert_event *event = notice->event;
    struct strbuf line;
    char text[CLOCK_TEXT_SIZE];
    strbuf_init(&line);
    clock_format(event->time_ns, text);
    logfmt_add(&line, "time", text);
    logfmt_add(&line, "level", level_of(event));
    logfmt_add(&line, "event", alert_action_word(event->action));
    logfmt_add(&line, "test", notice->test ? "true" : NULL);
    snprintf(text, sizeof text, "%lld", (long long)alert->id);
    logfmt_add(&line, "alert", text);
    logfmt_add(&line, "severity", severity_word(event->severity));
    logfmt_add(&line, "kind", alert_kind_word(alert->kind));
    logfmt_add(&line, "state", alert_shown_state(alert, notice->now_ns));
    logfmt_add(&line, "app", notice->row->series.app);
    logfmt_add(&line, "metric", notice->row->metric.id);
    logfmt_add(&line, "name", notice->row->metric.name);
    number_add(&line, "value", event->value);
    number_add(&line, "expected", alert->expected_value);
    logfmt_add(&line, "unit", notice->row->metric.unit);
    number_add(&line, "deviation_percent", alert->deviation_percent);
    logfmt_add(&line, "environment", notice->row->series.environment);
    logfmt_add(&line, "labels", notice->row->series.labels);
    logfmt_add(&line, "good_commit", alert->good_commit);
    logfmt_add(&line, "bad_commit", alert->bad_commit);
    logfmt_add(&line, "who", event->who);
    logfmt_add(&line, "reason", event->note);
    logfmt_add(&line, "key", notice->key);
    strbuf_add(out, line.text, line.length);
    strbuf_add_char(out, '\n');
    out->failed = out->failed || line.failed;
    strbuf_release(&line);
}
