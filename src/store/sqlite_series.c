#include "store/sqlite.h"

#include "base/error.h"

#include <stdlib.h>

static enum tare_status series_find(struct sqlite_store *self, const struct series *series,
                                    int64_t *id, struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT r.id FROM performance_series r JOIN performance_environments e "
        "ON e.id = r.environment_id WHERE r.metric_id = ? AND r.app = ? AND e.key = ? "
        "AND r.temperature = ? AND r.labels = ?",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_text(row, 1, series->metric_id);
    bind_text(row, 2, series->app);
    bind_text(row, 3, series->environment);
    bind_text(row, 4, temperature_word(series->temperature));
    bind_text(row, 5, series->labels);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    *id = code == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

enum tare_status sqlite_series_put(struct store *store, const struct series *series, int64_t *id,
                                   struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    int64_t found;
    enum tare_status status = series_find(self, series, &found, error);
    if (status != TARE_OK || found != 0) {
        *id = status == TARE_OK ? found : *id;
        return status;
    }
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_series (metric_id, app, environment_id, temperature, labels) "
        "SELECT ?1, ?2, e.id, ?4, ?5 FROM performance_environments e WHERE e.key = ?3",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, series->metric_id);
    bind_text(put, 2, series->app);
    bind_text(put, 3, series->environment);
    bind_text(put, 4, temperature_word(series->temperature));
    bind_text(put, 5, series->labels);
    status = sqlite_run(self, put, "write to", error);
    if (status == TARE_OK && sqlite3_changes(self->db) != 1)
        status = error_set(error, TARE_E_STORE, "the environment '%.80s' came with no session",
                           series->environment);
    if (status == TARE_OK)
        *id = sqlite3_last_insert_rowid(self->db);
    return status;
}

static sqlite3_stmt *series_select(struct sqlite_store *self, const struct store_filter *filter,
                                   struct tare_error *error)
{
    struct sqlite_query query;
    sqlite_query_init(&query, "SELECT r.id, r.metric_id, r.app, e.key, r.temperature, r.labels "
                              "FROM performance_series r JOIN performance_environments e "
                              "ON e.id = r.environment_id");
    sqlite_query_number(&query, "r.id = ?", filter->series_id);
    sqlite_query_text(&query, "r.metric_id = ?", filter->metric_id);
    sqlite_query_text(&query, "r.app = ?", filter->app);
    sqlite_query_text(&query, "e.key = ?", filter->environment);
    if (filter->has_temperature)
        sqlite_query_text(&query, "r.temperature = ?", temperature_word(filter->temperature));
    sqlite_query_order(&query, "r.metric_id, r.id");
    return sqlite_query_prepare(&query, self, error);
}

static bool series_read(sqlite3_stmt *row, void *element)
{
    struct series *series = element;
    bool failed = false;
    series_init(series);
    series->id = sqlite3_column_int64(row, 0);
    series->metric_id = column_text(row, 1, &failed);
    series->app = column_text(row, 2, &failed);
    series->environment = column_text(row, 3, &failed);
    temperature_parse(column_borrow(row, 4), &series->temperature);
    series->labels = column_text(row, 5, &failed);
    return !failed;
}

enum tare_status sqlite_series_list(struct store *store, const struct store_filter *filter,
                                    struct series **series, size_t *count,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct series), series_read, filter, 5};
    struct series *list = NULL;
    size_t used = 0;
    enum tare_status status = sqlite_rows_collect(self, series_select(self, filter, error), &how,
                                                  &list, &used, error);
    if (status != TARE_OK) {
        store_series_list_free(list, used);
        return status;
    }
    *series = list;
    *count = used;
    return TARE_OK;
}
