/* What the files of the SQLite backend share. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "base/strbuf.h"
#include "store/backend.h"

#include <sqlite3.h>

#define SQLITE_STATEMENTS_MOST 128
#define SQLITE_QUERIES_MOST    24

/* What a connection keeps in memory: 16 MB of pages, and what is temporary. */
#define SQLITE_MEMORY_SETTINGS "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY"

/* A window of a series in a session, which samples belong to. */
struct sqlite_window {
    int64_t series_id;
    int64_t session; /* its row */
    int64_t start_ns;
    int64_t packed; /* the start as the rows of measurements have it (schema/006_compact.sql) */
};

/* A few samples that came within this transaction and are not written yet: the measurement that is
 * made of them takes them into its own row (sqlite_folded.c). */
#define SQLITE_FOLDED_MOST 32
struct sqlite_held {
    struct sqlite_window window;
    struct sample samples[SQLITE_FOLDED_MOST];
    size_t count; /* 0: nothing is held */
};

struct sqlite_store {
    struct store base;
    sqlite3 *db;
    char *path;  /* of the database; ":memory:" */
    int lock_fd; /* of the file beside it; -1 without one */
    int64_t wait_ms;
    bool own_file; /* not inside an application's database */
    bool wal;
    bool read_only;
    bool in_transaction;
    bool wrote;
    bool damaged;       /* was seen to be: writes no more */
    char *damaged_copy; /* where it was copied to; NULL: it was not */
    int wal_pages;      /* in the log after the last commit */
    struct {
        const char *sql; /* by address: a literal of the function that uses it */
        sqlite3_stmt *statement;
    } statements[SQLITE_STATEMENTS_MOST];
    size_t statement_count;
    struct {
        char *sql; /* owned */
        sqlite3_stmt *statement;
        uint64_t used; /* when last: the oldest makes room */
    } queries[SQLITE_QUERIES_MOST];
    uint64_t queries_used;
    /* What was written to last within this transaction: a session comes with many measurements,
     * and an environment with many sessions. */
    char session_id[UUID_TEXT_SIZE]; /* "": none */
    int64_t session_row, session_started_ns;
    struct sqlite_held held;
    char *environment_key; /* owned; NULL: none */
    int64_t environment_row;
};

static inline struct sqlite_store *sqlite_of(struct store *store)
{
    return (struct sqlite_store *)store;
}

/* A statement for a literal `sql`, prepared once and kept; reset, its parameters cleared. NULL
 * with the error set. */
sqlite3_stmt *sqlite_statement(struct sqlite_store *self, const char *sql,
                               struct tare_error *error);

/* The status of the database's last error. */
enum tare_status sqlite_status(struct sqlite_store *self);

/* The status and sentence for the database's last error. Damage is noted (sqlite_damage_note). */
enum tare_status sqlite_failed(struct sqlite_store *self, const char *doing,
                               struct tare_error *error);

/* Runs a statement that returns no rows; resets it. */
enum tare_status sqlite_run(struct sqlite_store *self, sqlite3_stmt *statement, const char *doing,
                            struct tare_error *error);

/* Runs SQL text without parameters. */
enum tare_status sqlite_execute(struct sqlite_store *self, const char *sql,
                                struct tare_error *error);

/* Binding: NaN, NULL and "" are NULL where the name says so. Indexes begin at 1. */
void bind_int(sqlite3_stmt *statement, int index, int64_t value);
void bind_int_or_null(sqlite3_stmt *statement, int index, int64_t value); /* 0 is NULL */
void bind_real(sqlite3_stmt *statement, int index, double value);         /* NaN is NULL */
void bind_text(sqlite3_stmt *statement, int index, const char *text);     /* NULL is '' */
void bind_text_or_null(sqlite3_stmt *statement, int index, const char *text);

/* Reading: NULL is NaN; a copy of a text (NULL: NULL) with `*failed` set without memory; a text
 * copied into an array, cut to fit. */
