#include "cli/notices.h"

#include "app/lists.h"
#include "cli/command.h"
#include "present/text_safe.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MOST 8

static void one_print(struct store *store, const struct judge_notice *notice)
{
    struct alert_report report;
    struct strbuf text;
    alert_report_init(&report);
    strbuf_init(&text);
    if (alert_report_build_one(store, notice->alert_id, &report, NULL) == TARE_OK) {
        const struct alert_row *row = &report.rows[0];
        const struct alert *alert = &row->alert;
        strbuf_add_format(&text, "tare: alert %lld %s: ", (long long)alert->id,
                          alert_action_word(notice->action));
        strbuf_add_format(&text, "%s: ", severity_word(notice->severity));
        text_add_safe(&text, metric_display_name(&row->metric));
        strbuf_add_text(&text, ": ");
        text_add_safe(&text, alert->reason);
        bool within = strcmp(alert->good_commit, alert->bad_commit) == 0;
        if (alert->good_commit[0] != '\0' && alert->bad_commit[0] != '\0' && !within)
            text_add_safe_format(&text, ", between %.7s and %.7s", alert->good_commit,
                                 alert->bad_commit);
        else if (alert->bad_commit[0] != '\0')
            text_add_safe_format(&text, ", since %.7s", alert->bad_commit);
        fprintf(stderr, "%s\n", text.text);
    }
    strbuf_release(&text);
    alert_report_release(&report);
}

void notices_print(const char *store_url, const struct ingest_result *result)
{
    struct store *store = NULL;
    const struct store_options options = {.read_only = true};
    if (result->damaged > 0)
        fprintf(stderr,
                "tare: %zu damaged pieces of what was handed over were set aside; see 'tare "
                "doctor'\n",
                result->damaged);
    if (result->refused > 0)
        command_say("%s", result->refusal.message);
    if (result->notice_count == 0 || store_open(store_url, &options, &store, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < result->notice_count && i < SHOWN_MOST; i++)
        one_print(store, &result->notices[i]);
    if (result->notice_count > SHOWN_MOST)
        fprintf(stderr, "tare: and %zu more; see 'tare alerts'\n",
                result->notice_count - SHOWN_MOST);
    store_close(store);
}
