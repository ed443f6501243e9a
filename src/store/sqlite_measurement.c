#include "store/sqlite.h"

#include "base/error.h"

#include <stdlib.h>

/* What tells a measurement from the others, and all else that it is. */
static void measurement_bind(const struct sqlite_window *window,
                             const struct measurement *measurement, sqlite3_stmt *put)
{
    bind_int(put, 1, window->series_id);
    bind_int(put, 2, window->session);
    bind_int(put, 3, window->packed);
    bind_int(put, 4, measurement->time_ns);
    bind_int(put, 5, (int64_t)measurement->n);
    bind_int(put, 6, (int64_t)measurement->failed);
    bind_real(put, 7, measurement->value);
    const double beside[] = {measurement->min, measurement->max, measurement->mean,
                             measurement->p50, measurement->p95, measurement->p99};
    for (int i = 0; i < 6; i++)
        bind_beside(put, 8 + i, beside[i], measurement->value);
    bind_int(put, 14, measurement->final);
}

static enum tare_status measurement_insert(struct sqlite_store *self,
                                           const struct sqlite_window *window,
                                           struct measurement *measurement, bool *added,
                                           struct tare_error *error)
{
    bool folded = false;
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_measurement_rows (series_id, session_id, window_start, time, n, "
        "failed, value, min, max, mean, p50, p95, p99, final, excluded, samples) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (session_id, series_id, window_start) DO NOTHING",
        error);
    if (put == NULL)
        return sqlite_status(self);
    measurement_bind(window, measurement, put);
    bind_int(put, 15, measurement->excluded);
    enum tare_status status = sqlite_held_bind(self, window, measurement, put, 16, &folded, error);
    if (status == TARE_OK)
        status = sqlite_run(self, put, "write to", error);
    if (status != TARE_OK)
        return status;
    *added = sqlite3_changes(self->db) == 1;
    if (*added)
        measurement->id = sqlite3_last_insert_rowid(self->db);
    if (*added && folded)
        self->held.count = 0;
    return TARE_OK;
}

static enum tare_status measurement_update(struct sqlite_store *self,
                                           const struct sqlite_window *window,
                                           struct measurement *measurement,
                                           struct tare_error *error)
{
    sqlite3_stmt *put = sqlite_statement(
        self,
        "UPDATE performance_measurement_rows SET time = ?4, n = ?5, failed = ?6, value = ?7, "
        "min = ?8, max = ?9, mean = ?10, p50 = ?11, p95 = ?12, p99 = ?13, "
        "final = max(final, ?14) WHERE series_id = ?1 AND session_id = ?2 AND window_start = ?3 "
        "RETURNING id",
        error);
    if (put == NULL)
        return sqlite_status(self);
    measurement_bind(window, measurement, put);
    enum tare_status status = TARE_OK;
    if (sqlite3_step(put) == SQLITE_ROW)
        measurement->id = sqlite3_column_int64(put, 0);
    else
        status = sqlite_failed(self, "write to", error);
    sqlite3_reset(put);
    return status;
}

enum tare_status sqlite_measurement_put(struct store *store, struct measurement *measurement,
                                        struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct sqlite_window window;
    bool added = false;
    enum tare_status status = sqlite_window_find(self, measurement->series_id,
                                                 measurement->session_id,
                                                 measurement->window_start_ns, &window, error);
    if (status == TARE_OK)
        status = measurement_insert(self, &window, measurement, &added, error);
    if (status == TARE_OK && !added)
        status = sqlite_folded_release(self, &window, measurement, error);
    return status == TARE_OK && !added ? measurement_update(self, &window, measurement, error)
                                       : status;
}

enum tare_status sqlite_measurement_add(struct store *store, struct measurement *measurement,
                                        bool *added, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct sqlite_window window;
    enum tare_status status = sqlite_window_find(self, measurement->series_id,
                                                 measurement->session_id,
                                                 measurement->window_start_ns, &window, error);
    return status == TARE_OK ? measurement_insert(self, &window, measurement, added, error)
                             : status;
}

enum tare_status sqlite_measurement_commit(struct store *store, int64_t measurement_id,
                                           char commit[COMMIT_TEXT_SIZE], struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT s.git_commit FROM performance_measurement_rows m "
        "JOIN performance_sessions s ON s.id = m.session_id WHERE m.id = ?",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, measurement_id);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW)
        column_copy(row, 0, commit, COMMIT_TEXT_SIZE);
    else if (code == SQLITE_DONE)
        commit[0] = '\0';
    else
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