double column_real(sqlite3_stmt *statement, int column);
char *column_text(sqlite3_stmt *statement, int column, bool *failed);
void column_copy(sqlite3_stmt *statement, int column, char *into, size_t size);
const char *column_borrow(sqlite3_stmt *statement, int column); /* "" for NULL */

/* A query made of fixed pieces of SQL and bound values, for filters. */
struct sqlite_query {
    struct strbuf sql;
    struct {
        bool is_text;
        int64_t number;
        char *text;
    } values[16];
    int count;
    bool has_where;
};

void sqlite_query_init(struct sqlite_query *query, const char *select);
void sqlite_query_text(struct sqlite_query *query, const char *condition, const char *value);
void sqlite_query_number(struct sqlite_query *query, const char *condition, int64_t value);
void sqlite_query_plain(struct sqlite_query *query, const char *condition);
void sqlite_query_order(struct sqlite_query *query, const char *order);
/* "column >= ? AND column < ?" for texts that begin with `prefix` (hexadecimal). */
void sqlite_query_prefix(struct sqlite_query *query, const char *column, const char *prefix);
/* Prepares it, or finds it prepared (the caller resets it), and releases the query. NULL with the
 * error set. */
sqlite3_stmt *sqlite_query_prepare(struct sqlite_query *query, struct sqlite_store *self,
                                   struct tare_error *error);

/* Whether a row with these labels is wanted. */
bool sqlite_labels_match(sqlite3_stmt *statement, int column, const struct store_filter *filter);

/* How the rows of a query become the elements of an array. */
struct sqlite_rows {
    size_t size; /* of an element */
    /* Fills in a fresh element. False: no memory, and what is filled in can be released. */
    bool (*read)(sqlite3_stmt *row, void *element);
    const struct store_filter *filter; /* its limit and labels hold; NULL: every row is wanted */
    int labels_column;
};

/* Steps through `row` and resets it; NULL is the failure of whoever prepared it. `list` is the
 * address of the caller's pointer, NULL at first. On failure too the caller frees what is there.
 */
enum tare_status sqlite_rows_collect(struct sqlite_store *self, sqlite3_stmt *row,
                                     const struct sqlite_rows *how, void *list, size_t *count,
                                     struct tare_error *error);

/* Sessions s with their environments e, and a row of that. False: no memory. */
#define SQLITE_SESSION_SELECT                                                                     \
    "SELECT s.session_id, s.app, s.version, s.started_at, s.ended_at, s.outcome, s.temperature, " \
    "s.git_commit, s.git_branch, s.dirty, s.labels, s.dropped, s.condensed, s.source, e.key, "    \
    "e.cpu, e.os, e.architecture, e.cores, e.memory_mb, s.id, s.taken_at "                        \
    "FROM performance_sessions s JOIN performance_environments e ON e.id = s.environment_id"
bool sqlite_session_read(sqlite3_stmt *row, void *session);

/* Measurements m with their sessions s, and a row of that. */
#define SQLITE_MEASUREMENT_SELECT                                                                 \
    "SELECT m.id, m.series_id, s.session_id, m.window_start, m.time, m.n, m.failed, m.value, "    \
    "m.min, m.max, m.mean, m.p50, m.p95, m.p99, m.final, m.excluded, s.outcome, s.dirty, "        \
    "s.git_commit, s.git_branch, s.labels, s.taken_at, s.started_at "                             \
    "FROM performance_measurement_rows m JOIN performance_sessions s ON s.id = m.session_id"
void sqlite_measurement_read(sqlite3_stmt *row, struct measurement *measurement);

/* A window's start as the rows of measurements have it, and back. */
int64_t sqlite_window_pack(int64_t start_ns, int64_t session_started_ns);
int64_t sqlite_window_unpack(int64_t packed, int64_t session_started_ns);

/* A number as those rows have it: NULL for the same as the measurement's value. */
void bind_beside(sqlite3_stmt *statement, int index, double number, double value);
double column_beside(sqlite3_stmt *statement, int column, double value);

/* ---- samples: rows of their own (sqlite_samples.c), or within a measurement's ---- */

