#include "present/notice_text.h"

#include "present/text_safe.h"

#include <string.h>

static void commits_add(struct strbuf *out, const struct alert *alert)
{
    bool within = strcmp(alert->good_commit, alert->bad_commit) == 0;
    if (alert->good_commit[0] != '\0' && alert->bad_commit[0] != '\0' && !within)
        text_add_safe_format(out, ", between %.7s and %.7s", alert->good_commit,
                             alert->bad_commit);
    else if (alert->bad_commit[0] != '\0')
        text_add_safe_format(out, ", since %.7s", alert->bad_commit);
}

void notice_sentence(const struct notice *notice, struct strbuf *out)
{
    const struct alert *alert = &notice->row->alert;
    const struct alert_event *event = notice->event;
    bool person = event->measurement_id == 0 && strcmp(event->who, "tare") != 0;
    bool over = event->action == ALERT_ACTION_RESOLVED;
    if (notice->test)
        strbuf_add_text(out, "this is a test, nothing happened");
    else
        strbuf_add_format(out, "alert %lld %s", (long long)alert->id,
                          alert_action_word(event->action));
    if (person)
        text_add_safe_format(out, " by %s", event->who);
    if (!over)
        strbuf_add_format(out, ": %s", severity_word(event->severity));
    text_add_safe_format(out, ": %s", metric_display_name(&notice->row->metric));
    if (event->note[0] != '\0')
        text_add_safe_format(out, ": %s", event->note);
    if (!over)
        commits_add(out, alert);
}

void notice_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    strbuf_add_text(out, "tare: ");
    notice_sentence(any, out);
    strbuf_add_char(out, '\n');
}
