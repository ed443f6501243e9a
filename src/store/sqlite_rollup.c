#include "store/sqlite.h"

#include "base/array.h"
#include "base/error.h"
#include "store/packing.h"

#include <math.h>
#include <stdlib.h>

#define ROLLUP_COLUMNS                                                                            \
    "u.series_id, u.day, u.n, u.measurements, u.sum, u.min, u.max, u.buckets, u.failed, "         \
    "u.value_sum, u.value_min, u.value_max, u.value_buckets, u.taken_at"

static enum tare_status buckets_read(sqlite3_stmt *row, int column, struct rollup_numbers *numbers,
                                     struct tare_error *error)
{
    struct batch_part part = {0};
    enum tare_status status = packing_buckets_decode(
        sqlite3_column_blob(row, column), (size_t)sqlite3_column_bytes(row, column), &part, error);
    numbers->buckets = part.buckets;
    numbers->bucket_count = part.bucket_count;
    return status;
}

static enum tare_status rollup_read(sqlite3_stmt *row, struct rollup *rollup,
                                    struct tare_error *error)
{
    struct rollup_numbers *observations = &rollup->observations, *values = &rollup->values;
    rollup_init(rollup, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1));
    observations->n = (uint64_t)sqlite3_column_int64(row, 2);
    values->n = (uint64_t)sqlite3_column_int64(row, 3);
    observations->sum = sqlite3_column_double(row, 4);
    observations->min = fmin(observations->min, column_real(row, 5));
    observations->max = fmax(observations->max, column_real(row, 6));
    rollup->failed = (uint64_t)sqlite3_column_int64(row, 8);
    rollup->taken_ns = sqlite3_column_int64(row, 13);
    values->sum = sqlite3_column_double(row, 9);
    values->min = fmin(values->min, column_real(row, 10));
    values->max = fmax(values->max, column_real(row, 11));
    bool alike = sqlite3_column_type(row, 12) == SQLITE_NULL;
    enum tare_status status = buckets_read(row, 7, observations, error);
    return status == TARE_OK ? buckets_read(row, alike ? 7 : 12, values, error) : status;
}

static bool buckets_alike(const struct rollup *rollup)
{
    const struct rollup_numbers *a = &rollup->observations, *b = &rollup->values;
    if (a->bucket_count != b->bucket_count)
        return false;
    for (size_t i = 0; i < a->bucket_count; i++)
        if (a->buckets[i].index != b->buckets[i].index ||
            a->buckets[i].count != b->buckets[i].count)
            return false;
    return true;
}

static void rollup_bind(sqlite3_stmt *put, const struct rollup *rollup)
{
    const struct rollup_numbers *observations = &rollup->observations, *values = &rollup->values;
    bind_int(put, 1, rollup->series_id);
    bind_int(put, 2, rollup->day_ns);
    bind_int(put, 3, (int64_t)observations->n);
    bind_int(put, 4, (int64_t)values->n);
    bind_real(put, 5, observations->sum);
    bind_real(put, 6, observations->n > 0 ? observations->min : NAN);
    bind_real(put, 7, observations->n > 0 ? observations->max : NAN);
    bind_real(put, 8, rollup_mean(observations));
    bind_real(put, 9, rollup_quantile(observations, 0.50));
    bind_real(put, 10, rollup_quantile(observations, 0.95));
    bind_real(put, 11, rollup_quantile(observations, 0.99));
    bind_int(put, 12, (int64_t)rollup->failed);
    bind_real(put, 13, values->sum);
    bind_real(put, 14, values->n > 0 ? values->min : NAN);
    bind_real(put, 15, values->n > 0 ? values->max : NAN);
    bind_int(put, 18, rollup->taken_ns);
}

