#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tare_status sqlite_setting_get(struct store *store, const char *name, char **value,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    bool failed = false;
    sqlite3_stmt *get = sqlite_statement(
        self, "SELECT value FROM performance_settings WHERE name = ?", error);
    if (get == NULL)
        return sqlite_status(self);
    bind_text(get, 1, name);
    *value = sqlite3_step(get) == SQLITE_ROW ? column_text(get, 0, &failed) : NULL;
    sqlite3_reset(get);
    return failed ? error_memory(error) : TARE_OK;
}

enum tare_status sqlite_setting_put(struct store *store, const char *name, const char *value,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self, "INSERT OR REPLACE INTO performance_settings VALUES (?, ?)", error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, name);
    bind_text(put, 2, value);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_batch_claim(struct store *store, const char *id, bool *fresh,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *claim = sqlite_statement(
        self, "INSERT OR IGNORE INTO performance_batches VALUES (?, ?)", error);
    if (claim == NULL)
        return sqlite_status(self);
    bind_text(claim, 1, id);
    bind_int(claim, 2, clock_now_ns());
    enum tare_status status = sqlite_run(self, claim, "write to", error);
    if (status == TARE_OK)
        *fresh = sqlite3_changes(self->db) == 1;
    return status;
}

/* The row of an environment, made when it is new. */
static enum tare_status environment_row(struct sqlite_store *self,
                                        const struct environment *environment, int64_t *row,
                                        struct tare_error *error)
{
    if (self->environment_key != NULL && strcmp(self->environment_key, environment->key) == 0) {
        *row = self->environment_row;
        return TARE_OK;
    }
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_environments (key, cpu, os, architecture, cores, memory_mb) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET key = key RETURNING id",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, environment->key);
    bind_text_or_null(put, 2, environment->cpu);
    bind_text_or_null(put, 3, environment->os);
    bind_text_or_null(put, 4, environment->architecture);
    bind_int(put, 5, environment->cores);
    bind_int(put, 6, (int64_t)environment->memory_mb);
    enum tare_status status = TARE_OK;
    if (sqlite3_step(put) == SQLITE_ROW)
        *row = sqlite3_column_int64(put, 0);
    else
        status = sqlite_failed(self, "write to", error);
    sqlite3_reset(put);
    free(self->environment_key);
    self->environment_key = status == TARE_OK ? strdup(environment->key) : NULL;
    self->environment_row = *row;
    return status;
}

#define SESSION_INSERT                                                                            \
    "INSERT INTO performance_sessions (session_id, app, version, started_at, ended_at, outcome, " \
    "temperature, git_commit, git_branch, dirty, labels, environment_id, dropped, condensed, "    \
    "source, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "

static void session_bind(sqlite3_stmt *put, const struct session *session, int64_t environment)
{
    bind_text(put, 1, session->id);
    bind_text(put, 2, session->app);
    bind_text_or_null(put, 3, session->version);
    bind_int(put, 4, session->started_ns);
    bind_int_or_null(put, 5, session->ended_ns);
    bind_text(put, 6, outcome_word(session->outcome));
    bind_text(put, 7, temperature_word(session->temperature));
    bind_text_or_null(put, 8, session->commit);
    bind_text_or_null(put, 9, session->branch);
    bind_int(put, 10, session->dirty);
    bind_text(put, 11, session->labels);
    bind_int(put, 12, environment);
    bind_int(put, 13, (int64_t)session->dropped);
    bind_int(put, 14, (int64_t)session->condensed);
    bind_text_or_null(put, 15, session->source);
    bind_int(put, 16, session->taken_ns != 0 ? session->taken_ns : clock_now_ns());
}

static enum tare_status session_write(struct sqlite_store *self, const char *sql,
                                      const struct session *session, struct tare_error *error)
{
    int64_t environment = 0;
    enum tare_status status = environment_row(self, &session->environment, &environment, error);
    if (status != TARE_OK)
        return status;
    sqlite3_stmt *put = sqlite_statement(self, sql, error);
    if (put == NULL)
        return sqlite_status(self);
    session_bind(put, session, environment);
    return sqlite_run(self, put, "write to", error);
}

/* Windows that begin with the session keep their start when the session gets another one; which
 * another one may already have. */
