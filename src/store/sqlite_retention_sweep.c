#include "store/sqlite_retention.h"

#define SESSIONS_A_SWEEP 500

/* Sessions that have nothing left, into temp.performance_kept. */
static const char empty_sessions[] =
    "INSERT INTO temp.performance_kept SELECT id FROM performance_sessions s WHERE "
    "s.started_at < ?1 AND s.taken_at < ?1 AND s.outcome <> 'running' AND NOT EXISTS "
    "(SELECT 1 FROM performance_measurements m WHERE m.session_id = s.id) LIMIT ?2";

/* What belongs to them: samples that never made a measurement (all skipped as warm-up), and the
 * note that their hand-over was taken in. An importer's note stays: a file may come again. */
static const char orphans[] =
    "DELETE FROM performance_sample_rows WHERE id IN (SELECT p.id FROM temp.performance_kept k "
    "JOIN performance_sessions s ON s.id = k.id JOIN performance_series r ON r.app = s.app "
    "AND r.environment_id = s.environment_id JOIN performance_sample_rows p ON p.series_id = r.id "
    "AND p.session_id = s.id)";
static const char notes[] =
    "DELETE FROM performance_batches WHERE id IN (SELECT b.id FROM temp.performance_kept k "
    "JOIN performance_sessions s ON s.id = k.id JOIN performance_batches b "
    "ON b.id >= s.session_id || '.' AND b.id < s.session_id || '/' "
    "WHERE s.source IS NULL OR s.source = 'libtare' OR s.source LIKE 'tare %')";
static const char sessions[] =
    "DELETE FROM performance_sessions WHERE id IN (SELECT id FROM temp.performance_kept)";

enum tare_status retention_sessions_sweep(struct retention_run *run, bool *more,
                                          struct tare_error *error)
{
    struct sqlite_store *self = run->self;
    int64_t found = 0;
    enum tare_status status = sqlite_execute(self, "DELETE FROM temp.performance_kept", error);
    if (status == TARE_OK)
        status = retention_statement(self, empty_sessions, run->raw_before_ns, SESSIONS_A_SWEEP,
                                     &found, error);
    if (status == TARE_OK)
        status = sqlite_execute(self, orphans, error);
    if (status == TARE_OK)
        status = sqlite_execute(self, notes, error);
    if (status == TARE_OK)
        status = sqlite_execute(self, sessions, error);
    if (status != TARE_OK)
        return status;
    run->report->sessions += found;
    *more = found == SESSIONS_A_SWEEP;
    return TARE_OK;
}

enum tare_status retention_batches_sweep(struct retention_run *run, struct tare_error *error)
{
    int64_t before_ns = run->rollup_before_ns < run->raw_before_ns ? run->rollup_before_ns
                                                                   : run->raw_before_ns;
    if (run->policy->raw_days == 0 || run->policy->rollup_days == 0)
        return TARE_OK; /* what was imported stays, so it must not come twice */
    return retention_statement(run->self, "DELETE FROM performance_batches WHERE taken_at < ?1",
                               before_ns, 0, &run->report->batches, error);
}
