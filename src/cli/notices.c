#include "cli/notices.h"

#include "app/lists.h"
#include "cli/command.h"
#include "model/notice.h"
#include "present/renderer.h"

#include <stdio.h>

#define SHOWN_MOST 8

/* Standard error hears everything, unless tare.yml says what it wants to hear. */
static bool is_wanted(const struct config *config, const struct notice *notice)
{
    bool listed = false;
    for (size_t i = 0; i < config->sink_count; i++) {
        const struct sink *sink = &config->sinks[i];
        if (sink_is_queued(sink))
            continue;
        listed = true;
        if (sink_wants(sink, notice->row->series.app, notice->row->metric.id,
                       notice->event->severity, notice->event->action))
            return true;
    }
    return !listed;
}

/* Whether it was said. */
static bool one_print(struct store *store, const struct config *config,
                      const struct judge_notice *told, bool silent)
{
    const struct text_style plain = {0};
    struct alert_report report;
    struct strbuf text;
    bool wanted = false;
    alert_report_init(&report);
    strbuf_init(&text);
    if (alert_report_build_one(store, told->alert_id, &report, NULL) == TARE_OK) {
        struct notice notice = {.row = &report.rows[0], .key = "", .now_ns = report.now_ns};
        for (size_t i = 0; i < report.rows[0].event_count; i++)
            if (report.rows[0].events[i].id == told->event_id)
                notice.event = &report.rows[0].events[i];
        wanted = notice.event != NULL && is_wanted(config, &notice);
        if (wanted && !silent) {
            renderer_find(notice_renderers, "text")->render(&notice, &plain, &text);
            fputs(text.text, stderr);
        }
    }
    strbuf_release(&text);
    alert_report_release(&report);
    return wanted;
}

static void alerts_print(const char *store_url, const struct config *config,
                         const struct ingest_result *result)
{
    struct store *store = NULL;
    const struct store_options options = {.read_only = true};
    size_t wanted = 0;
    if (result->notice_count == 0 || !config_notifies() ||
        store_open(store_url, &options, &store, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < result->notice_count; i++)
        wanted += one_print(store, config, &result->notices[i], wanted >= SHOWN_MOST);
    if (wanted > SHOWN_MOST)
        fprintf(stderr, "tare: and %zu more; see 'tare alerts'\n", wanted - SHOWN_MOST);
    store_close(store);
}

void notices_print(const char *store_url, const struct config *config,
                   const struct ingest_result *result)
{
    if (result->damaged > 0)
        command_say("%zu damaged piece%s of what was handed over %s set aside; see 'tare doctor'",
                    result->damaged, result->damaged == 1 ? "" : "s",
                    result->damaged == 1 ? "was" : "were");
    if (result->refused > 0)
        command_say("%s", result->refusal.message);
    if (result->waiting > 0)
        command_say("%zu session%s could not be taken in and wait%s: %s", result->waiting,
                    result->waiting == 1 ? "" : "s", result->waiting == 1 ? "s" : "",
                    result->obstacle.message);
    alerts_print(store_url, config, result);
}
