#include "store/sqlite.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static void alert_bind(sqlite3_stmt *put, const struct alert *alert)
{
    bind_int_or_null(put, 1, alert->id);
    bind_int(put, 2, alert->series_id);
    bind_text(put, 3, alert_kind_word(alert->kind));
    bind_text(put, 4, severity_word(alert->severity));
    bind_text(put, 5, alert_state_word(alert->state));
    bind_real(put, 6, alert->current_value);
    bind_real(put, 7, alert->expected_value);
    bind_real(put, 8, alert->deviation_percent);
    bind_int(put, 9, alert->occurrences);
    bind_int(put, 10, alert->triggered_ns);
    bind_int(put, 11, alert->last_seen_ns);
    bind_int(put, 12, alert->state == ALERT_ACKNOWLEDGED || alert->state == ALERT_ACCEPTED);
    bind_int_or_null(put, 13, alert->resolved_ns);
    bind_int_or_null(put, 14, alert->muted_until_ns);
    bind_int(put, 15, alert->good_streak);
    bind_int(put, 16, alert->since_resolved);
    bind_int(put, 17, alert->good_measurement_id);
    bind_int(put, 18, alert->bad_measurement_id);
    bind_text_or_null(put, 19, alert->good_commit);
    bind_text_or_null(put, 20, alert->bad_commit);
    bind_text(put, 21, alert->reason);
    bind_text_or_null(put, 22, alert->notes);
    bind_real(put, 23, alert->told_percent);
}

enum tare_status sqlite_alert_put(struct store *store, struct alert *alert,
                                  struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_alerts (id, series_id, metric_id, kind, severity, state, "
        "current_value, expected_value, deviation_percent, occurrences, triggered_at, "
        "last_seen_at, acknowledged, resolved_at, muted_until, good_streak, since_resolved, "
        "good_measurement_id, bad_measurement_id, good_commit, bad_commit, reason, notes, "
        "told_percent) "
        "SELECT ?1, r.id, r.metric_id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
        "?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23 FROM performance_series r WHERE r.id = ?2 "
        "ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state, "
        "current_value = excluded.current_value, expected_value = excluded.expected_value, "
        "deviation_percent = excluded.deviation_percent, occurrences = excluded.occurrences, "
        "triggered_at = excluded.triggered_at, last_seen_at = excluded.last_seen_at, "
        "acknowledged = excluded.acknowledged, resolved_at = excluded.resolved_at, "
        "muted_until = excluded.muted_until, good_streak = excluded.good_streak, "
        "since_resolved = excluded.since_resolved, "
        "good_measurement_id = excluded.good_measurement_id, "
        "bad_measurement_id = excluded.bad_measurement_id, good_commit = excluded.good_commit, "
        "bad_commit = excluded.bad_commit, reason = excluded.reason, notes = excluded.notes, "
        "told_percent = excluded.told_percent "
        "RETURNING id",
        error);
    if (put == NULL)
        return sqlite_status(self);
    alert_bind(put, alert);
    enum tare_status status = TARE_OK;
    int code = sqlite3_step(put);
    if (code == SQLITE_ROW)
        alert->id = sqlite3_column_int64(put, 0);
    else if (code == SQLITE_DONE)
        status = error_set(error, TARE_E_NOT_FOUND, "there is no series %lld for the alert",
                           (long long)alert->series_id);
    else
        status = sqlite_failed(self, "write to", error);
    sqlite3_reset(put);
    return status;
}

static enum tare_status acknowledgement_note(struct sqlite_store *self,
                                             const struct alert_event *event,
                                             struct tare_error *error)
{
    sqlite3_stmt *note = sqlite_statement(
        self,
        "UPDATE performance_alerts SET acknowledged_at = ?2, acknowledged_by = ?3 WHERE id = ?1",
        error);
    if (note == NULL)
        return sqlite_status(self);
    bind_int(note, 1, event->alert_id);
    bind_int(note, 2, event->time_ns);
    bind_text(note, 3, event->who);
    return sqlite_run(self, note, "write to", error);
}

