#include "store/sqlite_retention.h"

#include "base/clock.h"

/* One reason a statement: ?1 is the series, ?2 how many. */
static const char *const reasons[] = {
    "DELETE FROM temp.performance_kept WHERE ?1 > 0",
    /* the newest that count: the next window, steps and trends are made of them */
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
    /* what alerts name: change points among them */
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

/* The newest of each commit that is to be comparable for good. */
static const char of_commits[] =
    "INSERT OR IGNORE INTO temp.performance_kept SELECT id FROM (SELECT m.id, row_number() OVER "
    "(PARTITION BY s.git_commit ORDER BY m.time DESC, m.id DESC) AS place "
    "FROM performance_kept_commits k JOIN performance_sessions s ON s.git_commit = k.git_commit "
    "JOIN performance_measurements m ON m.session_id = s.id AND m.series_id = ?1 "
    "WHERE m.excluded = 0 AND m.value IS NOT NULL AND s.outcome IN ('ok', 'running')) "
    "WHERE place <= ?2";

enum tare_status retention_kept_find(struct retention_run *run, int64_t series_id,
                                     struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0] && status == TARE_OK; i++)
        status = retention_statement(run->self, reasons[i], series_id, run->policy->keep, NULL,
                                     error);
    if (status == TARE_OK && run->policy->keep_of_commit > 0)
        status = retention_statement(run->self, of_commits, series_id, run->policy->keep_of_commit,
                                     NULL, error);
    return status;
}

enum tare_status sqlite_retention_keep(struct store *store, const char *const *commits,
                                       size_t count, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        sqlite3_stmt *put = sqlite_statement(
            self,
            "INSERT OR IGNORE INTO performance_kept_commits SELECT ?1, ?2 WHERE EXISTS "
            "(SELECT 1 FROM performance_sessions WHERE git_commit = ?1)",
            error);
        if (put == NULL)
            return sqlite_status(self);
        bind_text(put, 1, commits[i]);
        bind_int(put, 2, clock_now_ns());
        status = sqlite_run(self, put, "write to", error);
    }
    return status;
}
