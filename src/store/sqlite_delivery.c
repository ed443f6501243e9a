#include "store/sqlite.h"

#include "base/error.h"
#include "base/uuid.h"

#include <stdlib.h>
#include <string.h>

enum tare_status sqlite_delivery_add(struct store *store, struct delivery *delivery, bool *fresh,
                                     struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    char key[UUID_TEXT_SIZE];
    /* A sink that failed is left alone until its next attempt: so is what is new for it. */
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_deliveries (event_id, alert_id, sink, key, state, attempts, "
        "created_at, give_up_at, next_attempt_at) SELECT ?1, ?2, ?3, ?4, 'pending', 0, ?5, ?6, "
        "max(?5, coalesce(max(next_attempt_at), 0)) FROM performance_deliveries "
        "WHERE sink = ?3 AND state = 'pending' AND attempts > 0 "
        "ON CONFLICT (event_id, sink) DO NOTHING RETURNING id, next_attempt_at",
        error);
    if (put == NULL)
        return sqlite_status(self);
    uuid_generate_text(key);
    bind_int(put, 1, delivery->event_id);
    bind_int(put, 2, delivery->alert_id);
    bind_text(put, 3, delivery->sink);
    bind_text(put, 4, key);
    bind_int(put, 5, delivery->created_ns);
    bind_int(put, 6, delivery->give_up_ns);
    enum tare_status status = TARE_OK;
    int code = sqlite3_step(put);
    if (code == SQLITE_ROW) {
        delivery->id = sqlite3_column_int64(put, 0);
        delivery->next_attempt_ns = sqlite3_column_int64(put, 1);
        memcpy(delivery->key, key, sizeof key);
    } else if (code != SQLITE_DONE) {
        status = sqlite_failed(self, "write to", error);
    }
    if (status == TARE_OK)
        *fresh = code == SQLITE_ROW;
    sqlite3_reset(put);
    return status;
}

/* ?1 the sink, ?2 now. */
#define DUE                                                                                       \
    "FROM performance_deliveries d JOIN performance_alerts a ON a.id = d.alert_id "               \
    "WHERE d.sink = ?1 AND d.state = 'pending' AND d.next_attempt_at <= ?2 "                      \
    "AND coalesce(d.claimed_until, 0) <= ?2 AND coalesce(a.muted_until, 0) <= ?2 "                \
    "AND NOT EXISTS (SELECT 1 FROM performance_deliveries e WHERE e.alert_id = d.alert_id "       \
    "AND e.sink = d.sink AND e.state = 'pending' AND e.id < d.id) "

static void due_bind(sqlite3_stmt *statement, const struct store_claim *claim)
{
    bind_text(statement, 1, claim->sink);
    bind_int(statement, 2, claim->now_ns);
}

