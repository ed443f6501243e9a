#include "app/notify_reports.h"

#include "app/deliver_round.h"
#include "app/lists.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "model/notice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum tare_status delivery_row_fill(struct store *store, const struct delivery *delivery,
                                          struct delivery_row *row, struct tare_error *error)
{
    struct alert_report report;
    row->delivery = *delivery;
    alert_report_init(&report);
    enum tare_status status = alert_report_build_one(store, delivery->alert_id, &report, error);
    if (status == TARE_OK) {
        const struct alert_row *alert = &report.rows[0];
        snprintf(row->metric_id, sizeof row->metric_id, "%s", alert->metric.id);
        for (size_t i = 0; i < alert->event_count; i++) {
            if (alert->events[i].id != delivery->event_id)
                continue;
            row->action = alert->events[i].action;
            row->severity = alert->events[i].severity;
        }
    }
    alert_report_release(&report);
    return status;
}

enum tare_status delivery_report_build(struct store *store, bool open_only, size_t limit,
                                       struct delivery_report *report, struct tare_error *error)
{
    struct delivery *list = NULL;
    size_t count = 0;
    report->now_ns = clock_now_ns();
    enum tare_status status = store_delivery_list(store, open_only, limit, &list, &count, error);
    if (status != TARE_OK)
        return status;
    report->rows = calloc(count + 1, sizeof *report->rows);
    if (report->rows == NULL)
        status = error_memory(error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        status = delivery_row_fill(store, &list[i], &report->rows[i], error);
        report->count = i + 1;
    }
    free(list);
    return status;
}

static void sink_row_fill(const struct sink *sink, struct sink_row *row)
{
    struct tare_error problem;
    snprintf(row->name, sizeof row->name, "%s", sink->name);
    row->kind = sink_kind_name(sink->kind);
    row->min_severity = sink->min_severity;
    row->events = sink->events;
    row->queued = sink_is_queued(sink);
    sink_place(sink, row->place);
    row->ready = sink_ready(sink, &problem) == TARE_OK;
    if (!row->ready)
        snprintf(row->problem, sizeof row->problem, "%.250s", problem.message);
}

static enum tare_status rows_make(const struct config *config, struct sink_report *report,
                                  struct tare_error *error)
{
    report->now_ns = clock_now_ns();
    report->rows = calloc(config->sink_count + 1, sizeof *report->rows);
    return report->rows != NULL ? TARE_OK : error_memory(error);
}

enum tare_status sink_report_build(struct store *store, const struct config *config,
                                   struct sink_report *report, struct tare_error *error)
{
    struct delivery_totals *totals = NULL;
    size_t count = 0;
    enum tare_status status = rows_make(config, report, error);
    if (status == TARE_OK && store != NULL)
        status = store_delivery_totals(store, &totals, &count, error);
    for (size_t i = 0; i < config->sink_count && status == TARE_OK; i++) {
        struct sink_row *row = &report->rows[report->count++];
        sink_row_fill(&config->sinks[i], row);
        for (size_t k = 0; k < count; k++)
            if (strcmp(totals[k].sink, row->name) == 0)
                row->totals = totals[k];
    }
    free(totals);
    return status;
}

/* ---- a try ---- */

static enum tare_status names_check(const struct config *config, char *const *names,
                                    struct tare_error *error)
{
    struct strbuf known;
    enum tare_status status = TARE_OK;
    for (; *names != NULL && status == TARE_OK; names++) {
        if (config_sink(config, *names) != NULL)
            continue;
        strbuf_init(&known);
        for (size_t i = 0; i < config->sink_count; i++)
            strbuf_add_format(&known, "%s%s", i > 0 ? ", " : "", config->sinks[i].name);
        status = error_set(error, TARE_E_NOT_FOUND, "there is no sink %.63s; tare.yml has %.300s",
                           *names, known.length > 0 ? known.text : "none");
        strbuf_release(&known);
    }
    return status;
}

static bool is_named(const struct sink *sink, char *const *names)
{
    if (*names == NULL)
        return true;
    for (; *names != NULL; names++)
        if (strcmp(*names, sink->name) == 0)
            return true;
    return false;
}

/* A parcel for each of the sinks that stand in the report. */
static enum tare_status trial_fill(const struct config *config, const struct notice *notice,
                                   const struct sink_report *report, struct parcel *parcels,
                                   struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < report->count && status == TARE_OK; i++)
        status = parcel_fill(&parcels[i], config_sink(config, report->rows[i].name), notice,
                             error);
    return status;
}

static void trial_take(const struct parcel *parcel, struct sink_row *row)
{
    row->tried = true;
    row->delivered = parcel->end == PARCEL_DELIVERED;
    row->took_ns = parcel->took_ns;
    if (!row->delivered)
        snprintf(row->problem, sizeof row->problem, "%s", parcel->why);
}

static enum tare_status trial_run(const struct config *config, const struct notice *notice,
                                  struct sink_report *report, struct tare_error *error)
{
    struct parcel *parcels = calloc(report->count + 1, sizeof *parcels);
    if (parcels == NULL)
        return error_memory(error);
    enum tare_status status = trial_fill(config, notice, report, parcels, error);
    if (status == TARE_OK)
        status = courier_run(parcels, report->count, error);
    for (size_t i = 0; i < report->count; i++) {
        if (status == TARE_OK)
            trial_take(&parcels[i], &report->rows[i]);
        parcel_release(&parcels[i]);
    }
    free(parcels);
    return status;
}

/* An alert as it could be. */
static enum tare_status trial_notice(struct alert_row *row, struct alert_event *event,
                                     const char *app, struct tare_error *error)
{
    static const char reason[] = "150 ms is 50 % above the baseline of 100 ms (an example)";
    int64_t now_ns = clock_now_ns();
    row->alert = (struct alert){.kind = ALERT_BASELINE,
                                .severity = SEVERITY_ERROR,
                                .current_value = 150,
                                .expected_value = 100,
                                .deviation_percent = 50,
                                .occurrences = 1,
                                .triggered_ns = now_ns,
                                .last_seen_ns = now_ns};
    *event = (struct alert_event){.time_ns = now_ns,
                                  .action = ALERT_ACTION_OPENED,
                                  .severity = SEVERITY_ERROR,
                                  .value = 150,
                                  .notify = true,
                                  .who = "tare"};
    snprintf(row->alert.reason, sizeof row->alert.reason, "%s", reason);
    snprintf(event->note, sizeof event->note, "%s", reason);
    metric_init(&row->metric);
    series_init(&row->series);
    row->series.app = strdup(app != NULL ? app : "example");
    if (row->series.app == NULL)
        return error_memory(error);
    return metric_name(&row->metric, "example", "An example", "ms", error);
}

enum tare_status sink_report_try(const struct config *config, char *const *names,
                                 struct sink_report *report, struct tare_error *error)
{
    struct alert_row row = {0};
    struct alert_event event;
    char key[UUID_TEXT_SIZE];
    uuid_generate_text(key);
    enum tare_status status = names_check(config, names, error);
    if (status == TARE_OK)
        status = rows_make(config, report, error);
    for (size_t i = 0; i < config->sink_count && status == TARE_OK; i++)
        if (is_named(&config->sinks[i], names))
            sink_row_fill(&config->sinks[i], &report->rows[report->count++]);
    if (status != TARE_OK)
        return status;
    status = trial_notice(&row, &event, config->app, error);
    const struct notice notice = {&row, &event, key, true, event.time_ns};
    if (status == TARE_OK)
        status = trial_run(config, &notice, report, error);
    metric_release(&row.metric);
    series_release(&row.series);
    return status;
}
