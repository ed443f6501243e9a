#include "store/sqlite.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"

#include <stdlib.h>

#define SLICE 500 /* measurements a transaction */

struct retention_run {
    struct sqlite_store *self;
    const struct store_retention *policy;
    int64_t raw_before_ns, rollup_before_ns;
    bool dry_run;
    struct store_retention_report *report;
    struct rollup day; /* being filled; day_ns says which */
    bool has_day;
};

/* Runs a statement on one series or one number. */
static enum tare_status run_on(struct sqlite_store *self, const char *sql, int64_t first,
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

/* What of a series stays whatever its age, one reason a statement; ?1 is the series, ?2 how many
 * of the newest. */
static const char *const kept_because[] = {
    "DELETE FROM temp.performance_kept WHERE ?1 > 0",
    /* the newest that count: the next window is made of them */
    "INSERT OR IGNORE INTO temp.performance_kept SELECT m.id FROM performance_measurements m "
    "JOIN performance_sessions s ON s.id = m.session_id WHERE m.series_id = ?1 "
    "AND m.excluded = 0 AND m.value IS NOT NULL AND s.outcome IN ('ok', 'running') "
    "ORDER BY m.time DESC, m.id DESC LIMIT ?2",
    /* the window that the baseline stands on */
    "INSERT OR IGNORE INTO temp.performance_kept SELECT m.id FROM performance_baseline_states b "
    "JOIN performance_measurements f ON f.id = b.first_id "
    "JOIN performance_measurements l ON l.id = b.last_id "
    "JOIN performance_measurements m ON m.series_id = b.series_id "
    "AND m.time BETWEEN f.time AND l.time WHERE b.series_id = ?1",
    /* where it restarts, and where judging goes on */
    "INSERT OR IGNORE INTO temp.performance_kept SELECT start_after_id FROM "
    "performance_baseline_states WHERE series_id = ?1 UNION SELECT judged_id FROM "
    "performance_baseline_states WHERE series_id = ?1",
    /* what alerts name */
    "INSERT OR IGNORE INTO temp.performance_kept SELECT good_measurement_id FROM "
    "performance_alerts WHERE series_id = ?1 UNION SELECT bad_measurement_id FROM "
    "performance_alerts WHERE series_id = ?1",
    /* what live ones were held against */
    "INSERT OR IGNORE INTO temp.performance_kept SELECT m.id FROM performance_alerts a "
    "JOIN performance_verdicts v ON v.measurement_id = a.bad_measurement_id "
    "JOIN performance_measurements f ON f.id = v.window_first "
    "JOIN performance_measurements l ON l.id = v.window_last "
    "JOIN performance_measurements m ON m.series_id = a.series_id "
    "AND m.time BETWEEN f.time AND l.time "
    "WHERE a.series_id = ?1 AND a.state IN ('open', 'acknowledged')",
};

static enum tare_status kept_find(struct retention_run *run, int64_t series_id,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < sizeof kept_because / sizeof kept_because[0] && status == TARE_OK; i++)
        status = run_on(run->self, kept_because[i], series_id, run->policy->keep, NULL, error);
    return status;
}

static enum tare_status victims_find(struct retention_run *run, int64_t series_id,
                                     struct measurement **victims, size_t *count,
                                     struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t used = 0;
    int code = SQLITE_DONE;
    enum tare_status status = TARE_OK;
    sqlite3_stmt *row = sqlite_statement(
        run->self,
        SQLITE_MEASUREMENT_SELECT " WHERE m.series_id = ?1 AND m.time < ?2 AND m.final = 1 AND "
                                  "m.id NOT IN (SELECT id FROM temp.performance_kept) "
                                  "ORDER BY m.time, m.id LIMIT ?3",
        error);
    if (row == NULL)
        return sqlite_status(run->self);
    bind_int(row, 1, series_id);
    bind_int(row, 2, run->raw_before_ns);
    bind_int(row, 3, SLICE);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        struct measurement *victim = array_add(&list, &used, sizeof *list);
        if (victim == NULL)
            status = error_memory(error);
        else
            sqlite_measurement_read(row, victim);
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(run->self, "read", error);
    sqlite3_reset(row);
    if (status != TARE_OK) {
        free(list);
        return status;
    }
    *victims = list;
    *count = used;
    return TARE_OK;
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

static enum tare_status victim_roll_up(struct retention_run *run, const struct measurement *victim,
                                       struct tare_error *error)
{
    struct batch_part part;
    int64_t day_ns = rollup_day(victim->time_ns);
    enum tare_status status = TARE_OK;
    if (run->has_day && run->day.day_ns != day_ns)
        status = day_close(run, error);
    if (status != TARE_OK)
        return status;
    if (!run->has_day)
        rollup_init(&run->day, victim->series_id, day_ns);
    run->has_day = true;
    status = sqlite_samples_read(&run->self->base, victim->series_id, victim->session_id,
                                 victim->window_start_ns, &part, error);
    if (status != TARE_OK)
        return status;
    run->report->samples += (int64_t)part.n;
    if (!rollup_add(&run->day, victim, &part))
        status = error_memory(error);
    batch_part_release(&part);
    return status;
}

static enum tare_status victim_delete(struct retention_run *run, const struct measurement *victim,
                                      struct tare_error *error)
{
    static const char *const statements[] = {
        ("DELETE FROM performance_samples WHERE series_id = ?2 AND (session_id, window_start) = "
         "(SELECT session_id, window_start FROM performance_measurements WHERE id = ?1)"),
        "DELETE FROM performance_verdicts WHERE measurement_id = ?1",
        "DELETE FROM performance_measurements WHERE id = ?1"};
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < 3 && status == TARE_OK; i++)
        status = run_on(run->self, statements[i], victim->id, victim->series_id, NULL, error);
    return status;
}

