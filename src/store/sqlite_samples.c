#include "store/sqlite.h"

#include "base/error.h"
#include "store/packing.h"

#include <math.h>
#include <stdlib.h>

#define SAMPLES_A_ROW 1000

/* A row of at most SAMPLES_A_ROW exact samples; the first of a part carries what was only counted,
 * too. */
struct sample_row {
    const struct sample *samples;
    size_t count;
    const struct batch_part *counted; /* NULL: none here */
};

static void totals_of(const struct sample_row *row, uint64_t *n, double *sum, double *min,
                      double *max)
{
    *n = row->count;
    *sum = 0;
    *min = INFINITY;
    *max = -INFINITY;
    for (size_t i = 0; i < row->count; i++) {
        *sum += row->samples[i].value;
        *min = fmin(*min, row->samples[i].value);
        *max = fmax(*max, row->samples[i].value);
    }
    if (row->counted == NULL || row->counted->bucket_count == 0)
        return;
    const struct batch_part *part = row->counted;
    double exact_sum = 0;
    for (size_t i = 0; i < part->sample_count; i++)
        exact_sum += part->samples[i].value;
    *n += part->n - part->sample_count;
    *sum += part->sum - exact_sum;
    *min = fmin(*min, part->min);
    *max = fmax(*max, part->max);
}

/* The first three of a statement's parameters. */
static void window_bind(sqlite3_stmt *statement, const struct sqlite_window *window)
{
    bind_int(statement, 1, window->series_id);
    bind_int(statement, 2, window->session);
    bind_int(statement, 3, window->start_ns);
}

