#include "store/sqlite_retention.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SLICE 250 /* measurements that a transaction looks at */

#define PLACE_SETTING "retention.place"

/* A measurement that goes. */
struct victim {
    struct measurement measurement;
    int64_t taken_ns;
};

/* The next measurements of a series that are old enough, by their own time. */
struct slice {
    int64_t series_id;
    int64_t count;
    int64_t last_time_ns, last_id;
};

enum tare_status retention_statement(struct sqlite_store *self, const char *sql, int64_t first,
                                     int64_t second, int64_t *changes, struct tare_error *error)
{
    sqlite3_stmt *statement = sqlite_statement(self, sql, error);
    if (statement == NULL)
        return sqlite_status(self);
    bind_int(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1)
        bind_int(statement, 2, second);
    enum tare_status status = sqlite_run(self, statement, "write to", error);
    if (status == TARE_OK && changes != NULL)
        *changes += sqlite3_changes(self->db);
    return status;
}

/* From where the run stands. */
static void place_bind(const struct retention_run *run, int64_t series_id, sqlite3_stmt *row)
{
    bind_int(row, 1, series_id);
    bind_int(row, 2, run->raw_before_ns);
    bind_int(row, 3, run->place.time_ns);
    bind_int(row, 4, run->place.measurement_id);
}

static void slice_bind(const struct retention_run *run, const struct slice *slice,
                       sqlite3_stmt *row)
{
    place_bind(run, slice->series_id, row);
    bind_int(row, 5, slice->last_time_ns);
    bind_int(row, 6, slice->last_id);
}

/* All that is asked for stands in the index performance_measurement_rows_series. */
static enum tare_status slice_find(struct retention_run *run, int64_t series_id,
                                   struct slice *slice, struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(
        run->self,
        "SELECT time, id FROM performance_measurements WHERE series_id = ?1 AND time < ?2 "
        "AND (time, id) > (?3, ?4) ORDER BY time, id LIMIT ?5",
        error);
    if (row == NULL)
        return sqlite_status(run->self);
    place_bind(run, series_id, row);
    bind_int(row, 5, SLICE);
    *slice = (struct slice){.series_id = series_id};
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        slice->count++;
        slice->last_time_ns = sqlite3_column_int64(row, 0);
        slice->last_id = sqlite3_column_int64(row, 1);
    }
    enum tare_status status = code == SQLITE_DONE ? TARE_OK
                                                  : sqlite_failed(run->self, "read", error);
    sqlite3_reset(row);
    return status;
}

static bool victim_read(sqlite3_stmt *row, void *element)
{
    struct victim *victim = element;
    sqlite_measurement_read(row, &victim->measurement);
    victim->taken_ns = sqlite3_column_int64(row, 21);
    return true;
}

static enum tare_status victims_find(struct retention_run *run, const struct slice *slice,
                                     struct victim **victims, size_t *count,
                                     struct tare_error *error)
{
    static const struct sqlite_rows how = {.size = sizeof(struct victim), .read = victim_read};
    sqlite3_stmt *row = sqlite_statement(
        run->self,
        SQLITE_MEASUREMENT_SELECT " WHERE m.series_id = ?1 AND m.time < ?2 "
                                  "AND (m.time, m.id) > (?3, ?4) AND (m.time, m.id) <= (?5, ?6) "
                                  "AND m.final = 1 AND s.taken_at < ?2 AND "
                                  "m.id NOT IN (SELECT id FROM temp.performance_kept) "
                                  "ORDER BY m.time, m.id",
        error);
    if (row == NULL)
        return sqlite_status(run->self);
    slice_bind(run, slice, row);
    return sqlite_rows_collect(run->self, row, &how, victims, count, error);
}

/* How many of a slice were taken in too short a while ago. */
static enum tare_status young_count(struct retention_run *run, const struct slice *slice,
                                    int64_t *young, struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(
        run->self,
        "SELECT count(*) FROM performance_measurements m JOIN performance_sessions s "
        "ON s.id = m.session_id WHERE m.series_id = ?1 AND m.time < ?2 "
        "AND (m.time, m.id) > (?3, ?4) AND (m.time, m.id) <= (?5, ?6) AND s.taken_at >= ?2",
        error);
    if (row == NULL)
        return sqlite_status(run->self);
    slice_bind(run, slice, row);
    enum tare_status status = sqlite3_step(row) == SQLITE_ROW
                                  ? TARE_OK
                                  : sqlite_failed(run->self, "read", error);
    *young = sqlite3_column_int64(row, 0);
    sqlite3_reset(row);
    return status;
}

