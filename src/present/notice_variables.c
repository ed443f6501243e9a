#include "present/notice_variables.h"

#include "base/array.h"
#include "base/clock.h"
#include "present/notice_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct variables {
    char **list;
    size_t count;
    bool failed;
};

static void text_add(struct variables *all, const char *name, const char *value)
{
    char **place = array_add(&all->list, &all->count, sizeof *place);
    if (place == NULL || asprintf(place, "TARE_ALERT_%s=%s", name, value != NULL ? value : "") < 0)
        all->failed = true;
    if (place != NULL && all->failed)
        *place = NULL;
}

static void number_add(struct variables *all, const char *name, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    text_add(all, name, isfinite(value) ? text : "");
}

static void whole_add(struct variables *all, const char *name, int64_t value)
{
    char text[40];
    snprintf(text, sizeof text, "%lld", (long long)value);
    text_add(all, name, text);
}

static void event_add(struct variables *all, const struct notice *notice)
{
    const struct alert_event *event = notice->event;
    char time[CLOCK_TEXT_SIZE];
    struct strbuf sentence;
    strbuf_init(&sentence);
    notice_sentence(notice, &sentence);
    clock_format(event->time_ns, time);
    text_add(all, "KEY", notice->key);
    text_add(all, "EVENT", alert_action_word(event->action));
    text_add(all, "TEST", notice->test ? "1" : "");
    text_add(all, "TIME", time);
    text_add(all, "SEVERITY", severity_word(event->severity));
    text_add(all, "TEXT", sentence.text);
    number_add(all, "VALUE", event->value);
    text_add(all, "WHO", event->who);
    text_add(all, "NOTE", event->note);
    all->failed = all->failed || sentence.failed;
    strbuf_release(&sentence);
}

static void alert_add(struct variables *all, const struct notice *notice)
{
    const struct alert_row *row = notice->row;
    whole_add(all, "ID", row->alert.id);
    text_add(all, "KIND", alert_kind_word(row->alert.kind));
    text_add(all, "STATE", alert_shown_state(&row->alert, notice->now_ns));
    text_add(all, "APP", row->series.app);
    text_add(all, "METRIC", row->metric.id);
    text_add(all, "NAME", metric_display_name(&row->metric));
    text_add(all, "UNIT", row->metric.unit);
    number_add(all, "EXPECTED", row->alert.expected_value);
    number_add(all, "DEVIATION_PERCENT", row->alert.deviation_percent);
    text_add(all, "ENVIRONMENT", row->series.environment);
    text_add(all, "LABELS", row->series.labels);
    text_add(all, "GOOD_COMMIT", row->alert.good_commit);
    text_add(all, "BAD_COMMIT", row->alert.bad_commit);
    text_add(all, "REASON", row->alert.reason);
}

bool notice_variables(const struct notice *notice, char ***variables)
{
    struct variables all = {0};
    event_add(&all, notice);
    alert_add(&all, notice);
    char **end = array_add(&all.list, &all.count, sizeof *end);
    if (end != NULL)
        *end = NULL;
    if (end == NULL || all.failed) {
        for (size_t i = 0; i + (end != NULL) < all.count; i++)
            free(all.list[i]);
        free(all.list);
        return false;
    }
    *variables = all.list;
    return true;
}

void notice_variables_free(char **variables)
{
    for (char **at = variables; at != NULL && *at != NULL; at++)
        free(*at);
    free(variables);
}