static enum tare_status row_write(struct sqlite_store *self, const struct sqlite_window *window,
                                  int64_t first_ns, int64_t last_ns, const struct sample_row *row,
                                  struct tare_error *error)
{
    struct strbuf data, buckets;
    uint64_t n;
    double sum, min, max;
    sqlite3_stmt *put = sqlite_statement(
        self,
        "INSERT INTO performance_sample_rows (series_id, session_id, window_start, first_time, "
        "last_time, n, failed, sum, min, max, exact, data, buckets) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);
    if (put == NULL)
        return sqlite_status(self);
    strbuf_init(&data);
    strbuf_init(&buckets);
    totals_of(row, &n, &sum, &min, &max);
    if (row->count > 0)
        packing_samples_encode(&data, row->samples, row->count);
    if (row->counted != NULL)
        packing_buckets_encode(&buckets, row->counted->buckets, row->counted->bucket_count);
    window_bind(put, window);
    bind_int(put, 4, first_ns);
    bind_int(put, 5, last_ns);
    bind_int(put, 6, (int64_t)n);
    bind_int(put, 7, row->counted != NULL ? (int64_t)row->counted->failed : 0);
    bind_real(put, 8, sum);
    bind_real(put, 9, n > 0 ? min : NAN);
    bind_real(put, 10, n > 0 ? max : NAN);
    bind_int(put, 11, (int64_t)row->count);
    if (data.length > 0)
        sqlite3_bind_blob(put, 12, data.text, (int)data.length, SQLITE_STATIC);
    if (buckets.length > 0)
        sqlite3_bind_blob(put, 13, buckets.text, (int)buckets.length, SQLITE_STATIC);
    enum tare_status status = data.failed || buckets.failed
                                  ? error_memory(error)
                                  : sqlite_run(self, put, "write to", error);
    sqlite3_clear_bindings(put);
    strbuf_release(&data);
    strbuf_release(&buckets);
    return status;
}

enum tare_status sqlite_samples_write(struct sqlite_store *self,
                                      const struct sqlite_window *window,
                                      const struct batch_part *part, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    size_t at = 0;
    do {
        size_t count = part->sample_count - at;
        count = count > SAMPLES_A_ROW ? SAMPLES_A_ROW : count;
        const struct sample_row row = {count > 0 ? part->samples + at : NULL, count,
                                       at == 0 ? part : NULL};
        int64_t first_ns = at == 0 ? part->first_ns : row.samples[0].time_ns;
        int64_t last_ns = at + count == part->sample_count ? part->last_ns
                                                           : row.samples[count - 1].time_ns;
        status = row_write(self, window, first_ns, last_ns, &row, error);
        at += count;
    } while (status == TARE_OK && at < part->sample_count);
    return status;
}

/* Whether a window has rows of samples. */
static enum tare_status rows_check(struct sqlite_store *self, const struct sqlite_window *window,
                                   bool *there, struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(self,
                                         "SELECT 1 FROM performance_sample_rows WHERE "
                                         "series_id = ? AND session_id = ? AND window_start = ?",
                                         error);
    if (row == NULL)
        return sqlite_status(self);
    window_bind(row, window);
    int code = sqlite3_step(row);
    *there = code == SQLITE_ROW;
    enum tare_status status = code == SQLITE_ROW || code == SQLITE_DONE
                                  ? TARE_OK
                                  : sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

enum tare_status sqlite_samples_add(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct sqlite_window window;
    bool there = false, held = false;
    if (part->n + part->failed == 0)
        return TARE_OK;
    enum tare_status status = sqlite_held_flush(self, error);
    if (status == TARE_OK)
        status = sqlite_window_find(self, series_id, session_id, part->window_start_ns, &window,
                                    error);
    if (status == TARE_OK)
        status = sqlite_folded_release(self, &window, NULL, error);
    if (status == TARE_OK)
        status = rows_check(self, &window, &there, error);
    if (status != TARE_OK)
        return status;
    if (!there)
        sqlite_held_take(self, &window, part, &held);
    return held ? TARE_OK : sqlite_samples_write(self, &window, part, error);
}

static enum tare_status rows_delete(struct sqlite_store *self, const struct sqlite_window *window,
                                    struct tare_error *error)
{
    sqlite3_stmt *clear = sqlite_statement(self,
                                           "DELETE FROM performance_sample_rows WHERE "
                                           "series_id = ? AND session_id = ? AND window_start = ?",
                                           error);
    if (clear == NULL)
        return sqlite_status(self);
    window_bind(clear, window);
    return sqlite_run(self, clear, "write to", error);
}

enum tare_status sqlite_samples_put(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct sqlite_window window;
    enum tare_status status = sqlite_held_flush(self, error);
    if (status == TARE_OK)
        status = sqlite_window_find(self, series_id, session_id, part->window_start_ns, &window,
                                    error);
    if (status == TARE_OK)
        status = sqlite_folded_release(self, &window, NULL, error);
    if (status == TARE_OK)
        status = rows_delete(self, &window, error);
    return status == TARE_OK ? sqlite_samples_add(store, series_id, session_id, part, error)
                             : status;
}

static enum tare_status row_read(sqlite3_stmt *row, struct batch_part *part,
                                 struct tare_error *error)
{
    int64_t first_ns = sqlite3_column_int64(row, 0), last_ns = sqlite3_column_int64(row, 1);
    bool empty = part->n + part->failed == 0;
    enum tare_status status = TARE_OK;
    part->first_ns = empty || first_ns < part->first_ns ? first_ns : part->first_ns;
    part->last_ns = empty || last_ns > part->last_ns ? last_ns : part->last_ns;
    part->n += (uint64_t)sqlite3_column_int64(row, 2);
    part->failed += (uint64_t)sqlite3_column_int64(row, 3);
    part->sum += sqlite3_column_double(row, 4);
    part->min = fmin(part->min, column_real(row, 5));
    part->max = fmax(part->max, column_real(row, 6));
    size_t exact = (size_t)sqlite3_column_int64(row, 7);
    if (exact > 0)
        status = packing_samples_decode(sqlite3_column_blob(row, 8),
                                        (size_t)sqlite3_column_bytes(row, 8), exact, part, error);
    if (status == TARE_OK && sqlite3_column_bytes(row, 9) > 0)
        status = packing_buckets_decode(sqlite3_column_blob(row, 9),
                                        (size_t)sqlite3_column_bytes(row, 9), part, error);
    return status;
}

static int time_compare(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;
    return a->time_ns < b->time_ns ? -1 : a->time_ns > b->time_ns;
}

static void samples_order(struct batch_part *part)
{
    for (size_t i = 1; i < part->sample_count; i++)
        if (part->samples[i].time_ns < part->samples[i - 1].time_ns) {
            qsort(part->samples, part->sample_count, sizeof *part->samples, time_compare);
            return;
        }
}

static enum tare_status rows_read(struct sqlite_store *self, const struct sqlite_window *window,
                                  struct batch_part *part, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    int code = SQLITE_DONE;
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT first_time, last_time, n, failed, sum, min, max, exact, data, buckets "
        "FROM performance_sample_rows WHERE series_id = ? AND session_id = ? "
        "AND window_start = ? ORDER BY id",
        error);
    if (row == NULL)
        return sqlite_status(self);
    window_bind(row, window);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW)
        status = row_read(row, part, error);
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

enum tare_status sqlite_samples_read(struct store *store, int64_t series_id,
                                     const char *session_id, int64_t window_start_ns,
                                     struct batch_part *part, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct sqlite_window window;
    struct batch_part read = {
        .window_start_ns = window_start_ns, .min = INFINITY, .max = -INFINITY};
    metric_init(&read.metric);
    enum tare_status status = sqlite_window_find(self, series_id, session_id, window_start_ns,
                                                 &window, error);
    if (status == TARE_E_NOT_FOUND) {
        *part = read;
        return TARE_OK;
    }
    if (status == TARE_OK)
        status = sqlite_folded_read(self, &window, &read, error);
    if (status == TARE_OK && read.n == 0)
        status = rows_read(self, &window, &read, error);
    if (status == TARE_OK)
        status = sqlite_held_read(self, &window, &read, error);
    samples_order(&read);
    if (status == TARE_OK)
        *part = read;
    else
        batch_part_release(&read);
    return status;
}

/* A row of samples that lies across an edge: those that lie within. */
static enum tare_status edge_add(struct sqlite_store *self, int64_t row_id, int64_t since_ns,
                                 int64_t until_ns, struct store_totals *totals,
                                 struct tare_error *error)
{
    struct batch_part part = {.min = INFINITY, .max = -INFINITY};
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT first_time, last_time, n, failed, sum, min, max, exact, data, buckets "
        "FROM performance_sample_rows WHERE id = ?",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, row_id);
    enum tare_status status = sqlite3_step(row) == SQLITE_ROW ? row_read(row, &part, error)
                                                              : sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    bool whole = part.bucket_count > 0 && part.last_ns >= since_ns && part.last_ns < until_ns;
    double left = part.sum;
    if (status == TARE_OK)
        left -= sqlite_totals_add(&part, since_ns, until_ns, totals);
    if (whole && status == TARE_OK) {
        totals->n += part.n - part.sample_count;
        totals->sum += left;
        totals->min = fmin(totals->min, part.min);
        totals->max = fmax(totals->max, part.max);
    }
    batch_part_release(&part);
    return status;
}

