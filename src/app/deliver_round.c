#include "app/deliver_round.h"

#include "app/lists.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/notice.h"
#include "present/notice_variables.h"
#include "present/renderer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void deliver_round_init(struct deliver_round *round)
{
    *round = (struct deliver_round){0};
    uuid_generate_text(round->claimant);
}

void deliver_round_release(struct deliver_round *round)
{
    for (size_t i = 0; round->parcels != NULL && i < round->count; i++)
        parcel_release(&round->parcels[i]);
    free(round->parcels);
    free(round->deliveries);
    free(round->sinks);
    *round = (struct deliver_round){0};
}

enum tare_status deliver_round_add(struct deliver_round *round, const struct delivery *delivery,
                                   const struct sink *sink, struct tare_error *error)
{
    size_t sinks = round->count;
    const struct sink **place = array_add(&round->sinks, &sinks, sizeof *place);
    struct delivery *row = place != NULL
                               ? array_add(&round->deliveries, &round->count, sizeof *row)
                               : NULL;
    if (row == NULL)
        return error_memory(error);
    *place = sink;
    *row = *delivery;
    return TARE_OK;
}

enum tare_status parcel_fill(struct parcel *parcel, const struct sink *sink,
                             const struct notice *notice, struct tare_error *error)
{
    const struct text_style plain = {0};
    struct strbuf body;
    char **variables = NULL;
    strbuf_init(&body);
    renderer_find(notice_renderers, sink->format)->render(notice, &plain, &body);
    bool made = !body.failed && notice_variables(notice, &variables);
    *parcel = (struct parcel){.sink = sink,
                              .key = notice->key,
                              .event = alert_action_word(notice->event->action),
                              .severity = notice->event->severity,
                              .size = body.length,
                              .variables = variables};
    parcel->body = made ? strbuf_detach(&body) : NULL;
    strbuf_release(&body);
    return parcel->body != NULL ? TARE_OK : error_memory(error);
}

void parcel_release(struct parcel *parcel)
{
    free((char *)parcel->body);
    notice_variables_free((char **)parcel->variables);
    parcel->body = NULL;
    parcel->variables = NULL;
}

static enum tare_status parcel_load(struct store *store, const struct delivery *delivery,
                                    const struct sink *sink, struct parcel *parcel,
                                    struct tare_error *error)
{
    struct alert_report report;
    alert_report_init(&report);
    enum tare_status status = alert_report_build_one(store, delivery->alert_id, &report, error);
    const struct alert_row *row = status == TARE_OK ? &report.rows[0] : NULL;
    const struct alert_event *event = NULL;
    for (size_t i = 0; row != NULL && i < row->event_count; i++)
        if (row->events[i].id == delivery->event_id)
            event = &row->events[i];
    if (row != NULL && event == NULL)
        status = error_set(error, TARE_E_NOT_FOUND, "alert %lld has no event %lld",
                           (long long)delivery->alert_id, (long long)delivery->event_id);
    if (status == TARE_OK) {
        const struct notice notice = {row, event, delivery->key, false, report.now_ns};
        status = parcel_fill(parcel, sink, &notice, error);
    }
    alert_report_release(&report);
    return status;
}

enum tare_status deliver_round_carry(struct deliver_round *round, struct store *store,
                                     struct tare_error *error)
{
    round->parcels = calloc(round->count + 1, sizeof *round->parcels);
    enum tare_status status = round->parcels != NULL ? TARE_OK : error_memory(error);
    for (size_t i = 0; i < round->count && status == TARE_OK; i++) {
        struct tare_error problem;
        struct parcel *parcel = &round->parcels[i];
        parcel->sink = round->sinks[i];
        status = parcel_load(store, &round->deliveries[i], parcel->sink, parcel, &problem);
        if (status == TARE_E_NOT_FOUND) { /* it keeps nobody else from being told */
            parcel->end = PARCEL_REFUSED;
            snprintf(parcel->why, sizeof parcel->why, "%.190s", problem.message);
            status = TARE_OK;
        } else if (status != TARE_OK && error != NULL) {
            *error = problem;
        }
    }
    return status == TARE_OK ? courier_run(round->parcels, round->count, error) : status;
}
