#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum tare_status target_write(struct sqlite_store *self, const struct metric *metric,
                                     const char *who, struct tare_error *error)
{
    sqlite3_stmt *put = sqlite_statement(
        self, "INSERT OR REPLACE INTO performance_targets VALUES (?, ?, ?, ?, ?, ?, ?)", error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, metric->id);
    bind_real(put, 2, metric->target);
    bind_real(put, 3, metric->warning_percent);
    bind_real(put, 4, metric->error_percent);
    bind_text(put, 5, metric->unit);
    bind_int(put, 6, clock_now_ns());
    bind_text(put, 7, who);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_metric_put(struct store *store, const struct metric *metric, bool replace,
                                   struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, unit = excluded.unit, "
        "better = excluded.better, aggregate = excluded.aggregate, category = excluded.category, "
        "weight = excluded.weight, warmup = excluded.warmup, min_change = excluded.min_change, "
        "resolution = excluded.resolution, persist_needed = excluded.persist_needed, "
        "persist_of = excluded.persist_of WHERE ?13",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_text(put, 1, metric->id);
    bind_text_or_null(put, 2, metric->name);
    bind_text(put, 3, metric->unit);
    bind_text(put, 4, better_word(metric->better));
    bind_text(put, 5, aggregate_word(metric->aggregate));
    bind_text(put, 6, category_word(metric->category));
    bind_real(put, 7, metric->weight);
    bind_int(put, 8, metric->warmup);
    bind_real(put, 9, metric->min_change);
    bind_real(put, 10, metric->resolution);
    bind_int(put, 11, metric->persist_needed);
    bind_int(put, 12, metric->persist_of);
    bind_int(put, 13, replace);
    enum tare_status status = sqlite_run(self, put, "write to", error);
    bool written = status == TARE_OK && sqlite3_changes(self->db) == 1;
    return written ? target_write(self, metric, "definition", error) : status;
}

#define METRIC_SELECT                                                                             \
    "SELECT m.id, m.name, m.unit, m.better, m.aggregate, m.category, m.weight, m.warmup, "        \
    "m.min_change, m.resolution, m.persist_needed, m.persist_of, t.target_value, "                \
    "t.warning_threshold, t.error_threshold FROM performance_metrics m "                          \
    "LEFT JOIN performance_targets t ON t.metric_id = m.id "

static bool metric_read(sqlite3_stmt *row, void *element)
{
    struct metric *metric = element;
    bool failed = false;
    metric_init(metric);
    metric->id = column_text(row, 0, &failed);
    metric->name = column_text(row, 1, &failed);
    metric->unit = column_text(row, 2, &failed);
    better_parse(column_borrow(row, 3), &metric->better);
    aggregate_parse(column_borrow(row, 4), &metric->aggregate);
    category_parse(column_borrow(row, 5), &metric->category);
    metric->weight = sqlite3_column_double(row, 6);
    metric->warmup = (uint32_t)sqlite3_column_int64(row, 7);
    metric->min_change = sqlite3_column_double(row, 8);
    metric->resolution = sqlite3_column_double(row, 9);
    metric->persist_needed = (uint32_t)sqlite3_column_int64(row, 10);
    metric->persist_of = (uint32_t)sqlite3_column_int64(row, 11);
    metric->target = column_real(row, 12);
    if (sqlite3_column_type(row, 13) != SQLITE_NULL) {
        metric->warning_percent = sqlite3_column_double(row, 13);
        metric->error_percent = sqlite3_column_double(row, 14);
    }
    return !failed;
}

/* Ids that begin alike, for somebody who mistyped one. */
static enum tare_status metric_missing(struct sqlite_store *self, const char *id,
                                       struct tare_error *error)
{
    char nearest[200] = "";
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT group_concat(id, ', ') FROM (SELECT id FROM performance_metrics "
        "WHERE lower(substr(id, 1, 2)) = lower(substr(?, 1, 2)) ORDER BY id LIMIT 5)",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_text(row, 1, id);
    if (sqlite3_step(row) == SQLITE_ROW)
        column_copy(row, 0, nearest, sizeof nearest);
    sqlite3_reset(row);
    return error_set(error, TARE_E_NOT_FOUND, "there is no metric '%.80s'%s%s; see 'tare metrics'",
                     id, nearest[0] != '\0' ? ", but " : "", nearest);
}

enum tare_status sqlite_metric_get(struct store *store, const char *id, struct metric *metric,
                                   struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(self, METRIC_SELECT "WHERE m.id = ?", error);
    struct metric read;
    if (row == NULL)
        return sqlite_status(self);
    bind_text(row, 1, id);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW) {
        if (metric_read(row, &read)) {
            metric_release(metric);
            *metric = read;
        } else {
            metric_release(&read);
            status = error_memory(error);
        }
    } else if (code != SQLITE_DONE) {
        status = sqlite_failed(self, "read", error);
    }
    sqlite3_reset(row);
    return code == SQLITE_DONE ? metric_missing(self, id, error) : status;
}

enum tare_status sqlite_metric_list(struct store *store, struct metric **metrics, size_t *count,
                                    struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(struct metric), metric_read, NULL, 0};
    struct metric *list = NULL;
    size_t used = 0;
    sqlite3_stmt *row = sqlite_statement(
        self,
        METRIC_SELECT "ORDER BY CASE m.category WHEN 'core' THEN 0 WHEN 'secondary' THEN 1 "
                      "ELSE 2 END, m.id",
        error);
    enum tare_status status = sqlite_rows_collect(self, row, &how, &list, &used, error);
    if (status != TARE_OK) {
        store_metric_list_free(list, used);
        return status;
    }
    *metrics = list;
    *count = used;
    return TARE_OK;
}

enum tare_status sqlite_target_set(struct store *store, const char *metric_id, double value,
                                   double warning_percent, double error_percent, const char *who,
                                   struct tare_error *error)
{
    struct metric metric;
    metric_init(&metric);
    enum tare_status status = sqlite_metric_get(store, metric_id, &metric, error);
    if (status == TARE_OK) {
        metric.target = value;
        metric.warning_percent = warning_percent;
        metric.error_percent = error_percent;
        status = target_write(sqlite_of(store), &metric, who, error);
    }
    metric_release(&metric);
    return status;
}