static enum tare_status day_close(struct retention_run *run, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (run->has_day)
        status = sqlite_rollup_put(run->self, &run->day, error);
    rollup_release(&run->day);
    run->has_day = false;
    return status;
}

static enum tare_status victim_roll_up(struct retention_run *run, const struct victim *victim,
                                       struct tare_error *error)
{
    struct batch_part part;
    const struct measurement *measurement = &victim->measurement;
    int64_t day_ns = rollup_day(measurement->time_ns);
    enum tare_status status = TARE_OK;
    if (run->has_day && run->day.day_ns != day_ns)
        status = day_close(run, error);
    if (status != TARE_OK)
        return status;
    if (!run->has_day)
        rollup_init(&run->day, measurement->series_id, day_ns);
    run->has_day = true;
    if (victim->taken_ns > run->day.taken_ns)
        run->day.taken_ns = victim->taken_ns;
    status = sqlite_samples_read(&run->self->base, measurement->series_id, measurement->session_id,
                                 measurement->window_start_ns, &part, error);
    if (status != TARE_OK)
        return status;
    run->report->samples += (int64_t)part.n;
    if (!rollup_add(&run->day, measurement, &part))
        status = error_memory(error);
    batch_part_release(&part);
    return status;
}

static enum tare_status victim_delete(struct retention_run *run, const struct measurement *victim,
                                      struct tare_error *error)
{
    static const char *const statements[] = {
        ("DELETE FROM performance_sample_rows WHERE series_id = ?2 AND (session_id, window_start) "
         "= "
         "(SELECT session_id, window_start FROM performance_measurements WHERE id = ?1)"),
        "DELETE FROM performance_verdicts WHERE measurement_id = ?1",
        "DELETE FROM performance_measurement_rows WHERE id = ?1"};
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < 3 && status == TARE_OK; i++)
        status = retention_statement(run->self, statements[i], victim->id, victim->series_id, NULL,
                                     error);
    return status;
}

static enum tare_status victims_take(struct retention_run *run, const struct victim *victims,
                                     size_t count, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        if (measurement_counts(&victims[i].measurement))
            status = victim_roll_up(run, &victims[i], error);
        else
            run->report->not_counted++;
        if (status == TARE_OK)
            status = victim_delete(run, &victims[i].measurement, error);
        run->report->measurements++;
    }
    if (status == TARE_OK)
        status = day_close(run, error);
    rollup_release(&run->day);
    run->has_day = false;
    return status;
}

static enum tare_status slice_take(struct retention_run *run, const struct slice *slice,
                                   struct tare_error *error)
{
    struct victim *victims = NULL;
    size_t count = 0;
    int64_t young = 0;
    enum tare_status status = young_count(run, slice, &young, error);
    if (status == TARE_OK && young < slice->count) {
        status = retention_kept_find(run, slice->series_id, error);
        if (status == TARE_OK)
            status = victims_find(run, slice, &victims, &count, error);
        if (status == TARE_OK)
            status = victims_take(run, victims, count, error);
    }
    free(victims);
    run->report->young += young;
    run->report->kept += slice->count - young - (int64_t)count;
    run->place.time_ns = slice->last_time_ns;
    run->place.measurement_id = slice->last_id;
    return status;
}

static void series_next(struct retention_run *run, int64_t series_id)
{
    run->place = (struct retention_place){.series_id = series_id, .time_ns = INT64_MIN};
}

/* When a series has been looked through: its days that are too old themselves. */
static enum tare_status series_end(struct retention_run *run, int64_t series_id,
                                   struct tare_error *error)
{
    static const char days[] = "DELETE FROM performance_rollups WHERE series_id = ?1 "
                               "AND day < ?2 AND taken_at < ?2";
    series_next(run, series_id + 1);
    if (run->policy->rollup_days == 0)
        return TARE_OK;
    return retention_statement(run->self, days, series_id, run->rollup_before_ns,
                               &run->report->rollups, error);
}

/* The series at the place, or the next one behind it; 0: none is left. */
static enum tare_status series_find(struct retention_run *run, int64_t *series_id,
                                    struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(
        run->self, "SELECT id FROM performance_series WHERE id >= ?1 ORDER BY id LIMIT 1", error);
    if (row == NULL)
        return sqlite_status(run->self);
    bind_int(row, 1, run->place.series_id);
    int code = sqlite3_step(row);
    *series_id = code == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    enum tare_status status = code == SQLITE_ROW || code == SQLITE_DONE
                                  ? TARE_OK
                                  : sqlite_failed(run->self, "read", error);
    sqlite3_reset(row);
    if (*series_id != 0 && *series_id != run->place.series_id)
        series_next(run, *series_id);
    return status;
}

