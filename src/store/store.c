#include "store/store.h"

#include "base/clock.h"
#include "base/error.h"
#include "store/backend.h"

#include <stdlib.h>
#include <string.h>

/* Every backend. To add one: a file that fills in all of struct store_backend, its row here before
 * sqlite_backend (which claims every plain path), and a case for TARE_TEST_STORE in
 * tests/integration/store: the contract suite then holds it to store.h. */
static const struct store_backend *const store_backends[] = {&sqlite_backend};

#define BACKEND_COUNT (sizeof store_backends / sizeof store_backends[0])

/* A row is nothing but callbacks behind its name: none may be missing. */
static bool is_complete(const struct store_backend *backend)
{
    static const char nothing[sizeof(void *)];
    const char *row = (const char *)backend;
    for (size_t at = 0; at + sizeof(void *) <= sizeof *backend; at += sizeof(void *))
        if (memcmp(row + at, nothing, sizeof nothing) == 0)
            return false;
    return true;
}

enum tare_status store_open(const char *url, const struct store_options *options,
                            struct store **store, struct tare_error *error)
{
    for (size_t i = 0; i < BACKEND_COUNT; i++) {
        if (!is_complete(store_backends[i]))
            abort();
        if (store_backends[i]->claims(url))
            return store_backends[i]->open(url, options, store, error);
    }
    return error_set(error, TARE_E_USAGE,
                     "no store is called '%.100s': it is a path, sqlite:PATH or :memory:", url);
}

void store_close(struct store *store)
{
    if (store != NULL)
        store->backend->close(store);
}

void store_rollback(struct store *store)
{
    store->backend->rollback(store);
}

enum tare_status store_begin(struct store *store, struct tare_error *error)
{
    return store->backend->begin(store, error);
}

enum tare_status store_commit(struct store *store, struct tare_error *error)
{
    return store->backend->commit(store, error);
}

enum tare_status store_setting_get(struct store *store, const char *name, char **value,
                                   struct tare_error *error)
{
    return store->backend->setting_get(store, name, value, error);
}

enum tare_status store_setting_put(struct store *store, const char *name, const char *value,
                                   struct tare_error *error)
{
    return store->backend->setting_put(store, name, value, error);
}

enum tare_status store_batch_claim(struct store *store, const char *id, bool *fresh,
                                   struct tare_error *error)
{
    return store->backend->batch_claim(store, id, fresh, error);
}

enum tare_status store_session_put(struct store *store, const struct session *session,
                                   struct tare_error *error)
{
    return store->backend->session_put(store, session, error);
}

enum tare_status store_session_add(struct store *store, const struct session *session, bool *added,
                                   struct tare_error *error)
{
    return store->backend->session_add(store, session, added, error);
}

enum tare_status store_metric_put(struct store *store, const struct metric *metric, bool replace,
                                  struct tare_error *error)
{
    return store->backend->metric_put(store, metric, replace, error);
}

enum tare_status store_target_set(struct store *store, const char *metric_id, double value,
                                  double warning_percent, double error_percent, const char *who,
                                  struct tare_error *error)
{
    return store->backend->target_set(store, metric_id, value, warning_percent, error_percent, who,
                                      error);
}

enum tare_status store_series_put(struct store *store, const struct series *series, int64_t *id,
                                  struct tare_error *error)
{
    return store->backend->series_put(store, series, id, error);
}

enum tare_status store_samples_add(struct store *store, int64_t series_id, const char *session_id,
                                   const struct batch_part *part, struct tare_error *error)
{
    return store->backend->samples_add(store, series_id, session_id, part, error);
}

enum tare_status store_samples_put(struct store *store, int64_t series_id, const char *session_id,
                                   const struct batch_part *part, struct tare_error *error)
{
    return store->backend->samples_put(store, series_id, session_id, part, error);
}

enum tare_status store_samples_read(struct store *store, int64_t series_id, const char *session_id,
                                    int64_t window_start_ns, struct batch_part *part,
                                    struct tare_error *error)
{
    return store->backend->samples_read(store, series_id, session_id, window_start_ns, part,
                                        error);
}

enum tare_status store_totals_get(struct store *store, int64_t series_id, int64_t since_ns,
                                  int64_t until_ns, struct store_totals *totals,
                                  struct tare_error *error)
{
    return store->backend->totals_get(store, series_id, since_ns, until_ns, totals, error);
}

enum tare_status store_measurement_put(struct store *store, struct measurement *measurement,
                                       struct tare_error *error)
{
    return store->backend->measurement_put(store, measurement, error);
}

enum tare_status store_measurement_add(struct store *store, struct measurement *measurement,
                                       bool *added, struct tare_error *error)
{
    return store->backend->measurement_add(store, measurement, added, error);
}