enum tare_status sqlite_delivery_due(struct store *store, const struct store_claim *claim,
                                     size_t *count, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(self, "SELECT count(*) " DUE, error);
    enum tare_status status = TARE_OK;
    if (row == NULL)
        return sqlite_status(self);
    due_bind(row, claim);
    if (sqlite3_step(row) == SQLITE_ROW)
        *count = (size_t)sqlite3_column_int64(row, 0);
    else
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

#define DELIVERY_SELECT                                                                           \
    "SELECT id, event_id, alert_id, sink, key, state, attempts, created_at, next_attempt_at, "    \
    "give_up_at, last_attempt_at, settled_at, last_error FROM performance_deliveries "

static bool delivery_read(sqlite3_stmt *row, void *element)
{
    struct delivery *delivery = element;
    *delivery = (struct delivery){
        .id = sqlite3_column_int64(row, 0),
        .event_id = sqlite3_column_int64(row, 1),
        .alert_id = sqlite3_column_int64(row, 2),
        .attempts = (uint32_t)sqlite3_column_int64(row, 6),
        .created_ns = sqlite3_column_int64(row, 7),
        .next_attempt_ns = sqlite3_column_int64(row, 8),
        .give_up_ns = sqlite3_column_int64(row, 9),
        .last_attempt_ns = sqlite3_column_int64(row, 10),
        .settled_ns = sqlite3_column_int64(row, 11),
    };
    column_copy(row, 3, delivery->sink, sizeof delivery->sink);
    column_copy(row, 4, delivery->key, sizeof delivery->key);
    delivery_state_parse(column_borrow(row, 5), &delivery->state);
    column_copy(row, 12, delivery->last_error, sizeof delivery->last_error);
    return true;
}

static enum tare_status deliveries_collect(struct sqlite_store *self, sqlite3_stmt *row,
                                           struct delivery **deliveries, size_t *count,
                                           struct tare_error *error)
{
    const struct sqlite_rows how = {sizeof(struct delivery), delivery_read, NULL, 0};
    struct delivery *list = NULL;
    size_t used = 0;
    enum tare_status status = sqlite_rows_collect(self, row, &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *deliveries = list;
    *count = used;
    return TARE_OK;
}

enum tare_status sqlite_delivery_claim(struct store *store, const struct store_claim *claim,
                                       struct delivery **deliveries, size_t *count,
                                       struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *take = sqlite_statement(
        self,
        "UPDATE performance_deliveries SET claimed_by = ?3, claimed_until = ?4, "
        "attempts = attempts + 1, last_attempt_at = ?2 "
        "WHERE id IN (SELECT d.id " DUE "ORDER BY d.id LIMIT ?5)",
        error);
    if (take == NULL)
        return sqlite_status(self);
    due_bind(take, claim);
    bind_text(take, 3, claim->claimant);
    bind_int(take, 4, claim->until_ns);
    bind_int(take, 5, (int64_t)claim->limit);
    enum tare_status status = sqlite_run(self, take, "write to", error);
    if (status != TARE_OK)
        return status;
    sqlite3_stmt *row = sqlite_statement(
        self,
        DELIVERY_SELECT "WHERE sink = ? AND state = 'pending' AND claimed_by = ? ORDER BY id",
        error);
    if (row != NULL) {
        bind_text(row, 1, claim->sink);
        bind_text(row, 2, claim->claimant);
    }
    return deliveries_collect(self, row, deliveries, count, error);
}

enum tare_status sqlite_delivery_settle(struct store *store, const struct delivery *delivery,
                                        const char *claimant, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "UPDATE performance_deliveries SET state = ?3, next_attempt_at = ?4, settled_at = ?5, "
        "last_error = ?6, claimed_by = NULL, claimed_until = NULL "
        "WHERE id = ?1 AND (claimed_by = ?2 OR ?3 = 'delivered')",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, delivery->id);
    bind_text(put, 2, claimant);
    bind_text(put, 3, delivery_state_word(delivery->state));
    bind_int(put, 4, delivery->next_attempt_ns);
    bind_int_or_null(put, 5, delivery->settled_ns);
    bind_text_or_null(put, 6, delivery->last_error);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_delivery_defer(struct store *store, const char *sink, int64_t time_ns,
                                       bool earlier, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "UPDATE performance_deliveries SET next_attempt_at = CASE WHEN ?3 THEN "
        "min(next_attempt_at, ?2) ELSE max(next_attempt_at, ?2) END "
        "WHERE sink = ?1 AND state = 'pending'",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, sink);
    bind_int(put, 2, time_ns);
    bind_int(put, 3, earlier);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_delivery_give_up(struct store *store, int64_t now_ns, size_t *count,
                                         struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "UPDATE performance_deliveries SET state = 'failed', settled_at = ?1, last_error = "
        "coalesce(last_error, 'there was no attempt: the sink could not be used') "
        "WHERE state = 'pending' AND give_up_at <= ?1 AND coalesce(claimed_until, 0) <= ?1",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, now_ns);
    enum tare_status status = sqlite_run(self, put, "write to", error);
    if (status == TARE_OK)
        *count = (size_t)sqlite3_changes(self->db);
    return status;
}

enum tare_status sqlite_delivery_revive(struct store *store, const char *sink, int64_t now_ns,
                                        int64_t give_up_ns, size_t *count,
                                        struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "UPDATE performance_deliveries SET state = 'pending', settled_at = NULL, "
        "next_attempt_at = ?2, give_up_at = ?3 "
        "WHERE state = 'failed' AND (?1 IS NULL OR sink = ?1)",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text_or_null(put, 1, sink);
    bind_int(put, 2, now_ns);
    bind_int(put, 3, give_up_ns);
    enum tare_status status = sqlite_run(self, put, "write to", error);
    if (status == TARE_OK)
        *count = (size_t)sqlite3_changes(self->db);
    return status;
}

enum tare_status sqlite_delivery_list(struct store *store, bool open_only, size_t limit,
                                      struct delivery **deliveries, size_t *count,
                                      struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(self,
                                         DELIVERY_SELECT
                                         "WHERE NOT ?1 OR state <> 'delivered' "
                                         "ORDER BY created_at DESC, id DESC LIMIT ?2",
                                         error);
    if (row != NULL) {
        bind_int(row, 1, open_only);
        bind_int(row, 2, limit > 0 ? (int64_t)limit : -1);
    }
    return deliveries_collect(self, row, deliveries, count, error);
}

static bool totals_read(sqlite3_stmt *row, void *element)
{
    struct delivery_totals *totals = element;
    *totals = (struct delivery_totals){
        .waiting = sqlite3_column_int64(row, 1),
        .delivered = sqlite3_column_int64(row, 2),
        .failed = sqlite3_column_int64(row, 3),
        .waiting_since_ns = sqlite3_column_int64(row, 4),
        .next_attempt_ns = sqlite3_column_int64(row, 5),
        .delivered_ns = sqlite3_column_int64(row, 6),
        .failed_ns = sqlite3_column_int64(row, 7),
    };
    column_copy(row, 0, totals->sink, sizeof totals->sink);
    column_copy(row, 8, totals->last_error, sizeof totals->last_error);
    return true;
}

enum tare_status sqlite_delivery_totals(struct store *store, struct delivery_totals **totals,
                                        size_t *count, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct delivery_totals), totals_read, NULL, 0};
    struct delivery_totals *list = NULL;
    size_t used = 0;
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT t.*, (SELECT e.last_error FROM performance_deliveries e WHERE e.sink = t.sink AND "
        "e.state <> 'delivered' AND e.last_error IS NOT NULL "
        "AND coalesce(e.last_attempt_at, e.settled_at) >= coalesce(t.delivered_at, 0) "
        "ORDER BY coalesce(e.last_attempt_at, e.settled_at) DESC, e.id DESC LIMIT 1) FROM "
        "(SELECT sink, count(*) FILTER (WHERE state = 'pending'), "
        "count(*) FILTER (WHERE state = 'delivered'), count(*) FILTER (WHERE state = 'failed'), "
        "min(created_at) FILTER (WHERE state = 'pending'), "
        "min(next_attempt_at) FILTER (WHERE state = 'pending'), "
        "max(settled_at) FILTER (WHERE state = 'delivered') AS delivered_at, "
        "max(settled_at) FILTER (WHERE state = 'failed') "
        "FROM performance_deliveries GROUP BY sink) t ORDER BY t.sink",
        error);
    enum tare_status status = sqlite_rows_collect(self, row, &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *totals = list;
    *count = used;
    return TARE_OK;
}
