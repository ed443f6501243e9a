/* What the files of retention share. */
#ifndef STORE_SQLITE_RETENTION_H
#define STORE_SQLITE_RETENTION_H

#include "store/sqlite.h"

/* Up to where a pass has looked: series in order of their ids, each in order of time. */
struct retention_place {
    int64_t series_id; /* the next, or the one that is being looked through */
    int64_t time_ns;   /* what stands behind this and the next was not looked at yet */
    int64_t measurement_id;
};

struct retention_run {
    struct sqlite_store *self;
    const struct store_retention *policy;
    int64_t raw_before_ns, rollup_before_ns;
    bool dry_run;
    bool resumes; /* goes on where an earlier run stopped, and leaves word where it stops */
    struct retention_place place;
    struct store_retention_report *report;
    struct rollup day; /* being filled */
    bool has_day;
};

/* Runs a statement on one or two numbers; `*changes` (may be NULL) grows by the rows it changed.
 */
enum tare_status retention_statement(struct sqlite_store *self, const char *sql, int64_t first,
                                     int64_t second, int64_t *changes, struct tare_error *error);

/* Fills temp.performance_kept with what of a series stays whatever its age. */
enum tare_status retention_kept_find(struct retention_run *run, int64_t series_id,
                                     struct tare_error *error);

/* Once measurements have gone: sessions with nothing left, a transaction's worth; `*more` says
 * whether there are more. Then what was noted of batches long ago. */
enum tare_status retention_sessions_sweep(struct retention_run *run, bool *more,
                                          struct tare_error *error);
enum tare_status retention_batches_sweep(struct retention_run *run, struct tare_error *error);

#endif
