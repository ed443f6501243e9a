/* Samples that stand within the row of the measurement made of them. Most measurements are made of
 * a single one, which would take a row and its place in an index to say again what the measurement
 * says. Where more comes to the window they get rows of their own, as any others. */
#include "store/sqlite.h"

#include "base/array.h"
#include "base/error.h"
#include "store/packing.h"

#include <math.h>
#include <string.h>

int64_t sqlite_window_pack(int64_t start_ns, int64_t session_started_ns)
{
    if (start_ns == session_started_ns)
        return 0;
    return start_ns >= 0 && start_ns < INT64_MAX ? start_ns + 1 : start_ns;
}

int64_t sqlite_window_unpack(int64_t packed, int64_t session_started_ns)
{
    if (packed == 0)
        return session_started_ns;
    return packed > 0 ? packed - 1 : packed;
}

enum tare_status sqlite_window_find(struct sqlite_store *self, int64_t series_id,
                                    const char *session_id, int64_t start_ns,
                                    struct sqlite_window *window, struct tare_error *error)
{
    *window = (struct sqlite_window){.series_id = series_id, .start_ns = start_ns};
    enum tare_status status = sqlite_session_row(self, session_id, &window->session, error);
    window->packed = sqlite_window_pack(start_ns, self->session_started_ns);
    if (!self->in_transaction)
        sqlite_rows_forget(self); /* others may change it */
    return status;
}