static enum tare_status windows_keep(struct sqlite_store *self, int64_t session, int64_t before_ns,
                                     int64_t after_ns, struct tare_error *error)
{
    static const char sql[] = "UPDATE performance_measurement_rows SET window_start = ?3 "
                              "WHERE session_id = ?1 AND window_start = ?2";
    const int64_t from[] = {0, sqlite_window_pack(after_ns, before_ns)},
                  to[] = {sqlite_window_pack(before_ns, after_ns), 0};
    enum tare_status status = sqlite_held_flush(self, error);
    for (size_t i = 0; i < 2 && status == TARE_OK; i++) {
        sqlite3_stmt *keep = sqlite_statement(self, sql, error);
        if (keep == NULL)
            return sqlite_status(self);
        bind_int(keep, 1, session);
        bind_int(keep, 2, from[i]);
        bind_int(keep, 3, to[i]);
        status = sqlite_run(self, keep, "write to", error);
    }
    return status;
}

/* Before a session is written that may be there with another start. */
static enum tare_status session_move(struct sqlite_store *self, const struct session *session,
                                     struct tare_error *error)
{
    int64_t row = 0;
    enum tare_status status = sqlite_session_row(self, session->id, &row, error);
    if (status == TARE_E_NOT_FOUND)
        return TARE_OK;
    if (status == TARE_OK && self->session_started_ns != session->started_ns)
        status = windows_keep(self, row, self->session_started_ns, session->started_ns, error);
    self->session_started_ns = session->started_ns;
    return status;
}

enum tare_status sqlite_session_put(struct store *store, const struct session *session,
                                    struct tare_error *error)
{
    static const char sql[] = SESSION_INSERT
        "ON CONFLICT (session_id) DO UPDATE SET started_at = excluded.started_at, "
        "ended_at = coalesce(excluded.ended_at, ended_at), "
        "outcome = CASE WHEN excluded.outcome = 'running' THEN outcome "
        "WHEN outcome IN ('failed', 'crashed') AND excluded.outcome = 'ok' THEN outcome "
        "ELSE excluded.outcome END, "
        "version = coalesce(version, excluded.version), "
        "git_commit = coalesce(git_commit, excluded.git_commit), "
        "git_branch = coalesce(git_branch, excluded.git_branch), "
        "dropped = excluded.dropped, condensed = excluded.condensed";
    enum tare_status status = session_move(sqlite_of(store), session, error);
    return status == TARE_OK ? session_write(sqlite_of(store), sql, session, error) : status;
}

enum tare_status sqlite_session_add(struct store *store, const struct session *session,
                                    bool *added, struct tare_error *error)
{
    static const char sql[] = SESSION_INSERT "ON CONFLICT (session_id) DO NOTHING";
    struct sqlite_store *self = sqlite_of(store);
    enum tare_status status = session_write(self, sql, session, error);
    if (status != TARE_OK)
        return status;
    *added = sqlite3_changes(self->db) == 1;
    if (*added) {
        memcpy(self->session_id, session->id, sizeof self->session_id);
        self->session_row = sqlite3_last_insert_rowid(self->db);
        self->session_started_ns = session->started_ns;
    }
    return TARE_OK;
}

enum tare_status sqlite_session_row(struct sqlite_store *self, const char *session_id,
                                    int64_t *row, struct tare_error *error)
{
    if (strcmp(self->session_id, session_id) != 0) {
        sqlite3_stmt *get = sqlite_statement(
            self, "SELECT id, started_at FROM performance_sessions WHERE session_id = ?", error);
        if (get == NULL)
            return sqlite_status(self);
        bind_text(get, 1, session_id);
        int code = sqlite3_step(get);
        int64_t found = code == SQLITE_ROW ? sqlite3_column_int64(get, 0) : 0;
        int64_t started_ns = code == SQLITE_ROW ? sqlite3_column_int64(get, 1) : 0;
        enum tare_status status = TARE_OK;
        if (code == SQLITE_DONE)
            status = sqlite_session_missing(session_id, error);
        else if (code != SQLITE_ROW)
            status = sqlite_failed(self, "read", error);
        sqlite3_reset(get);
        if (status != TARE_OK)
            return status;
        snprintf(self->session_id, sizeof self->session_id, "%s", session_id);
        self->session_row = found;
        self->session_started_ns = started_ns;
    }
    *row = self->session_row;
    return TARE_OK;
}

enum tare_status sqlite_session_exclude(struct store *store, const char *session_id, bool excluded,
                                        struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *mark = sqlite_statement(
        self,
        "UPDATE performance_measurement_rows SET excluded = ?2 WHERE session_id = "
        "(SELECT id FROM performance_sessions WHERE session_id = ?1)",
        error);
    if (mark == NULL)
        return sqlite_status(self);
    bind_text(mark, 1, session_id);
    bind_int(mark, 2, excluded);
    return sqlite_run(self, mark, "write to", error);
}