/* The window that a part belongs to. TARE_E_NOT_FOUND without the session. */
enum tare_status sqlite_window_find(struct sqlite_store *self, int64_t series_id,
                                    const char *session_id, int64_t start_ns,
                                    struct sqlite_window *window, struct tare_error *error);
/* Writes exact samples as a row of their own. */
enum tare_status sqlite_samples_write(struct sqlite_store *self,
                                      const struct sqlite_window *window,
                                      const struct batch_part *part, struct tare_error *error);
/* Keeps a part back for its measurement where it is small enough to be held: `*held`. */
void sqlite_held_take(struct sqlite_store *self, const struct sqlite_window *window,
                      const struct batch_part *part, bool *held);
/* Writes what is held as rows of samples. */
enum tare_status sqlite_held_flush(struct sqlite_store *self, struct tare_error *error);
/* Adds what is held of a window to the part. */
enum tare_status sqlite_held_read(struct sqlite_store *self, const struct sqlite_window *window,
                                  struct batch_part *part, struct tare_error *error);
/* Binds what is held of a measurement's window, when the measurement was made of it: `*folded`. */
enum tare_status sqlite_held_bind(struct sqlite_store *self, const struct sqlite_window *window,
                                  const struct measurement *measurement, sqlite3_stmt *put,
                                  int index, bool *folded, struct tare_error *error);
/* Adds the samples within a measurement's row to the part. */
enum tare_status sqlite_folded_read(struct sqlite_store *self, const struct sqlite_window *window,
                                    struct batch_part *part, struct tare_error *error);
/* Writes them as rows of samples instead, unless `stays` (may be NULL) says they were made of what
 * they are in now. */
enum tare_status sqlite_folded_release(struct sqlite_store *self,
                                       const struct sqlite_window *window,
                                       const struct measurement *stays, struct tare_error *error);
/* What those of a series come to that were observed in that time. */
enum tare_status sqlite_folded_totals(struct sqlite_store *self, int64_t series_id,
                                      int64_t since_ns, int64_t until_ns,
                                      struct store_totals *totals, struct tare_error *error);
/* Adds those of a part that were observed in that time. The sum of these samples. */
double sqlite_totals_add(const struct batch_part *part, int64_t since_ns, int64_t until_ns,
                         struct store_totals *totals);

/* The callbacks, file by file. */
enum tare_status sqlite_open(const char *url, const struct store_options *options,
                             struct store **store, struct tare_error *error);
void sqlite_close(struct store *store);
enum tare_status sqlite_begin(struct store *store, struct tare_error *error);
enum tare_status sqlite_commit(struct store *store, struct tare_error *error);
void sqlite_rollback(struct store *store);
/* The lock beside the database: opened once, waited for by asking again, flock(2) knowing no time
 * limit. TARE_E_BUSY names who holds it. Without a lock file (in memory) both do nothing. */
enum tare_status sqlite_lock_open(struct sqlite_store *self, struct tare_error *error);
enum tare_status sqlite_lock_take(struct sqlite_store *self, int64_t wait_ms,
                                  struct tare_error *error);
void sqlite_lock_release(struct sqlite_store *self);

/* Marks the store as damaged, so that it writes no more, and copies file and log aside as
 * "<path>.damaged-<time of the last change>" unless that copy is there. Nothing is deleted. */
void sqlite_damage_note(struct sqlite_store *self);

bool sqlite_in_memory(const struct sqlite_store *self);
/* The number that a PRAGMA or a query gives; -1 when it fails. */
int64_t sqlite_number(struct sqlite_store *self, const char *sql);
/* The row of a session; the one asked for last is remembered, with its start in
 * session_started_ns, until the transaction ends. */
enum tare_status sqlite_session_row(struct sqlite_store *self, const char *session_id,
                                    int64_t *row, struct tare_error *error);
/* Forgets what is remembered of the rows written to last. */
void sqlite_rows_forget(struct sqlite_store *self);
/* TARE_E_NOT_FOUND for a session that a row should have belonged to. */
enum tare_status sqlite_session_missing(const char *session_id, struct tare_error *error);