static bool is_same(const struct sqlite_window *a, const struct sqlite_window *b)
{
    return a->series_id == b->series_id && a->session == b->session && a->start_ns == b->start_ns;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* ---- what is held ---- */

void sqlite_held_take(struct sqlite_store *self, const struct sqlite_window *window,
                      const struct batch_part *part, bool *held)
{
    size_t count = part->sample_count;
    *held = self->in_transaction && count > 0 && count <= SQLITE_FOLDED_MOST && part->n == count &&
            part->failed == 0 && part->bucket_count == 0 &&
            part->first_ns == part->samples[0].time_ns &&
            part->last_ns == part->samples[count - 1].time_ns;
    if (!*held)
        return;
    self->held.window = *window;
    self->held.count = count;
    memcpy(self->held.samples, part->samples, count * sizeof part->samples[0]);
}

/* Samples as the part that they came as. */
static struct batch_part part_of(struct sample *samples, size_t count)
{
    struct batch_part part = {.samples = samples,
                              .sample_count = count,
                              .n = count,
                              .min = INFINITY,
                              .max = -INFINITY,
                              .first_ns = samples[0].time_ns,
                              .last_ns = samples[count - 1].time_ns};
    for (size_t i = 0; i < count; i++) {
        part.sum += samples[i].value;
        part.min = fmin(part.min, samples[i].value);
        part.max = fmax(part.max, samples[i].value);
    }
    return part;
}

enum tare_status sqlite_held_flush(struct sqlite_store *self, struct tare_error *error)
{
    if (self->held.count == 0)
        return TARE_OK;
    const struct batch_part part = part_of(self->held.samples, self->held.count);
    self->held.count = 0;
    return sqlite_samples_write(self, &self->held.window, &part, error);
}

static enum tare_status part_append(struct batch_part *part, const struct batch_part *more,
                                    struct tare_error *error)
{
    bool empty = part->n + part->failed == 0;
    part->first_ns = empty || more->first_ns < part->first_ns ? more->first_ns : part->first_ns;
    part->last_ns = empty || more->last_ns > part->last_ns ? more->last_ns : part->last_ns;
    part->n += more->n;
    part->sum += more->sum;
    part->min = fmin(part->min, more->min);
    part->max = fmax(part->max, more->max);
    for (size_t i = 0; i < more->sample_count; i++) {
        struct sample *sample = array_add(&part->samples, &part->sample_count,
                                          sizeof *part->samples);
        if (sample == NULL)
            return error_memory(error);
        *sample = more->samples[i];
    }
    return TARE_OK;
}

enum tare_status sqlite_held_read(struct sqlite_store *self, const struct sqlite_window *window,
                                  struct batch_part *part, struct tare_error *error)
{
    if (self->held.count == 0 || !is_same(&self->held.window, window))
        return TARE_OK;
    const struct batch_part held = part_of(self->held.samples, self->held.count);
    return part_append(part, &held, error);
}

/* Whether a measurement's time and min say all there is of its one sample; a row knows no −0. */
static bool is_told(const struct measurement *measurement, const struct sample *sample)
{
    return measurement->n == 1 && same_bits(measurement->min, sample->value) &&
           !(sample->value == 0 && signbit(sample->value));
}

enum tare_status sqlite_held_bind(struct sqlite_store *self, const struct sqlite_window *window,
                                  const struct measurement *measurement, sqlite3_stmt *put,
                                  int index, bool *folded, struct tare_error *error)
{
    const struct sqlite_held *held = &self->held;
    struct strbuf data;
    *folded = held->count > 0 && is_same(&held->window, window) && measurement->n == held->count &&
              measurement->failed == 0 &&
              measurement->time_ns == held->samples[held->count - 1].time_ns;
    if (!*folded)
        return TARE_OK;
    strbuf_init(&data);
    if (!is_told(measurement, &held->samples[0]))
        packing_samples_encode(&data, held->samples, held->count);
    sqlite3_bind_blob(put, index, data.text != NULL ? data.text : "", (int)data.length,
                      SQLITE_TRANSIENT);
    enum tare_status status = data.failed ? error_memory(error) : TARE_OK;
    strbuf_release(&data);
    return status;
}

/* ---- what is within a row ---- */

#define FOLDED_COLUMNS "time, n, coalesce(min, value), samples"

static enum tare_status folded_decode(sqlite3_stmt *row, struct batch_part *part,
                                      struct tare_error *error)
{
    int64_t time_ns = sqlite3_column_int64(row, 0);
    struct sample told = {time_ns, sqlite3_column_double(row, 2)};
    struct batch_part packed = {0}, whole;
    enum tare_status status = TARE_OK;
    if (sqlite3_column_bytes(row, 3) == 0) {
        whole = part_of(&told, 1);
        return part_append(part, &whole, error);
    }
    status = packing_samples_decode(sqlite3_column_blob(row, 3),
                                    (size_t)sqlite3_column_bytes(row, 3),
                                    (size_t)sqlite3_column_int64(row, 1), &packed, error);
    if (status == TARE_OK && packed.sample_count > 0) {
        whole = part_of(packed.samples, packed.sample_count);
        whole.last_ns = time_ns;
        status = part_append(part, &whole, error);
    }
    batch_part_release(&packed);
    return status;
}

/* Which row of performance_measurement_rows: the first three of a statement's parameters. */
static void row_bind(sqlite3_stmt *statement, const struct sqlite_window *window)
{
    bind_int(statement, 1, window->session);
    bind_int(statement, 2, window->series_id);
    bind_int(statement, 3, window->packed);
}

enum tare_status sqlite_folded_read(struct sqlite_store *self, const struct sqlite_window *window,
                                    struct batch_part *part, struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(
        self,
        "SELECT " FOLDED_COLUMNS " FROM performance_measurement_rows WHERE session_id = ? "
        "AND series_id = ? AND window_start = ? AND samples IS NOT NULL",
        error);
    if (row == NULL)
        return sqlite_status(self);
    row_bind(row, window);
    int code = sqlite3_step(row);
    enum tare_status status = TARE_OK;
    if (code == SQLITE_ROW)
        status = folded_decode(row, part, error);
    else if (code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

static enum tare_status folded_clear(struct sqlite_store *self, const struct sqlite_window *window,
                                     struct tare_error *error)
{
    sqlite3_stmt *clear = sqlite_statement(
        self,
        "UPDATE performance_measurement_rows SET samples = NULL WHERE session_id = ? "
        "AND series_id = ? AND window_start = ?",
        error);
    if (clear == NULL)
        return sqlite_status(self);
    row_bind(clear, window);
    return sqlite_run(self, clear, "write to", error);
}

enum tare_status sqlite_folded_release(struct sqlite_store *self,
                                       const struct sqlite_window *window,
                                       const struct measurement *stays, struct tare_error *error)
{
    struct batch_part part = {.min = INFINITY, .max = -INFINITY};
    enum tare_status status = sqlite_folded_read(self, window, &part, error);
    bool told = stays != NULL && part.n > 0 && stays->n == part.n &&
                stays->time_ns == part.last_ns && (part.n > 1 || is_told(stays, part.samples));
    if (status == TARE_OK && part.n > 0 && !told) {
        status = sqlite_samples_write(self, window, &part, error);
        if (status == TARE_OK)
            status = folded_clear(self, window, error);
    }
    batch_part_release(&part);
    return status;
}

/* ---- totals ---- */

double sqlite_totals_add(const struct batch_part *part, int64_t since_ns, int64_t until_ns,
                         struct store_totals *totals)
{
    double sum = 0;
    for (size_t i = 0; i < part->sample_count; i++) {
        const struct sample *sample = &part->samples[i];
        sum += sample->value;
        if (sample->time_ns < since_ns || sample->time_ns >= until_ns)
            continue;
        totals->n++;
        totals->sum += sample->value;
        totals->min = fmin(totals->min, sample->value);
        totals->max = fmax(totals->max, sample->value);
    }
    return sum;
}

enum tare_status sqlite_folded_totals(struct sqlite_store *self, int64_t series_id,
                                      int64_t since_ns, int64_t until_ns,
                                      struct store_totals *totals, struct tare_error *error)
{
    int code = SQLITE_DONE;
    enum tare_status status = TARE_OK;
    sqlite3_stmt *row = sqlite_statement(self,
                                         "SELECT " FOLDED_COLUMNS
                                         " FROM performance_measurement_rows WHERE series_id = ? "
                                         "AND time >= ? AND samples IS NOT NULL",
                                         error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, series_id);
    bind_int(row, 2, since_ns);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        struct batch_part part = {.min = INFINITY, .max = -INFINITY};
        status = folded_decode(row, &part, error);
        sqlite_totals_add(&part, since_ns, until_ns, totals);
        batch_part_release(&part);
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}
