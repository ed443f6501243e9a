#include "store/sqlite.h"

#include "base/error.h"

#include <stdlib.h>

#define MEASUREMENT_INSERT                                                                        \
    "INSERT INTO performance_measurements (series_id, session_id, window_start, time, n, "        \
    "failed, value, min, max, mean, p50, p95, p99, final, excluded) "                             \
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "                                       \
    "ON CONFLICT (session_id, series_id, window_start) DO "

/* The statement with all that a measurement is. */
static enum tare_status measurement_bind(struct sqlite_store *self, const char *sql,
                                         const struct measurement *measurement,
                                         sqlite3_stmt **statement, struct tare_error *error)
{
    int64_t session = 0;
    enum tare_status status = sqlite_session_row(self, measurement->session_id, &session, error);
    if (status != TARE_OK)
        return status;
    sqlite3_stmt *put = sqlite_statement(self, sql, error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, measurement->series_id);
    bind_int(put, 2, session);
    bind_int(put, 3, measurement->window_start_ns);
    bind_int(put, 4, measurement->time_ns);
    bind_int(put, 5, (int64_t)measurement->n);
    bind_int(put, 6, (int64_t)measurement->failed);
    const double numbers[] = {measurement->value, measurement->min, measurement->max,
                              measurement->mean,  measurement->p50, measurement->p95,
                              measurement->p99};
    for (int i = 0; i < 7; i++)
        bind_real(put, 7 + i, numbers[i]);
    bind_int(put, 14, measurement->final);
    bind_int(put, 15, measurement->excluded);
    *statement = put;
    return TARE_OK;
}

enum tare_status sqlite_measurement_put(struct store *store, struct measurement *measurement,
                                        struct tare_error *error)
{
    static const char sql[] = MEASUREMENT_INSERT
        "UPDATE SET time = excluded.time, n = excluded.n, failed = excluded.failed, "
        "value = excluded.value, min = excluded.min, max = excluded.max, mean = excluded.mean, "
        "p50 = excluded.p50, p95 = excluded.p95, p99 = excluded.p99, "
        "final = max(final, excluded.final) RETURNING id";
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = NULL;
    enum tare_status status = measurement_bind(self, sql, measurement, &put, error);
    if (status != TARE_OK)
        return status;
    if (sqlite3_step(put) == SQLITE_ROW)
        measurement->id = sqlite3_column_int64(put, 0);
    else
        status = sqlite_failed(self, "write to", error);
    sqlite3_reset(put);
    return status;
}

enum tare_status sqlite_measurement_add(struct store *store, struct measurement *measurement,
                                        bool *added, struct tare_error *error)
{
    static const char sql[] = MEASUREMENT_INSERT "NOTHING";
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = NULL;
    enum tare_status status = measurement_bind(self, sql, measurement, &put, error);
    if (status == TARE_OK)
        status = sqlite_run(self, put, "write to", error);
    if (status != TARE_OK)
        return status;
    *added = sqlite3_changes(self->db) == 1;
    if (*added)
        measurement->id = sqlite3_last_insert_rowid(self->db);
    return TARE_OK;
}

enum tare_status sqlite_measurement_commit(struct store *store, int64_t measurement_id,
                                           char commit[COMMIT_TEXT_SIZE], struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT s.git_commit FROM performance_measurements m "
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
    "FROM performance_measurements WHERE id = ?)"

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
    *measurement = (struct measurement){
        .id = sqlite3_column_int64(row, 0),
        .series_id = sqlite3_column_int64(row, 1),
        .window_start_ns = sqlite3_column_int64(row, 3),
        .time_ns = sqlite3_column_int64(row, 4),
        .n = (uint64_t)sqlite3_column_int64(row, 5),
        .failed = (uint64_t)sqlite3_column_int64(row, 6),
        .value = column_real(row, 7),
        .min = column_real(row, 8),
        .max = column_real(row, 9),
        .mean = column_real(row, 10),
        .p50 = column_real(row, 11),
        .p95 = column_real(row, 12),
        .p99 = column_real(row, 13),
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