static enum tare_status victims_take(struct retention_run *run, const struct measurement *victims,
                                     size_t count, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        if (measurement_counts(&victims[i]))
            status = victim_roll_up(run, &victims[i], error);
        else
            run->report->not_counted++;
        if (status == TARE_OK)
            status = victim_delete(run, &victims[i], error);
        run->report->measurements++;
    }
    if (status == TARE_OK)
        status = day_close(run, error);
    rollup_release(&run->day);
    run->has_day = false;
    return status;
}

static enum tare_status step_begin(struct retention_run *run, struct tare_error *error)
{
    return run->dry_run ? TARE_OK : sqlite_begin(&run->self->base, error);
}

static enum tare_status step_end(struct retention_run *run, enum tare_status status,
                                 struct tare_error *error)
{
    if (status == TARE_OK && !run->dry_run)
        status = sqlite_commit(&run->self->base, error);
    if (status != TARE_OK)
        sqlite_rollback(&run->self->base);
    return status;
}

/* One transaction's worth of a series; `*more` says whether there is more. */
static enum tare_status slice_take(struct retention_run *run, int64_t series_id, bool *more,
                                   struct tare_error *error)
{
    struct measurement *victims = NULL;
    size_t count = 0;
    enum tare_status status = step_begin(run, error);
    if (status != TARE_OK)
        return status;
    status = kept_find(run, series_id, error);
    if (status == TARE_OK)
        status = victims_find(run, series_id, &victims, &count, error);
    if (status == TARE_OK)
        status = victims_take(run, victims, count, error);
    free(victims);
    *more = count == SLICE;
    return step_end(run, status, error);
}

static enum tare_status numbers_read(struct sqlite_store *self, const char *sql, int64_t first,
                                     int64_t second, int64_t **numbers, size_t *count,
                                     struct tare_error *error)
{
    int64_t *list = NULL;
    size_t used = 0;
    int code = SQLITE_DONE;
    enum tare_status status = TARE_OK;
    sqlite3_stmt *row = sqlite_statement(self, sql, error);
    if (row == NULL)
        return sqlite_status(self);
    bind_int(row, 1, first);
    if (sqlite3_bind_parameter_count(row) > 1)
        bind_int(row, 2, second);
    while (status == TARE_OK && (code = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t *number = array_add(&list, &used, sizeof *list);
        if (number == NULL)
            status = error_memory(error);
        else
            *number = sqlite3_column_int64(row, 0);
    }
    if (status == TARE_OK && code != SQLITE_DONE)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    *numbers = list;
    *count = used;
    return status;
}

/* The series with measurements as old as that, and then how many of those they keep. */
static enum tare_status series_take(struct retention_run *run, struct tare_error *error)
{
    int64_t *series = NULL, *left = NULL;
    size_t count = 0, left_count = 0;
    enum tare_status status = numbers_read(
        run->self,
        "SELECT r.id FROM performance_series r WHERE EXISTS (SELECT 1 FROM "
        "performance_measurements m WHERE m.series_id = r.id AND m.time < ?1)",
        run->raw_before_ns, 0, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        bool more = true;
        while (more && status == TARE_OK)
            status = slice_take(run, series[i], &more, error);
        if (status == TARE_OK)
            status = numbers_read(run->self,
                                  "SELECT count(*) FROM performance_measurements WHERE "
                                  "series_id = ?1 AND time < ?2",
                                  series[i], run->raw_before_ns, &left, &left_count, error);
        run->report->kept += status == TARE_OK ? left[0] : 0;
        free(left);
        left = NULL;
    }
    free(series);
    return status;
}

/* What belonged to what has gone: samples that never made a measurement (all skipped as warm-up),
 * sessions with nothing left, days and notes of batches that are too old themselves. */
static enum tare_status rest_sweep(struct retention_run *run, struct tare_error *error)
{
    static const char orphans[] =
        "DELETE FROM performance_samples WHERE last_time < ?1 AND NOT EXISTS (SELECT 1 FROM "
        "performance_measurements m WHERE m.session_id = performance_samples.session_id AND "
        "m.series_id = performance_samples.series_id AND m.window_start = "
        "performance_samples.window_start) AND NOT EXISTS (SELECT 1 FROM performance_sessions s "
        "WHERE s.id = performance_samples.session_id AND s.outcome = 'running')";
    static const char sessions[] =
        "DELETE FROM performance_sessions WHERE started_at < ?1 AND outcome <> 'running' AND NOT "
        "EXISTS (SELECT 1 FROM performance_measurements m WHERE m.session_id = "
        "performance_sessions.id)";
    static const char rollups[] = "DELETE FROM performance_rollups WHERE day < ?1";
    static const char batches[] = "DELETE FROM performance_batches WHERE taken_at < ?1";
    struct sqlite_store *self = run->self;
    struct store_retention_report *report = run->report;
    enum tare_status status = step_begin(run, error);
    if (status != TARE_OK)
        return status;
    if (run->policy->raw_days > 0) {
        status = run_on(self, orphans, run->raw_before_ns, 0, NULL, error);
        if (status == TARE_OK)
            status = run_on(self, sessions, run->raw_before_ns, 0, &report->sessions, error);
    }
    if (status == TARE_OK && run->policy->rollup_days > 0) {
        status = run_on(self, rollups, run->rollup_before_ns, 0, &report->rollups, error);
        if (status == TARE_OK)
            status = run_on(self, batches, run->rollup_before_ns, 0, &report->batches, error);
    }
    return step_end(run, status, error);
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
    if (policy->raw_days > 0)
        status = series_take(&run, error);
    if (status == TARE_OK)
        status = rest_sweep(&run, error);
    if (dry_run)
        sqlite_rollback(store);
    return status;
}