enum tare_status store_measurement_commit(struct store *store, int64_t measurement_id,
                                          char commit[COMMIT_TEXT_SIZE], struct tare_error *error)
{
    return store->backend->measurement_commit(store, measurement_id, commit, error);
}

enum tare_status store_verdict_put(struct store *store, int64_t measurement_id,
                                   const struct verdict *verdict, struct tare_error *error)
{
    return store->backend->verdict_put(store, measurement_id, verdict, error);
}

enum tare_status store_verdict_forget(struct store *store, int64_t measurement_id,
                                      struct tare_error *error)
{
    return store->backend->verdict_forget(store, measurement_id, error);
}

enum tare_status store_session_exclude(struct store *store, const char *session_id, bool excluded,
                                       struct tare_error *error)
{
    return store->backend->session_exclude(store, session_id, excluded, error);
}

enum tare_status store_standing_get(struct store *store, int64_t series_id,
                                    struct baseline_standing *standing, struct tare_error *error)
{
    return store->backend->standing_get(store, series_id, standing, error);
}

enum tare_status store_standing_put(struct store *store, const struct baseline_standing *standing,
                                    struct tare_error *error)
{
    return store->backend->standing_put(store, standing, error);
}

enum tare_status store_unjudged_put(struct store *store, int64_t series_id, bool unjudged,
                                    struct tare_error *error)
{
    return store->backend->unjudged_put(store, series_id, unjudged, error);
}

enum tare_status store_unjudged_list(struct store *store, int64_t **series_ids, size_t *count,
                                     struct tare_error *error)
{
    return store->backend->unjudged_list(store, series_ids, count, error);
}

enum tare_status store_alert_put(struct store *store, struct alert *alert,
                                 struct tare_error *error)
{
    return store->backend->alert_put(store, alert, error);
}

enum tare_status store_alert_event_add(struct store *store, struct alert_event *event,
                                       struct tare_error *error)
{
    return store->backend->alert_event_add(store, event, error);
}

enum tare_status store_session_list(struct store *store, const struct store_filter *filter,
                                    struct session **sessions, size_t *count,
                                    struct tare_error *error)
{
    return store->backend->session_list(store, filter, sessions, count, error);
}

enum tare_status store_session_measurements(struct store *store, const struct session *sessions,
                                            size_t count, size_t *counts, struct tare_error *error)
{
    return store->backend->session_measurements(store, sessions, count, counts, error);
}

enum tare_status store_metric_list(struct store *store, struct metric **metrics, size_t *count,
                                   struct tare_error *error)
{
    return store->backend->metric_list(store, metrics, count, error);
}

enum tare_status store_metric_get(struct store *store, const char *id, struct metric *metric,
                                  struct tare_error *error)
{
    return store->backend->metric_get(store, id, metric, error);
}

enum tare_status store_series_list(struct store *store, const struct store_filter *filter,
                                   struct series **series, size_t *count, struct tare_error *error)
{
    return store->backend->series_list(store, filter, series, count, error);
}

enum tare_status store_measurement_list(struct store *store, const struct store_filter *filter,
                                        struct measurement **measurements, size_t *count,
                                        struct tare_error *error)
{
    return store->backend->measurement_list(store, filter, measurements, count, error);
}

enum tare_status store_walk(struct store *store, const struct store_filter *filter,
                            const struct series *series, size_t count, bool empty,
                            const struct store_visitor *visitor, struct tare_error *error)
{
    return store->backend->walk(store, filter, series, count, empty, visitor, error);
}

enum tare_status store_series_walk(struct store *store, const struct store_filter *filter,
                                   const struct store_visitor *visitor, struct tare_error *error)
{
    return store->backend->series_walk(store, filter, visitor, error);
}

enum tare_status store_verdict_list(struct store *store, const int64_t *measurement_ids,
                                    size_t count, struct verdict *verdicts,
                                    struct tare_error *error)
{
    return store->backend->verdict_list(store, measurement_ids, count, verdicts, error);
}

enum tare_status store_alert_list(struct store *store, const struct store_filter *filter,
                                  bool live_only, struct alert **alerts, size_t *count,
                                  struct tare_error *error)
{
    return store->backend->alert_list(store, filter, live_only, alerts, count, error);
}

enum tare_status store_alert_get(struct store *store, int64_t id, struct alert *alert,
                                 struct tare_error *error)
{
    return store->backend->alert_get(store, id, alert, error);
}

enum tare_status store_alert_find(struct store *store, int64_t series_id, enum alert_kind kind,
                                  struct alert *alert, struct tare_error *error)
{
    return store->backend->alert_find(store, series_id, kind, alert, error);
}

enum tare_status store_alert_event_list(struct store *store, int64_t alert_id,
                                        struct alert_event **events, size_t *count,
                                        struct tare_error *error)
{
    return store->backend->alert_event_list(store, alert_id, events, count, error);
}