enum tare_status sqlite_session_missing(const char *session_id, struct tare_error *error)
{
    return error_set(error, TARE_E_NOT_FOUND, "there is no session '%.60s' in the store",
                     session_id);
}

bool sqlite_session_read(sqlite3_stmt *row, void *element)
{
    struct session *session = element;
    bool failed = false;
    session_init(session);
    column_copy(row, 0, session->id, sizeof session->id);
    session->app = column_text(row, 1, &failed);
    session->version = column_text(row, 2, &failed);
    session->started_ns = sqlite3_column_int64(row, 3);
    session->ended_ns = sqlite3_column_int64(row, 4);
    outcome_parse(column_borrow(row, 5), &session->outcome);
    temperature_parse(column_borrow(row, 6), &session->temperature);
    session->commit = column_text(row, 7, &failed);
    session->branch = column_text(row, 8, &failed);
    session->dirty = sqlite3_column_int(row, 9) != 0;
    session->labels = column_text(row, 10, &failed);
    session->dropped = (uint64_t)sqlite3_column_int64(row, 11);
    session->condensed = (uint64_t)sqlite3_column_int64(row, 12);
    session->source = column_text(row, 13, &failed);
    session->environment.key = column_text(row, 14, &failed);
    session->environment.cpu = column_text(row, 15, &failed);
    session->environment.os = column_text(row, 16, &failed);
    session->environment.architecture = column_text(row, 17, &failed);
    session->environment.cores = (uint32_t)sqlite3_column_int64(row, 18);
    session->environment.memory_mb = (uint64_t)sqlite3_column_int64(row, 19);
    session->taken_ns = sqlite3_column_int64(row, 21);
    return !failed;
}

static sqlite3_stmt *sessions_select(struct sqlite_store *self, const struct store_filter *filter,
                                     struct tare_error *error)
{
    struct sqlite_query query;
    sqlite_query_init(&query, SQLITE_SESSION_SELECT);
    sqlite_query_text(&query, "s.app = ?", filter->app);
    sqlite_query_text(&query, "e.key = ?", filter->environment);
    sqlite_query_text(&query, "s.git_branch = ?", filter->branch);
    sqlite_query_prefix(&query, "s.git_commit", filter->commit);
    sqlite_query_prefix(&query, "s.session_id", filter->session_id);
    sqlite_query_number(&query, "s.started_at >= ?", filter->since_ns);
    sqlite_query_number(&query, "s.started_at < ?", filter->until_ns);
    if (filter->has_temperature)
        sqlite_query_text(&query, "s.temperature = ?", temperature_word(filter->temperature));
    sqlite_query_text(&query,
                      "EXISTS (SELECT 1 FROM performance_measurements m JOIN performance_series r "
                      "ON r.id = m.series_id WHERE m.session_id = s.id AND r.metric_id = ?)",
                      filter->metric_id);
    sqlite_query_order(&query, "s.started_at DESC, s.id DESC");
    return sqlite_query_prepare(&query, self, error);
}

enum tare_status sqlite_session_list(struct store *store, const struct store_filter *filter,
                                     struct session **sessions, size_t *count,
                                     struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct session), sqlite_session_read, filter, 10};
    struct session *list = NULL;
    size_t used = 0;
    enum tare_status status = sqlite_rows_collect(self, sessions_select(self, filter, error), &how,
                                                  &list, &used, error);
    if (status != TARE_OK) {
        store_session_list_free(list, used);
        return status;
    }
    *sessions = list;
    *count = used;
    return TARE_OK;
}

enum tare_status sqlite_session_measurements(struct store *store, const struct session *sessions,
                                             size_t count, size_t *counts,
                                             struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *row = sqlite_statement(
            self,
            "SELECT count(*) FROM performance_measurements WHERE session_id = "
            "(SELECT id FROM performance_sessions WHERE session_id = ?)",
            error);
        if (row == NULL)
            return sqlite_status(self);
        bind_text(row, 1, sessions[i].id);
        if (sqlite3_step(row) != SQLITE_ROW)
            return sqlite_failed(self, "read", error);
        counts[i] = (size_t)sqlite3_column_int64(row, 0);
        sqlite3_reset(row);
    }
    return TARE_OK;
}