enum tare_status sqlite_alert_event_add(struct store *store, struct alert_event *event,
                                        struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_alert_events (alert_id, time, action, severity, value, "
        "measurement_id, notify, who, note, searched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, event->alert_id);
    bind_int(put, 2, event->time_ns);
    bind_text(put, 3, alert_action_word(event->action));
    bind_text(put, 4, severity_word(event->severity));
    bind_real(put, 5, event->value);
    bind_int(put, 6, event->measurement_id);
    bind_int(put, 7, event->notify);
    bind_text(put, 8, event->who);
    bind_text_or_null(put, 9, event->note);
    bind_int(put, 10, event->searched);
    enum tare_status status = sqlite_run(self, put, "write to", error);
    if (status != TARE_OK)
        return status;
    event->id = sqlite3_last_insert_rowid(self->db);
    bool person = event->action == ALERT_ACTION_ACKNOWLEDGED ||
                  event->action == ALERT_ACTION_ACCEPTED;
    return person ? acknowledgement_note(self, event, error) : TARE_OK;
}

#define ALERT_SELECT                                                                              \
    "SELECT a.id, a.series_id, a.kind, a.severity, a.state, a.current_value, a.expected_value, "  \
    "a.deviation_percent, a.occurrences, a.triggered_at, a.last_seen_at, a.resolved_at, "         \
    "a.muted_until, a.good_streak, a.since_resolved, a.good_measurement_id, "                     \
    "a.bad_measurement_id, a.good_commit, a.bad_commit, a.reason, a.notes, a.told_percent"
#define ALERT_FROM " FROM performance_alerts a "

enum { ALERT_LABELS = 22 }; /* the column that a list adds */

static enum alert_state state_parse(const char *word)
{
    enum alert_state state = ALERT_OPEN;
    while (state < ALERT_RESOLVED && strcmp(alert_state_word(state), word) != 0)
        state++;
    return state;
}

static bool alert_read(sqlite3_stmt *row, void *element)
{
    struct alert *alert = element;
    *alert = (struct alert){
        .id = sqlite3_column_int64(row, 0),
        .series_id = sqlite3_column_int64(row, 1),
        .state = state_parse(column_borrow(row, 4)),
        .current_value = column_real(row, 5),
        .expected_value = column_real(row, 6),
        .deviation_percent = column_real(row, 7),
        .occurrences = (uint32_t)sqlite3_column_int64(row, 8),
        .triggered_ns = sqlite3_column_int64(row, 9),
        .last_seen_ns = sqlite3_column_int64(row, 10),
        .resolved_ns = sqlite3_column_int64(row, 11),
        .muted_until_ns = sqlite3_column_int64(row, 12),
        .good_streak = (uint32_t)sqlite3_column_int64(row, 13),
        .since_resolved = (uint32_t)sqlite3_column_int64(row, 14),
        .good_measurement_id = sqlite3_column_int64(row, 15),
        .bad_measurement_id = sqlite3_column_int64(row, 16),
        .told_percent = column_real(row, 21),
    };
    alert_kind_parse(column_borrow(row, 2), &alert->kind);
    severity_parse(column_borrow(row, 3), &alert->severity);
    column_copy(row, 17, alert->good_commit, sizeof alert->good_commit);
    column_copy(row, 18, alert->bad_commit, sizeof alert->bad_commit);
    column_copy(row, 19, alert->reason, sizeof alert->reason);
    column_copy(row, 20, alert->notes, sizeof alert->notes);
    return true;
}

static enum tare_status alert_one(struct sqlite_store *self, sqlite3_stmt *row, const char *what,
                                  int64_t id, struct alert *alert, struct tare_error *error)
{
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW)
        alert_read(row, alert);
    else if (code == SQLITE_DONE)
        status = error_set(error, TARE_E_NOT_FOUND, "there is no %s %lld; see 'tare alerts'", what,
                           (long long)id);
    else
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

enum tare_status sqlite_alert_get(struct store *store, int64_t id, struct alert *alert,
                                  struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(self, ALERT_SELECT ALERT_FROM "WHERE a.id = ?", error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, id);
    return alert_one(self, row, "alert", id, alert, error);
}

enum tare_status sqlite_alert_find(struct store *store, int64_t series_id, enum alert_kind kind,
                                   struct alert *alert, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(
        self,
        ALERT_SELECT ALERT_FROM "WHERE a.series_id = ? AND a.kind = ? ORDER BY a.id DESC LIMIT 1",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, series_id);
    bind_text(row, 2, alert_kind_word(kind));
    return alert_one(self, row, "such alert of series", series_id, alert, error);
}

static sqlite3_stmt *alerts_select(struct sqlite_store *self, const struct store_filter *filter,
                                   bool live_only, struct tare_error *error)
{
    struct sqlite_query query;
    sqlite_query_init(&query, ALERT_SELECT
                      ", r.labels" ALERT_FROM "JOIN performance_series r ON r.id = a.series_id "
                      "JOIN performance_environments e ON e.id = r.environment_id");
    if (live_only)
        sqlite_query_plain(&query, "a.state IN ('open', 'acknowledged')");
    sqlite_query_number(&query, "a.series_id = ?", filter->series_id);
    sqlite_query_text(&query, "r.metric_id = ?", filter->metric_id);
    sqlite_query_text(&query, "r.app = ?", filter->app);
    sqlite_query_text(&query, "e.key = ?", filter->environment);
    sqlite_query_text(&query,
                      "(SELECT s.git_branch FROM performance_measurement_rows m "
                      "JOIN performance_sessions s ON s.id = m.session_id "
                      "WHERE m.id = a.bad_measurement_id) = ?",
                      filter->branch);
    sqlite_query_prefix(&query, "a.bad_commit", filter->commit);
    sqlite_query_number(&query, "a.last_seen_at >= ?", filter->since_ns);
    sqlite_query_number(&query, "a.triggered_at < ?", filter->until_ns);
    sqlite_query_order(&query, "CASE WHEN a.state IN ('open', 'acknowledged') THEN 0 ELSE 1 END, "
                               "CASE a.severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 "
                               "WHEN 'warning' THEN 2 ELSE 3 END, a.last_seen_at DESC, a.id DESC");
    return sqlite_query_prepare(&query, self, error);
}

enum tare_status sqlite_alert_list(struct store *store, const struct store_filter *filter,
                                   bool live_only, struct alert **alerts, size_t *count,
                                   struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct alert), alert_read, filter, ALERT_LABELS};
    struct alert *list = NULL;
    size_t used = 0;
    enum tare_status status = sqlite_rows_collect(
        self, alerts_select(self, filter, live_only, error), &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *alerts = list;
    *count = used;
    return TARE_OK;
}