/* Of the rows of samples all that is asked for stands in the index performance_samples_window. */
enum tare_status sqlite_totals_get(struct store *store, int64_t series_id, int64_t since_ns,
                                   int64_t until_ns, struct store_totals *totals,
                                   struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct store_totals sums = {.min = INFINITY, .max = -INFINITY};
    int code = SQLITE_DONE;
    int64_t end_ns = until_ns != 0 ? until_ns : INT64_MAX;
    enum tare_status status = sqlite_held_flush(self, error);
    if (status == TARE_OK)
        status = sqlite_folded_totals(self, series_id, since_ns, end_ns, &sums, error);
    if (status != TARE_OK)
        return status;
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT id, first_time, last_time, n, sum, min, max FROM performance_sample_rows "
        "INDEXED BY performance_samples_window WHERE series_id = ?1 AND last_time >= ?2 "
        "AND first_time < ?3",
        error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, series_id);
    bind_int(row, 2, since_ns);
    bind_int(row, 3, end_ns);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        if (sqlite3_column_int64(row, 1) < since_ns || sqlite3_column_int64(row, 2) >= end_ns) {
            status = edge_add(self, sqlite3_column_int64(row, 0), since_ns, end_ns, &sums, error);
            continue;
        }
        sums.n += (uint64_t)sqlite3_column_int64(row, 3);
        sums.sum += sqlite3_column_double(row, 4);
        sums.min = fmin(sums.min, column_real(row, 5));
        sums.max = fmax(sums.max, column_real(row, 6));
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    if (status == TARE_OK)
        *totals = sums;
    return status;
}
