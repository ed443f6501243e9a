#include "store/sqlite.h"

#include "base/error.h"
#include "model/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 256 /* sessions that are read at once */

/* A measurement without what its session says of it. */
struct walk_row {
    size_t series; /* place in the caller's list */
    int64_t id, window_start_ns, time_ns;
    uint64_t n, failed;
    double numbers[7];
    bool final, excluded;
};

struct walk_place {
    int64_t id;
    size_t series;
};

struct walk {
    struct sqlite_store *self;
    const struct store_filter *filter;
    const struct series *series;
    size_t series_count;
    bool empty;
    const struct store_visitor *visitor;
    struct walk_place *places; /* by the series' id; owned, as is the next */
    struct walk_row *rows;     /* of one session; the array is kept for the next one */
    size_t row_count, row_room;
    int64_t first_ns, last_ns; /* sessions that started before or after have nothing of it */
    int64_t since_ns, until_ns;
    struct session page[PAGE];
    int64_t numbers[PAGE]; /* of their rows */
    size_t page_count;
};

static int place_compare(const void *left, const void *right)
{
    const struct walk_place *a = left, *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

static enum tare_status places_fill(struct walk *walk, struct tare_error *error)
{
    walk->places = calloc(walk->series_count + 1, sizeof *walk->places);
    if (walk->places == NULL)
        return error_memory(error);
    for (size_t i = 0; i < walk->series_count; i++)
        walk->places[i] = (struct walk_place){walk->series[i].id, i};
    qsort(walk->places, walk->series_count, sizeof *walk->places, place_compare);
    return TARE_OK;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When the sessions started that have a measurement in the wanted time: a series knows its times,
 * the sessions do not. */
static enum tare_status bounds_find(struct walk *walk, struct tare_error *error)
{
    if (walk->filter->since_ns == 0 && walk->filter->until_ns == 0)
        return TARE_OK;
    walk->first_ns = walk->empty ? walk->since_ns : INT64_MAX;
    walk->last_ns = walk->empty ? walk->until_ns : INT64_MIN;
    for (size_t i = 0; i < walk->series_count; i++) {
        sqlite3_stmt *row = sqlite_statement(
            walk->self,
            "SELECT min(s.started_at), max(s.started_at) FROM performance_measurements m "
            "JOIN performance_sessions s ON s.id = m.session_id "
            "WHERE m.series_id = ? AND m.time >= ? AND m.time < ?",
            error);
        if (row == NULL)
            return sqlite_status(walk->self);
        bind_int(row, 1, walk->series[i].id);
        bind_int(row, 2, walk->since_ns);
        bind_int(row, 3, walk->until_ns);
        if (sqlite3_step(row) != SQLITE_ROW)
            return sqlite_failed(walk->self, "read", error);
        if (sqlite3_column_type(row, 0) != SQLITE_NULL) {
            walk->first_ns = least(walk->first_ns, sqlite3_column_int64(row, 0));
            walk->last_ns = greatest(walk->last_ns, sqlite3_column_int64(row, 1));
        }
        sqlite3_reset(row);
    }
    return TARE_OK;
}

static void prefix_bind(sqlite3_stmt *statement, int index, const char *prefix)
{
    char end[80];
    if (prefix == NULL)
        return;
    snprintf(end, sizeof end, "%.70s~", prefix);
    bind_text(statement, index, prefix);
    bind_text(statement, index + 1, end);
}

static void page_release(struct walk *walk)
{
    for (size_t i = 0; i < walk->page_count; i++)
        session_release(&walk->page[i]);
    walk->page_count = 0;
}

/* Reads the page behind the session that started then and is called that. */
static enum tare_status page_read(struct walk *walk, int64_t after_ns, const char *after_id,
                                  struct tare_error *error)
{
    const struct store_filter *filter = walk->filter;
    bool failed = false;
    int code = SQLITE_DONE;
    sqlite3_stmt *row = sqlite_statement(
        walk->self,
        SQLITE_SESSION_SELECT
        " WHERE (s.started_at, s.session_id) > (?1, ?2) AND s.started_at <= ?3 "
        "AND (?4 IS NULL OR s.git_branch = ?4) "
        "AND (?5 IS NULL OR (s.git_commit >= ?5 AND s.git_commit < ?6)) "
        "AND (?7 IS NULL OR (s.session_id >= ?7 AND s.session_id < ?8)) "
        "ORDER BY s.started_at, s.session_id LIMIT ?9",
        error);
    if (row == NULL)
        return sqlite_status(walk->self);
    bind_int(row, 1, after_ns);
    bind_text(row, 2, after_id);
    bind_int(row, 3, walk->last_ns);
    if (filter->branch != NULL)
        bind_text(row, 4, filter->branch);
    prefix_bind(row, 5, filter->commit);
    prefix_bind(row, 7, filter->session_id);
    bind_int(row, 9, PAGE);
    while (!failed && (code = sqlite3_step(row)) == SQLITE_ROW) {
        walk->numbers[walk->page_count] = sqlite3_column_int64(row, 20);
        failed = !sqlite_session_read(row, &walk->page[walk->page_count++]);
    }
    enum tare_status status = failed                ? error_memory(error)
                              : code != SQLITE_DONE ? sqlite_failed(walk->self, "read", error)
                                                    : TARE_OK;
    sqlite3_reset(row);
    return status;
}

/* The row's place is filled in when its series is wanted. */
static bool series_find(const struct walk *walk, int64_t id, size_t *series)
{
    const struct walk_place key = {.id = id}, *found = NULL;
    if (walk->series_count > 0)
        found = bsearch(&key, walk->places, walk->series_count, sizeof key, place_compare);
    if (found != NULL)
        *series = found->series;
    return found != NULL;
}

static struct walk_row *row_add(struct walk *walk)
{
    if (walk->row_count == walk->row_room) {
        size_t room = walk->row_room > 0 ? walk->row_room * 2 : 64;
        struct walk_row *larger = realloc(walk->rows, room * sizeof *larger);
        if (larger == NULL)
            return NULL;
        walk->rows = larger;
        walk->row_room = room;
    }
    return &walk->rows[walk->row_count++];
}

static int row_compare(const void *left, const void *right)
{
    const struct walk_row *a = left, *b = right;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return a->window_start_ns < b->window_start_ns ? -1 : a->window_start_ns > b->window_start_ns;
}

static void rows_order(struct walk *walk)
{
    for (size_t i = 1; i < walk->row_count; i++)
        if (row_compare(&walk->rows[i - 1], &walk->rows[i]) > 0) {
            qsort(walk->rows, walk->row_count, sizeof *walk->rows, row_compare);
            return;
        }
}

static void row_fill(sqlite3_stmt *row, size_t series, int64_t started_ns, struct walk_row *into)
{
    *into = (struct walk_row){
        .series = series,
        .window_start_ns = sqlite_window_unpack(sqlite3_column_int64(row, 1), started_ns),
        .id = sqlite3_column_int64(row, 2),
        .time_ns = sqlite3_column_int64(row, 3),
        .n = (uint64_t)sqlite3_column_int64(row, 4),
        .failed = (uint64_t)sqlite3_column_int64(row, 5),
        .final = sqlite3_column_int(row, 13) != 0,
        .excluded = sqlite3_column_int(row, 14) != 0,
    };
    into->numbers[0] = column_real(row, 6);
    for (int i = 1; i < 7; i++)
        into->numbers[i] = column_beside(row, 6 + i, into->numbers[0]);
}

static enum tare_status rows_read(struct walk *walk, int64_t session, int64_t started_ns,
                                  struct tare_error *error)
{
    int code = SQLITE_DONE;
    enum tare_status status = TARE_OK;
    walk->row_count = 0;
    if (walk->series_count == 0)
        return TARE_OK;
    sqlite3_stmt *row = sqlite_statement(
        walk->self,
        "SELECT series_id, window_start, id, time, n, failed, value, min, max, mean, p50, p95, "
        "p99, final, excluded FROM performance_measurement_rows "
        "WHERE session_id = ? AND series_id BETWEEN ? AND ? AND time >= ? AND time < ?",
        error);
    if (row == NULL)
        return sqlite_status(walk->self);
    bind_int(row, 1, session);
    bind_int(row, 2, walk->places[0].id);
    bind_int(row, 3, walk->places[walk->series_count - 1].id);
    bind_int(row, 4, walk->since_ns);
    bind_int(row, 5, walk->until_ns);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        size_t series;
        struct walk_row *into;
        if (!series_find(walk, sqlite3_column_int64(row, 0), &series))
            continue;
        into = row_add(walk);
        if (into != NULL)
            row_fill(row, series, started_ns, into);
        else
            status = error_memory(error);
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(walk->self, "read", error);
    sqlite3_reset(row);
    rows_order(walk);
    return status;
}

/* Whether a session without measurements is wanted for its own sake. */
static enum tare_status emptiness_check(struct walk *walk, const struct session *session,
                                        int64_t number, bool *wanted, struct tare_error *error)
{
    const struct store_filter *filter = walk->filter;
    *wanted = walk->empty && session->started_ns >= walk->since_ns &&
              session->started_ns < walk->until_ns &&
              (filter->app == NULL || strcmp(session->app, filter->app) == 0) &&
              (filter->environment == NULL ||
               strcmp(session->environment.key, filter->environment) == 0) &&
              (!filter->has_temperature || session->temperature == filter->temperature) &&
              (filter->labels == NULL || labels_contain(session->labels, filter->labels));
    if (!*wanted)
        return TARE_OK;
    sqlite3_stmt *row = sqlite_statement(
        walk->self, "SELECT EXISTS (SELECT 1 FROM performance_measurements WHERE session_id = ?)",
        error);
    if (row == NULL)
        return sqlite_status(walk->self);
    bind_int(row, 1, number);
    if (sqlite3_step(row) != SQLITE_ROW)
        return sqlite_failed(walk->self, "read", error);
    *wanted = sqlite3_column_int(row, 0) == 0;
    sqlite3_reset(row);
    return TARE_OK;
}

static void copy_cut(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from != NULL ? from : "");
}

static enum tare_status rows_visit(struct walk *walk, const struct session *session,
                                   struct tare_error *error)
{
    const struct store_visitor *visitor = walk->visitor;
    struct measurement one = {.outcome = session->outcome, .dirty = session->dirty};
    memcpy(one.session_id, session->id, sizeof one.session_id);
    copy_cut(one.commit, sizeof one.commit, session->commit);
    copy_cut(one.branch, sizeof one.branch, session->branch);
    enum tare_status status = visitor->session(visitor->ctx, session, walk->row_count, error);
    for (size_t i = 0; i < walk->row_count && status == TARE_OK; i++) {
        const struct walk_row *row = &walk->rows[i];
        one.id = row->id;
        one.series_id = walk->series[row->series].id;
        one.time_ns = row->time_ns;
        one.window_start_ns = row->window_start_ns;
        one.n = row->n;
        one.failed = row->failed;
        one.value = row->numbers[0];
        one.min = row->numbers[1];
        one.max = row->numbers[2];
        one.mean = row->numbers[3];
        one.p50 = row->numbers[4];
        one.p95 = row->numbers[5];
        one.p99 = row->numbers[6];
        one.final = row->final;
        one.excluded = row->excluded;
        status = visitor->measurement(visitor->ctx, session, row->series, &one, error);
    }
    return status;
}

static enum tare_status session_visit(struct walk *walk, const struct session *session,
                                      int64_t number, struct tare_error *error)
{
    bool wanted = true;
    enum tare_status status = rows_read(walk, number, session->started_ns, error);
    if (status == TARE_OK && walk->row_count == 0)
        status = emptiness_check(walk, session, number, &wanted, error);
    return status == TARE_OK && wanted ? rows_visit(walk, session, error) : status;
}

static enum tare_status pages_visit(struct walk *walk, struct tare_error *error)
{
    char after_id[UUID_TEXT_SIZE] = "";
    int64_t after_ns = walk->first_ns;
    enum tare_status status;
    do {
        status = page_read(walk, after_ns, after_id, error);
        for (size_t i = 0; i < walk->page_count && status == TARE_OK; i++)
            status = session_visit(walk, &walk->page[i], walk->numbers[i], error);
        if (walk->page_count < PAGE || status != TARE_OK)
            break;
        after_ns = walk->page[PAGE - 1].started_ns;
        memcpy(after_id, walk->page[PAGE - 1].id, sizeof after_id);
        page_release(walk);
    } while (true);
    page_release(walk);
    return status;
}

enum tare_status sqlite_walk(struct store *store, const struct store_filter *filter,
                             const struct series *series, size_t count, bool empty,
                             const struct store_visitor *visitor, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct walk *walk = calloc(1, sizeof *walk);
    /* A read transaction is one moment of a write-ahead log and stops nobody; in a rollback
     * journal whoever writes would wait for the reader. */
    bool alone = self->wal && sqlite3_get_autocommit(self->db) != 0;
    if (walk == NULL)
        return error_memory(error);
    *walk = (struct walk){.self = self,
                          .filter = filter,
                          .series = series,
                          .series_count = count,
                          .empty = empty,
                          .visitor = visitor,
                          .first_ns = INT64_MIN,
                          .last_ns = INT64_MAX,
                          .since_ns = filter->since_ns != 0 ? filter->since_ns : INT64_MIN,
                          .until_ns = filter->until_ns != 0 ? filter->until_ns : INT64_MAX};
    enum tare_status status = places_fill(walk, error);
    if (status == TARE_OK && alone)
        status = sqlite_execute(self, "BEGIN", error);
    if (status == TARE_OK) {
        status = bounds_find(walk, error);
        if (status == TARE_OK)
            status = pages_visit(walk, error);
        if (alone)
            sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    }
    free(walk->places);
    free(walk->rows);
    free(walk);
    return status;
}

static enum tare_status series_visit(struct sqlite_store *self, const struct store_filter *filter,
                                     const struct store_visitor *visitor, struct tare_error *error)
{
    struct sqlite_query query;
    enum tare_status status = TARE_OK;
    int code = SQLITE_DONE;
    sqlite_query_init(&query, SQLITE_MEASUREMENT_SELECT);
    sqlite_query_number(&query, "m.series_id = ?", filter->series_id);
    sqlite_query_text(&query, "s.git_branch = ?", filter->branch);
    sqlite_query_prefix(&query, "s.git_commit", filter->commit);
    sqlite_query_prefix(&query, "s.session_id", filter->session_id);
    sqlite_query_number(&query, "m.time >= ?", filter->since_ns);
    sqlite_query_number(&query, "m.time < ?", filter->until_ns);
    sqlite_query_order(&query,
                       "s.git_commit, s.git_branch, s.outcome, CASE WHEN m.window_start = 0 "
                       "THEN s.started_at WHEN m.window_start > 0 THEN m.window_start - 1 "
                       "ELSE m.window_start END, m.id");
    sqlite3_stmt *row = sqlite_query_prepare(&query, self, error);
    if (row == NULL)
        return sqlite_status(self);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        struct measurement one;
        sqlite_measurement_read(row, &one);
        status = visitor->measurement(visitor->ctx, NULL, 0, &one, error);
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

/* A series may be long: its order is made in a temporary file, from pieces as large as the cache.
 */
enum tare_status sqlite_series_walk(struct store *store, const struct store_filter *filter,
                                    const struct store_visitor *visitor, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_exec(self->db, "PRAGMA temp_store = FILE; PRAGMA cache_size = -4096", NULL, NULL,
                 NULL);
    enum tare_status status = series_visit(self, filter, visitor, error);
    sqlite3_exec(self->db, SQLITE_MEMORY_SETTINGS, NULL, NULL, NULL);
    return status;
}