enum tare_status store_delivery_add(struct store *store, struct delivery *delivery, bool *fresh,
                                    struct tare_error *error)
{
    return store->backend->delivery_add(store, delivery, fresh, error);
}

enum tare_status store_delivery_due(struct store *store, const struct store_claim *claim,
                                    size_t *count, struct tare_error *error)
{
    return store->backend->delivery_due(store, claim, count, error);
}

enum tare_status store_delivery_claim(struct store *store, const struct store_claim *claim,
                                      struct delivery **deliveries, size_t *count,
                                      struct tare_error *error)
{
    return store->backend->delivery_claim(store, claim, deliveries, count, error);
}

enum tare_status store_delivery_settle(struct store *store, const struct delivery *delivery,
                                       const char *claimant, struct tare_error *error)
{
    return store->backend->delivery_settle(store, delivery, claimant, error);
}

enum tare_status store_delivery_defer(struct store *store, const char *sink, int64_t time_ns,
                                      bool earlier, struct tare_error *error)
{
    return store->backend->delivery_defer(store, sink, time_ns, earlier, error);
}

enum tare_status store_delivery_give_up(struct store *store, int64_t now_ns, size_t *count,
                                        struct tare_error *error)
{
    return store->backend->delivery_give_up(store, now_ns, count, error);
}

enum tare_status store_delivery_revive(struct store *store, const char *sink, int64_t now_ns,
                                       int64_t give_up_ns, size_t *count, struct tare_error *error)
{
    return store->backend->delivery_revive(store, sink, now_ns, give_up_ns, count, error);
}

enum tare_status store_delivery_list(struct store *store, bool open_only, size_t limit,
                                     struct delivery **deliveries, size_t *count,
                                     struct tare_error *error)
{
    return store->backend->delivery_list(store, open_only, limit, deliveries, count, error);
}

enum tare_status store_delivery_totals(struct store *store, struct delivery_totals **totals,
                                       size_t *count, struct tare_error *error)
{
    return store->backend->delivery_totals(store, totals, count, error);
}

enum tare_status store_retention_apply(struct store *store, const struct store_retention *policy,
                                       int64_t now_ns, bool dry_run,
                                       struct store_retention_report *report,
                                       struct tare_error *error)
{
    struct store_retention_report counted = {0};
    enum tare_status status = TARE_OK;
    if (policy->raw_days > 0 || policy->rollup_days > 0)
        status = store->backend->retention_apply(store, policy, now_ns, dry_run, &counted, error);
    if (status == TARE_OK)
        *report = counted;
    return status;
}

enum tare_status store_retention_keep(struct store *store, const char *const *commits,
                                      size_t count, struct tare_error *error)
{
    return store->backend->retention_keep(store, commits, count, error);
}

enum tare_status store_compact(struct store *store, int64_t *bytes, struct tare_error *error)
{
    return store->backend->compact(store, bytes, error);
}

#define RETENTION_DAY "retention.day"

static enum tare_status day_note(struct store *store, const char *today, struct tare_error *error)
{
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    status = store_setting_put(store, RETENTION_DAY, today, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}

enum tare_status store_retention_daily(struct store *store, const struct store_retention *policy,
                                       int64_t now_ns, bool *applied,
                                       struct store_retention_report *report,
                                       struct tare_error *error)
{
    char today[CLOCK_TEXT_SIZE], *last = NULL;
    clock_format(rollup_day(now_ns), today);
    enum tare_status status = store_setting_get(store, RETENTION_DAY, &last, error);
    if (status != TARE_OK)
        return status;
    bool due = last == NULL || strcmp(last, today) != 0;
    free(last);
    if (due)
        status = store_retention_apply(store, policy, now_ns, false, report, error);
    if (due && status == TARE_OK && !report->more)
        status = day_note(store, today, error);
    if (status == TARE_OK)
        *applied = due;
    return status;
}

enum tare_status store_rollup_list(struct store *store, const struct store_filter *filter,
                                   struct rollup **rollups, size_t *count,
                                   struct tare_error *error)
{
    return store->backend->rollup_list(store, filter, rollups, count, error);
}

void store_rollup_list_free(struct rollup *rollups, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rollup_release(&rollups[i]);
    free(rollups);
}

enum tare_status store_info_get(struct store *store, struct store_info *info,
                                struct tare_error *error)
{
    return store->backend->info_get(store, info, error);
}

enum tare_status store_check(struct store *store, struct tare_error *error)
{
    return store->backend->check(store, error);
}

void store_session_list_free(struct session *sessions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        session_release(&sessions[i]);
    free(sessions);
}

void store_metric_list_free(struct metric *metrics, size_t count)
{
    for (size_t i = 0; i < count; i++)
        metric_release(&metrics[i]);
    free(metrics);
}

void store_series_list_free(struct series *series, size_t count)
{
    for (size_t i = 0; i < count; i++)
        series_release(&series[i]);
    free(series);
}
