#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"

#include <stdlib.h>
#include <unistd.h>

#define WAL_PAGES_MOST 1000

void sqlite_rows_forget(struct sqlite_store *self)
{
    self->session_id[0] = '\0';
    free(self->environment_key);
    self->environment_key = NULL;
}

static enum tare_status may_begin(const struct sqlite_store *self, struct tare_error *error)
{
    if (self->in_transaction)
        return error_set(error, TARE_E_USAGE, "the store %s is being written to already",
                         self->path);
    if (self->read_only)
        return error_set(error, TARE_E_READ_ONLY, "the store %s was opened to be read only",
                         self->path);
    if (self->damaged)
        return error_damaged(error, "the store %s is damaged and not written to", self->path);
    return TARE_OK;
}

enum tare_status sqlite_begin(struct store *store, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    int64_t began_ns = clock_monotonic_ns();
    enum tare_status status = may_begin(self, error);
    if (status == TARE_OK)
        status = sqlite_lock_take(self, self->wait_ms, error);
    if (status != TARE_OK)
        return status;
    /* Who writes without our lock, the application in its own file, is waited for as long as is
     * left. */
    int64_t left_ms = self->wait_ms - (clock_monotonic_ns() - began_ns) / 1000000;
    sqlite3_busy_timeout(self->db, left_ms > 0 ? (int)left_ms : 0);
    if (sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        status = sqlite_failed(self, "write to", error);
    sqlite3_busy_timeout(self->db, (int)self->wait_ms);
    if (status == TARE_OK)
        self->in_transaction = true;
    else
        sqlite_lock_release(self);
    return status;
}

enum tare_status sqlite_commit(struct store *store, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    if (!self->in_transaction)
        return error_set(error, TARE_E_USAGE, "nothing is being written to the store %s",
                         self->path);
    enum tare_status status = sqlite_held_flush(self, error);
    if (status != TARE_OK)
        return status;
    if (sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(self, "write to", error); /* the caller rolls back */
    self->in_transaction = false;
    self->wrote = true;
    sqlite_rows_forget(self);
    if (self->own_file && self->wal && self->wal_pages > WAL_PAGES_MOST)
        sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite_lock_release(self);
    return TARE_OK;
}

void sqlite_rollback(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (!self->in_transaction)
        return;
    for (size_t i = 0; i < self->statement_count; i++)
        sqlite3_reset(self->statements[i].statement);
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    self->in_transaction = false;
    self->held.count = 0;
    sqlite_rows_forget(self);
    sqlite_lock_release(self);
}

/* Free pages are written to again, which is all that a store of steady size needs. An incremental
 * vacuum would give them back by itself, but its map of pages makes packed samples cost twice as
 * much to take in. */
enum tare_status sqlite_compact(struct store *store, int64_t *bytes, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    if (!self->own_file)
        return error_set(error, TARE_E_USAGE,
                         "the store is inside the database %s of an application: whether that is "
                         "to be compacted is its owner's to decide",
                         self->path);
    enum tare_status status = may_begin(self, error);
    if (status != TARE_OK)
        return status;
    int64_t page_bytes = sqlite_number(self, "PRAGMA page_size");
    int64_t before = sqlite_number(self, "PRAGMA page_count");
    status = sqlite_lock_take(self, self->wait_ms, error);
    if (status != TARE_OK)
        return status;
    status = sqlite_execute(self, "VACUUM", error);
    if (status == TARE_OK)
        sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite_lock_release(self);
    if (status == TARE_OK)
        *bytes = (before - sqlite_number(self, "PRAGMA page_count")) * page_bytes;
    return status;
}

/* Brings the log into the file, so that a store at rest is one file. */
static void log_empty(struct sqlite_store *self)
{
    if (!self->wrote || !self->own_file || !self->wal || self->damaged ||
        sqlite_lock_take(self, 0, NULL) != TARE_OK)
        return;
    sqlite3_busy_timeout(self->db, 0);
    sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite_lock_release(self);
}

void sqlite_close(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite_rollback(store);
    for (size_t i = 0; i < self->statement_count; i++)
        sqlite3_finalize(self->statements[i].statement);
    for (size_t i = 0; i < SQLITE_QUERIES_MOST; i++) {
        sqlite3_finalize(self->queries[i].statement);
        free(self->queries[i].sql);
    }
    log_empty(self);
    sqlite3_close(self->db);
    if (self->lock_fd >= 0)
        close(self->lock_fd);
    free(self->damaged_copy);
    free(self->path);
    free(self);
}
