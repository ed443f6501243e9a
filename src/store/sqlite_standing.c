#include "store/sqlite.h"

#include "base/error.h"

#include <stdlib.h>

static void standing_read(sqlite3_stmt *row, struct baseline_standing *standing)
{
    struct baseline *baseline = &standing->baseline;
    baseline->state = (enum baseline_state)sqlite3_column_int(row, 0);
    baseline->centre = column_real(row, 1);
    baseline->spread = column_real(row, 2);
    baseline->low = column_real(row, 3);
    baseline->high = column_real(row, 4);
    baseline->confidence = sqlite3_column_double(row, 5);
    baseline->n = (uint32_t)sqlite3_column_int64(row, 6);
    baseline->spread_at_floor = sqlite3_column_int(row, 7) != 0;
    baseline->computed_ns = sqlite3_column_int64(row, 8);
    baseline->first_id = sqlite3_column_int64(row, 9);
    baseline->last_id = sqlite3_column_int64(row, 10);
    standing->since_update = (uint32_t)sqlite3_column_int64(row, 11);
    standing->frozen_for = (uint32_t)sqlite3_column_int64(row, 12);
    standing->start_after_id = sqlite3_column_int64(row, 13);
    standing->judged_id = sqlite3_column_int64(row, 14);
    standing->judged_ns = sqlite3_column_int64(row, 15);
    column_copy(row, 16, standing->pin, sizeof standing->pin);
}

enum tare_status sqlite_standing_get(struct store *store, int64_t series_id,
                                     struct baseline_standing *standing, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT state, centre, spread, low, high, confidence, n, spread_at_floor, computed_at, "
        "first_id, last_id, since_update, frozen_for, start_after_id, judged_id, judged_at, pin "
        "FROM performance_baseline_states WHERE series_id = ?",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, series_id);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        baseline_standing_init(standing, series_id);
    else
        status = sqlite_failed(self, "read", error);
    if (code == SQLITE_ROW)
        standing_read(row, standing);
    sqlite3_reset(row);
    return status;
}

enum tare_status sqlite_standing_put(struct store *store, const struct baseline_standing *standing,
                                     struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct baseline *baseline = &standing->baseline;
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT OR REPLACE INTO performance_baseline_states (series_id, state, centre, spread, "
        "low, high, confidence, n, spread_at_floor, computed_at, first_id, last_id, since_update, "
        "frozen_for, start_after_id, judged_id, judged_at, pin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, standing->series_id);
    bind_int(put, 2, baseline->state);
    bind_real(put, 3, baseline->centre);
    bind_real(put, 4, baseline->spread);
    bind_real(put, 5, baseline->low);
    bind_real(put, 6, baseline->high);
    bind_real(put, 7, baseline->confidence);
    bind_int(put, 8, baseline->n);
    bind_int(put, 9, baseline->spread_at_floor);
    bind_int(put, 10, baseline->computed_ns);
    bind_int(put, 11, baseline->first_id);
    bind_int(put, 12, baseline->last_id);
    bind_int(put, 13, standing->since_update);
    bind_int(put, 14, standing->frozen_for);
    bind_int(put, 15, standing->start_after_id);
    bind_int(put, 16, standing->judged_id);
    bind_int(put, 17, standing->judged_ns);
    bind_text(put, 18, standing->pin);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_unjudged_put(struct store *store, int64_t series_id, bool unjudged,
                                     struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(
        self,
        unjudged ? "INSERT OR IGNORE INTO performance_unjudged (series_id) VALUES (?)"
                 : "DELETE FROM performance_unjudged WHERE series_id = ?",
        error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, series_id);
    return sqlite_run(self, put, "write to", error);
}

static bool id_read(sqlite3_stmt *row, void *element)
{
    *(int64_t *)element = sqlite3_column_int64(row, 0);
    return true;
}

enum tare_status sqlite_unjudged_list(struct store *store, int64_t **series_ids, size_t *count,
                                      struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    const struct sqlite_rows how = {sizeof(int64_t), id_read, NULL, 0};
    int64_t *list = NULL;
    size_t used = 0;
    sqlite3_stmt *row = sqlite_statement(
        self, "SELECT series_id FROM performance_unjudged ORDER BY series_id", error);
    enum tare_status status = sqlite_rows_collect(self, row, &how, &list, &used, error);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *series_ids = list;
    *count = used;
    return TARE_OK;
}