#define PLACE "(m.time, m.id)"
/* One that retention took away stood before all that are left. */
#define PLACE_OF                                                                                  \
    "(SELECT coalesce(max(time), -9223372036854775808), coalesce(max(id), 0) "                    \
    "FROM performance_measurement_rows WHERE id = ?)"

static sqlite3_stmt *measurements_select(struct sqlite_store *self,
                                         const struct store_filter *filter,
                                         struct tare_error *error)
{
    struct sqlite_query query;
    bool by_series = filter->metric_id != NULL || filter->app != NULL ||
                     filter->environment != NULL || filter->has_temperature;
    sqlite_query_init(&query, by_series ? SQLITE_MEASUREMENT_SELECT
                                  " JOIN performance_series r ON r.id = m.series_id "
                                  "JOIN performance_environments e ON e.id = r.environment_id"
                                        : SQLITE_MEASUREMENT_SELECT);
    sqlite_query_number(&query, "m.series_id = ?", filter->series_id);
    sqlite_query_text(&query, "r.metric_id = ?", filter->metric_id);
    sqlite_query_text(&query, "r.app = ?", filter->app);
    sqlite_query_text(&query, "e.key = ?", filter->environment);
    if (filter->has_temperature)
        sqlite_query_text(&query, "r.temperature = ?", temperature_word(filter->temperature));
    sqlite_query_text(&query, "s.git_branch = ?", filter->branch);
    sqlite_query_prefix(&query, "s.git_commit", filter->commit);
    sqlite_query_prefix(&query, "s.session_id", filter->session_id);
    sqlite_query_number(&query, "m.time >= ?", filter->since_ns);
    sqlite_query_number(&query, "m.time < ?", filter->until_ns);
    sqlite_query_number(&query, PLACE " > " PLACE_OF, filter->after_measurement_id);
    sqlite_query_number(&query, PLACE " < " PLACE_OF, filter->before_measurement_id);
    sqlite_query_order(&query, "m.time DESC, m.id DESC");
    return sqlite_query_prepare(&query, self, error);
}

void sqlite_measurement_read(sqlite3_stmt *row, struct measurement *measurement)
{
    double value = column_real(row, 7);
    *measurement = (struct measurement){
        .id = sqlite3_column_int64(row, 0),
        .series_id = sqlite3_column_int64(row, 1),
        .window_start_ns = sqlite_window_unpack(sqlite3_column_int64(row, 3),
                                                sqlite3_column_int64(row, 22)),
        .time_ns = sqlite3_column_int64(row, 4),
        .n = (uint64_t)sqlite3_column_int64(row, 5),
        .failed = (uint64_t)sqlite3_column_int64(row, 6),
        .value = value,
        .min = column_beside(row, 8, value),
        .max = column_beside(row, 9, value),
        .mean = column_beside(row, 10, value),
        .p50 = column_beside(row, 11, value),
        .p95 = column_beside(row, 12, value),
        .p99 = column_beside(row, 13, value),
        .final = sqlite3_column_int(row, 14) != 0,
        .excluded = sqlite3_column_int(row, 15) != 0,
        .dirty = sqlite3_column_int(row, 17) != 0,
    };
    column_copy(row, 2, measurement->session_id, sizeof measurement->session_id);
    outcome_parse(column_borrow(row, 16), &measurement->outcome);
    column_copy(row, 18, measurement->commit, sizeof measurement->commit);
    column_copy(row, 19, measurement->branch, sizeof measurement->branch);
}

static void reverse(struct measurement *list, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct measurement swap = list[i];
        list[i] = list[count - 1 - i];
        list[count - 1 - i] = swap;
    }
}

static bool measurement_read(sqlite3_stmt *row, void *element)
{
    sqlite_measurement_read(row, element);
    return true;
}

enum tare_status sqlite_measurement_list(struct store *store, const struct store_filter *filter,
                                         struct measurement **measurements, size_t *count,
                                         struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct measurement), measurement_read, filter, 20};
    struct measurement *list = NULL;
    size_t used = 0;
    enum tare_status status = sqlite_rows_collect(self, measurements_select(self, filter, error),
                                                  &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    reverse(list, used);
    *measurements = list;
    *count = used;
    return TARE_OK;
}