/* Looks at a transaction's worth of measurements. */
static enum tare_status slices_take(struct retention_run *run, bool *more,
                                    struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    *more = true;
    for (int64_t looked = 0; looked < SLICE && *more && status == TARE_OK;) {
        int64_t series_id = 0;
        struct slice slice = {0};
        status = series_find(run, &series_id, error);
        *more = series_id != 0;
        if (status != TARE_OK || !*more)
            break;
        if (run->policy->raw_days > 0)
            status = slice_find(run, series_id, &slice, error);
        if (status == TARE_OK)
            status = slice.count > 0 ? slice_take(run, &slice, error)
                                     : series_end(run, series_id, error);
        looked += slice.count + 1;
    }
    return status;
}

static enum tare_status place_read(struct retention_run *run, struct tare_error *error)
{
    char *text = NULL;
    struct retention_place place;
    enum tare_status status = sqlite_setting_get(&run->self->base, PLACE_SETTING, &text, error);
    if (status == TARE_OK && text != NULL &&
        sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &place.series_id, &place.time_ns,
               &place.measurement_id) == 3)
        run->place = place;
    free(text);
    return status;
}

static enum tare_status place_write(struct retention_run *run, bool more, struct tare_error *error)
{
    char text[80] = "";
    if (more)
        snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId64, run->place.series_id,
                 run->place.time_ns, run->place.measurement_id);
    return sqlite_setting_put(&run->self->base, PLACE_SETTING, text, error);
}

/* One transaction of a pass: measurements, then sessions. The place is read within it, so that two
 * processes that apply retention share one pass. */
static enum tare_status step_take(struct retention_run *run, bool *more, struct tare_error *error)
{
    enum tare_status status = run->dry_run ? TARE_OK : sqlite_begin(&run->self->base, error);
    if (status != TARE_OK)
        return status;
    if (run->resumes)
        status = place_read(run, error);
    if (status == TARE_OK)
        status = slices_take(run, more, error);
    if (status == TARE_OK && !*more && run->policy->raw_days > 0)
        status = retention_sessions_sweep(run, more, error);
    if (status == TARE_OK && !*more)
        status = retention_batches_sweep(run, error);
    if (status == TARE_OK && run->resumes)
        status = place_write(run, *more, error);
    if (status == TARE_OK && !run->dry_run)
        status = sqlite_commit(&run->self->base, error);
    if (status != TARE_OK)
        sqlite_rollback(&run->self->base);
    return status;
}

static enum tare_status steps_take(struct retention_run *run, struct tare_error *error)
{
    int64_t end_ns = clock_monotonic_ns() + run->policy->budget_ns;
    bool more = true;
    enum tare_status status = TARE_OK;
    series_next(run, 0);
    do
        status = step_take(run, &more, error);
    while (more && status == TARE_OK && (!run->resumes || clock_monotonic_ns() < end_ns));
    run->report->more = more;
    return status;
}

static int64_t bytes_in_use(struct sqlite_store *self)
{
    return (sqlite_number(self, "PRAGMA page_count") -
            sqlite_number(self, "PRAGMA freelist_count")) *
           sqlite_number(self, "PRAGMA page_size");
}

enum tare_status sqlite_retention_apply(struct store *store, const struct store_retention *policy,
                                        int64_t now_ns, bool dry_run,
                                        struct store_retention_report *report,
                                        struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    int64_t today_ns = rollup_day(now_ns);
    struct retention_run run = {
        .self = self,
        .policy = policy,
        .raw_before_ns = today_ns - (int64_t)policy->raw_days * CLOCK_NS_PER_DAY,
        .rollup_before_ns = today_ns - (int64_t)policy->rollup_days * CLOCK_NS_PER_DAY,
        .dry_run = dry_run,
        .resumes = policy->budget_ns > 0 && !dry_run,
        .report = report};
    enum tare_status status = TARE_OK;
    if (self->read_only)
        return error_set(error, TARE_E_READ_ONLY, "the store %s was opened to be read only",
                         self->path);
    if (sqlite3_exec(self->db,
                     "CREATE TEMP TABLE IF NOT EXISTS performance_kept (id INTEGER PRIMARY KEY)",
                     NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(self, "read", error);
    if (dry_run && (status = sqlite_begin(store, error)) != TARE_OK)
        return status;
    int64_t before = bytes_in_use(self);
    status = steps_take(&run, error);
    report->bytes = before - bytes_in_use(self);
    if (dry_run)
        sqlite_rollback(store);
    return status;
}