static bool event_read(sqlite3_stmt *row, void *element)
{
    struct alert_event *event = element;
    *event = (struct alert_event){
        .id = sqlite3_column_int64(row, 0),
        .alert_id = sqlite3_column_int64(row, 1),
        .time_ns = sqlite3_column_int64(row, 2),
        .value = column_real(row, 5),
        .measurement_id = sqlite3_column_int64(row, 6),
        .notify = sqlite3_column_int(row, 7) != 0,
        .searched = sqlite3_column_int(row, 10) != 0,
    };
    alert_action_parse(column_borrow(row, 3), &event->action);
    severity_parse(column_borrow(row, 4), &event->severity);
    column_copy(row, 8, event->who, sizeof event->who);
    column_copy(row, 9, event->note, sizeof event->note);
    return true;
}

enum tare_status sqlite_alert_event_list(struct store *store, int64_t alert_id,
                                         struct alert_event **events, size_t *count,
                                         struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct alert_event), event_read, NULL, 0};
    struct alert_event *list = NULL;
    size_t used = 0;
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT id, alert_id, time, action, severity, value, measurement_id, notify, who, note, "
        "searched FROM performance_alert_events WHERE alert_id = ? ORDER BY id",
        error);
    if (row != NULL)
        bind_int(row, 1, alert_id);
    enum tare_status status = sqlite_rows_collect(self, row, &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *events = list;
    *count = used;
    return TARE_OK;
}