/* Brings the schema up to this tare's version under the lock; without `create` a database that has
 * none of it is TARE_E_NOT_FOUND. A newer one is TARE_E_NEWER. */
enum tare_status sqlite_migrate(struct sqlite_store *self, bool create, struct tare_error *error);
/* What may be read by this tare as it is; else TARE_E_NOT_FOUND, TARE_E_NEWER, TARE_E_READ_ONLY.
 */
enum tare_status sqlite_schema_readable(struct sqlite_store *self, struct tare_error *error);
/* The version of the schema; 0: none yet. */
enum tare_status sqlite_schema_version(struct sqlite_store *self, int *version,
                                       struct tare_error *error);
int sqlite_schema_known(void);

enum tare_status sqlite_setting_get(struct store *store, const char *name, char **value,
                                    struct tare_error *error);
enum tare_status sqlite_setting_put(struct store *store, const char *name, const char *value,
                                    struct tare_error *error);
enum tare_status sqlite_batch_claim(struct store *store, const char *id, bool *fresh,
                                    struct tare_error *error);
enum tare_status sqlite_session_put(struct store *store, const struct session *session,
                                    struct tare_error *error);
enum tare_status sqlite_session_add(struct store *store, const struct session *session,
                                    bool *added, struct tare_error *error);
enum tare_status sqlite_metric_put(struct store *store, const struct metric *metric, bool replace,
                                   struct tare_error *error);
enum tare_status sqlite_target_set(struct store *store, const char *metric_id, double value,
                                   double warning_percent, double error_percent, const char *who,
                                   struct tare_error *error);
enum tare_status sqlite_series_put(struct store *store, const struct series *series, int64_t *id,
                                   struct tare_error *error);
enum tare_status sqlite_samples_add(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error);
enum tare_status sqlite_samples_put(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error);
enum tare_status sqlite_samples_read(struct store *store, int64_t series_id,
                                     const char *session_id, int64_t window_start_ns,
                                     struct batch_part *part, struct tare_error *error);
enum tare_status sqlite_totals_get(struct store *store, int64_t series_id, int64_t since_ns,
                                   int64_t until_ns, struct store_totals *totals,
                                   struct tare_error *error);
enum tare_status sqlite_measurement_put(struct store *store, struct measurement *measurement,
                                        struct tare_error *error);
enum tare_status sqlite_measurement_add(struct store *store, struct measurement *measurement,
                                        bool *added, struct tare_error *error);
enum tare_status sqlite_measurement_commit(struct store *store, int64_t measurement_id,
                                           char commit[COMMIT_TEXT_SIZE],
                                           struct tare_error *error);
enum tare_status sqlite_verdict_put(struct store *store, int64_t measurement_id,
                                    const struct verdict *verdict, struct tare_error *error);
enum tare_status sqlite_verdict_forget(struct store *store, int64_t measurement_id,
                                       struct tare_error *error);
enum tare_status sqlite_session_exclude(struct store *store, const char *session_id, bool excluded,
                                        struct tare_error *error);
enum tare_status sqlite_standing_get(struct store *store, int64_t series_id,
                                     struct baseline_standing *standing, struct tare_error *error);
enum tare_status sqlite_standing_put(struct store *store, const struct baseline_standing *standing,
                                     struct tare_error *error);
enum tare_status sqlite_unjudged_put(struct store *store, int64_t series_id, bool unjudged,
                                     struct tare_error *error);
enum tare_status sqlite_unjudged_list(struct store *store, int64_t **series_ids, size_t *count,
                                      struct tare_error *error);
enum tare_status sqlite_alert_put(struct store *store, struct alert *alert,
                                  struct tare_error *error);
enum tare_status sqlite_alert_event_add(struct store *store, struct alert_event *event,
                                        struct tare_error *error);
enum tare_status sqlite_session_list(struct store *store, const struct store_filter *filter,
                                     struct session **sessions, size_t *count,
                                     struct tare_error *error);
enum tare_status sqlite_session_measurements(struct store *store, const struct session *sessions,
                                             size_t count, size_t *counts,
                                             struct tare_error *error);
