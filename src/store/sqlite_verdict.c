#include "store/sqlite.h"

#include <math.h>

#define FLAG_KNOWN    1
#define FLAG_LEARNING 2

enum tare_status sqlite_verdict_put(struct store *store, int64_t measurement_id,
                                    const struct verdict *verdict, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *put = sqlite_statement(self,
                                         "INSERT OR REPLACE INTO performance_verdicts VALUES "
                                         "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                         error);
    if (put == NULL)
        return sqlite_status(self);
    bind_int(put, 1, measurement_id);
    bind_int(put, 2, verdict->severity);
    bind_int(put, 3, verdict->tiers);
    bind_int(put, 4, verdict->target_severity);
    bind_int(put, 5, verdict->baseline_severity);
    const double numbers[] = {verdict->deviation_target_percent,
                              verdict->deviation_baseline_percent,
                              verdict->z,
                              verdict->z_target,
                              verdict->p,
                              verdict->ratio};
    for (int i = 0; i < 6; i++)
        bind_real(put, 6 + i, numbers[i]);
    bind_int(put, 12, (verdict->known ? FLAG_KNOWN : 0) | (verdict->learning ? FLAG_LEARNING : 0));
    if (verdict->severity != SEVERITY_OK)
        bind_text(put, 13, verdict->reason); /* what is ok can be said again from the numbers */
    bind_real(put, 14, verdict->centre);
    bind_real(put, 15, verdict->spread);
    bind_int(put, 16, verdict->baseline_n);
    bind_int(put, 17, verdict->window_first_id);
    bind_int(put, 18, verdict->window_last_id);
    return sqlite_run(self, put, "write to", error);
}

enum tare_status sqlite_verdict_forget(struct store *store, int64_t measurement_id,
                                       struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *forget = sqlite_statement(
        self,
        "DELETE FROM performance_verdicts WHERE measurement_id = ?1 "
        "AND (severity = 0 OR NOT EXISTS (SELECT 1 FROM performance_alerts WHERE series_id = "
        "(SELECT series_id FROM performance_measurements WHERE id = ?1) "
        "AND ?1 IN (good_measurement_id, bad_measurement_id))) "
        "AND NOT EXISTS (SELECT 1 FROM performance_alert_events "
        "WHERE measurement_id = ?1 AND measurement_id <> 0)",
        error);
    if (forget == NULL)
        return sqlite_status(self);
    bind_int(forget, 1, measurement_id);
    return sqlite_run(self, forget, "write to", error);
}

static void verdict_read(sqlite3_stmt *row, struct verdict *verdict)
{
    int flags = sqlite3_column_int(row, 10);
    *verdict = (struct verdict){
        .severity = (enum severity)sqlite3_column_int(row, 0),
        .tiers = (unsigned)sqlite3_column_int(row, 1),
        .target_severity = (enum severity)sqlite3_column_int(row, 2),
        .baseline_severity = (enum severity)sqlite3_column_int(row, 3),
        .deviation_target_percent = column_real(row, 4),
        .deviation_baseline_percent = column_real(row, 5),
        .z = column_real(row, 6),
        .z_target = column_real(row, 7),
        .p = column_real(row, 8),
        .ratio = column_real(row, 9),
        .known = (flags & FLAG_KNOWN) != 0,
        .learning = (flags & FLAG_LEARNING) != 0,
        .centre = column_real(row, 12),
        .spread = column_real(row, 13),
        .baseline_n = (uint32_t)sqlite3_column_int64(row, 14),
        .window_first_id = sqlite3_column_int64(row, 15),
        .window_last_id = sqlite3_column_int64(row, 16),
    };
    column_copy(row, 11, verdict->reason, sizeof verdict->reason);
}

enum tare_status sqlite_verdict_list(struct store *store, const int64_t *measurement_ids,
                                     size_t count, struct verdict *verdicts,
                                     struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *row = sqlite_statement(
            self,
            "SELECT severity, tiers, target_severity, baseline_severity, deviation_target, "
            "deviation_baseline, z, z_target, p, ratio, flags, reason, centre, spread, "
            "baseline_n, window_first, window_last FROM performance_verdicts "
            "WHERE measurement_id = ?",
            error);
        if (row == NULL)
            return sqlite_status(self);
        bind_int(row, 1, measurement_ids[i]);
        verdict_init(&verdicts[i]);
        int code = sqlite3_step(row);
        if (code == SQLITE_ROW)
            verdict_read(row, &verdicts[i]);
        else if (code != SQLITE_DONE)
            return sqlite_failed(self, "read", error);
        sqlite3_reset(row);
    }
    return TARE_OK;
}