static enum tare_status rollup_write(struct sqlite_store *self, const struct rollup *rollup,
                                     struct tare_error *error)
{
    struct strbuf buckets, values;
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT OR REPLACE INTO performance_rollups (series_id, day, n, measurements, sum, min, "
        "max, mean, median, p95, p99, failed, value_sum, value_min, value_max, buckets, "
        "value_buckets, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);
    if (put == NULL)
        return sqlite_status(self);
    strbuf_init(&buckets);
    strbuf_init(&values);
    packing_buckets_encode(&buckets, rollup->observations.buckets,
                           rollup->observations.bucket_count);
    packing_buckets_encode(&values, rollup->values.buckets, rollup->values.bucket_count);
    rollup_bind(put, rollup);
    sqlite3_bind_blob(put, 16, buckets.text, (int)buckets.length, SQLITE_STATIC);
    if (!buckets_alike(rollup))
        sqlite3_bind_blob(put, 17, values.text, (int)values.length, SQLITE_STATIC);
    enum tare_status status = buckets.failed || values.failed
                                  ? error_memory(error)
                                  : sqlite_run(self, put, "write to", error);
    sqlite3_clear_bindings(put);
    strbuf_release(&buckets);
    strbuf_release(&values);
    return status;
}

enum tare_status sqlite_rollup_put(struct sqlite_store *self, struct rollup *rollup,
                                   struct tare_error *error)
{
    struct rollup before;
    sqlite3_stmt *row = sqlite_statement(self,
                                         "SELECT " ROLLUP_COLUMNS " FROM performance_rollups u "
                                         "WHERE u.series_id = ? AND u.day = ?",
                                         error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, rollup->series_id);
    bind_int(row, 2, rollup->day_ns);
    rollup_init(&before, 0, 0);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW)
        status = rollup_read(row, &before, error);
    else if (code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    if (status == TARE_OK && !rollup_merge(rollup, &before))
        status = error_memory(error);
    rollup_release(&before);
    return status == TARE_OK ? rollup_write(self, rollup, error) : status;
}

static sqlite3_stmt *rollups_select(struct sqlite_store *self, const struct store_filter *filter,
                                    struct tare_error *error)
{
    struct sqlite_query query;
    sqlite_query_init(&query, "SELECT " ROLLUP_COLUMNS
                              ", r.labels FROM performance_rollups u JOIN performance_series r "
                              "ON r.id = u.series_id JOIN performance_environments e "
                              "ON e.id = r.environment_id");
    sqlite_query_number(&query, "u.series_id = ?", filter->series_id);
    sqlite_query_text(&query, "r.metric_id = ?", filter->metric_id);
    sqlite_query_text(&query, "r.app = ?", filter->app);
    sqlite_query_text(&query, "e.key = ?", filter->environment);
    if (filter->has_temperature)
        sqlite_query_text(&query, "r.temperature = ?", temperature_word(filter->temperature));
    sqlite_query_number(&query, "u.day >= ?", filter->since_ns);
    sqlite_query_number(&query, "u.day < ?", filter->until_ns);
    sqlite_query_order(&query, "u.series_id, u.day");
    return sqlite_query_prepare(&query, self, error);
}

enum tare_status sqlite_rollup_list(struct store *store, const struct store_filter *filter,
                                    struct rollup **rollups, size_t *count,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct rollup *list = NULL;
    size_t used = 0;
    int code = SQLITE_DONE;
    enum tare_status status = TARE_OK;
    sqlite3_stmt *row = rollups_select(self, filter, error);
    if (row == NULL)
        return sqlite_status(self);
    while (status == TARE_OK && (filter->limit == 0 || used < filter->limit) &&
           (code = sqlite3_step(row)) == SQLITE_ROW) {
        if (!sqlite_labels_match(row, 14, filter))
            continue;
        struct rollup *rollup = array_add(&list, &used, sizeof *list);
        status = rollup != NULL ? rollup_read(row, rollup, error) : error_memory(error);
    }
    if (status == TARE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    if (status != TARE_OK) {
        store_rollup_list_free(list, used);
        return status;
    }
    *rollups = list;
    *count = used;
    return TARE_OK;
}