enum tare_status sqlite_metric_list(struct store *store, struct metric **metrics, size_t *count,
                                    struct tare_error *error);
enum tare_status sqlite_metric_get(struct store *store, const char *id, struct metric *metric,
                                   struct tare_error *error);
enum tare_status sqlite_series_list(struct store *store, const struct store_filter *filter,
                                    struct series **series, size_t *count,
                                    struct tare_error *error);
enum tare_status sqlite_measurement_list(struct store *store, const struct store_filter *filter,
                                         struct measurement **measurements, size_t *count,
                                         struct tare_error *error);
enum tare_status sqlite_walk(struct store *store, const struct store_filter *filter,
                             const struct series *series, size_t count, bool empty,
                             const struct store_visitor *visitor, struct tare_error *error);
enum tare_status sqlite_series_walk(struct store *store, const struct store_filter *filter,
                                    const struct store_visitor *visitor, struct tare_error *error);
enum tare_status sqlite_verdict_list(struct store *store, const int64_t *measurement_ids,
                                     size_t count, struct verdict *verdicts,
                                     struct tare_error *error);
enum tare_status sqlite_alert_list(struct store *store, const struct store_filter *filter,
                                   bool live_only, struct alert **alerts, size_t *count,
                                   struct tare_error *error);
enum tare_status sqlite_alert_get(struct store *store, int64_t id, struct alert *alert,
                                  struct tare_error *error);
enum tare_status sqlite_alert_find(struct store *store, int64_t series_id, enum alert_kind kind,
                                   struct alert *alert, struct tare_error *error);
enum tare_status sqlite_alert_event_list(struct store *store, int64_t alert_id,
                                         struct alert_event **events, size_t *count,
                                         struct tare_error *error);
enum tare_status sqlite_delivery_add(struct store *store, struct delivery *delivery, bool *fresh,
                                     struct tare_error *error);
enum tare_status sqlite_delivery_due(struct store *store, const struct store_claim *claim,
                                     size_t *count, struct tare_error *error);
enum tare_status sqlite_delivery_claim(struct store *store, const struct store_claim *claim,
                                       struct delivery **deliveries, size_t *count,
                                       struct tare_error *error);
enum tare_status sqlite_delivery_settle(struct store *store, const struct delivery *delivery,
                                        const char *claimant, struct tare_error *error);
enum tare_status sqlite_delivery_defer(struct store *store, const char *sink, int64_t time_ns,
                                       bool earlier, struct tare_error *error);
enum tare_status sqlite_delivery_give_up(struct store *store, int64_t now_ns, size_t *count,
                                         struct tare_error *error);
enum tare_status sqlite_delivery_revive(struct store *store, const char *sink, int64_t now_ns,
                                        int64_t give_up_ns, size_t *count,
                                        struct tare_error *error);
enum tare_status sqlite_delivery_list(struct store *store, bool open_only, size_t limit,
                                      struct delivery **deliveries, size_t *count,
                                      struct tare_error *error);
enum tare_status sqlite_delivery_totals(struct store *store, struct delivery_totals **totals,
                                        size_t *count, struct tare_error *error);
enum tare_status sqlite_retention_apply(struct store *store, const struct store_retention *policy,
                                        int64_t now_ns, bool dry_run,
                                        struct store_retention_report *report,
                                        struct tare_error *error);
/* Adds the rollup up with what the store has of its day. */
enum tare_status sqlite_rollup_put(struct sqlite_store *self, struct rollup *rollup,
                                   struct tare_error *error);
enum tare_status sqlite_retention_keep(struct store *store, const char *const *commits,
                                       size_t count, struct tare_error *error);
enum tare_status sqlite_compact(struct store *store, int64_t *bytes, struct tare_error *error);
enum tare_status sqlite_rollup_list(struct store *store, const struct store_filter *filter,
                                    struct rollup **rollups, size_t *count,
                                    struct tare_error *error);
enum tare_status sqlite_info_get(struct store *store, struct store_info *info,
                                 struct tare_error *error);
enum tare_status sqlite_check(struct store *store, struct tare_error *error);

#endif
