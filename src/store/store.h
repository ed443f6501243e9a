/* The store: the history of every app in one database.
 *
 * One table of callbacks a backend (store_backends[] in store.c, with the recipe for adding one);
 * callers use the functions below, which only forward. Every function may be called twice with
 * the same data without harm. All failures say what, where and what to do; after a failed call
 * inside a transaction the caller rolls back. A store is used by one thread at a time.
 *
 * Ownership: arrays that come out are the caller's, freed by the *_list_free() named with each.
 * Times are nanoseconds since the epoch, UTC.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/error.h"
#include "model/alert.h"
#include "model/baseline.h"
#include "model/batch.h"
#include "model/delivery.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/session.h"
#include "store/rollup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct store_options {
    bool create;     /* make the database and its schema when missing */
    bool read_only;  /* change nothing, take no write lock */
    int64_t wait_ms; /* for a lock held by somebody else; 0: the default of 10 s */
};

/* Opens "path", "sqlite:path", ":memory:" or "postgresql://…". A missing database is
 * TARE_E_NOT_FOUND unless `create`; a file that is no database TARE_E_CORRUPT; a newer schema
 * TARE_E_NEWER, untouched. An older schema is migrated first (not when read_only: then it is
 * TARE_E_READ_ONLY with the remedy). */
enum tare_status store_open(const char *url, const struct store_options *options,
                            struct store **store, struct tare_error *error);
void store_close(struct store *store); /* rolls back what is open; NULL is fine */

/* ---- transactions: every *_put, *_add and *_set stands between begin and commit ---- */

/* Takes the flock beside the database and begins to write. TARE_E_BUSY after wait_ms. */
enum tare_status store_begin(struct store *store, struct tare_error *error);
enum tare_status store_commit(struct store *store, struct tare_error *error);
void store_rollback(struct store *store);

/* ---- settings: small texts that the store remembers for its callers ---- */

/* `*value` is NULL when it was never put; the caller frees it. */
enum tare_status store_setting_get(struct store *store, const char *name, char **value,
                                   struct tare_error *error);
enum tare_status store_setting_put(struct store *store, const char *name, const char *value,
                                   struct tare_error *error);

/* ---- what comes in ---- */

/* Notes that batch `id` is taken in by this transaction. `*fresh` is false when an earlier one
 * already did: then the caller must add nothing of it. */
enum tare_status store_batch_claim(struct store *store, const char *id, bool *fresh,
                                   struct tare_error *error);

/* Adds the session or brings it up to date (end, outcome; dropped and condensed are merged by the
 * caller beforehand; an outcome never goes back to running), with its environment. */
enum tare_status store_session_put(struct store *store, const struct session *session,
                                   struct tare_error *error);

/* The same for a session that may well be new: one that is there stays as it is, and `*added` is
 * false. */
enum tare_status store_session_add(struct store *store, const struct session *session, bool *added,
                                   struct tare_error *error);

/* Adds the metric when it is new; `replace` also updates one that is there. */
enum tare_status store_metric_put(struct store *store, const struct metric *metric, bool replace,
                                  struct tare_error *error);

/* Sets or removes (value NaN) the target of a metric that exists; TARE_E_NOT_FOUND otherwise.
 * Recorded in performance_targets with time and who. */
enum tare_status store_target_set(struct store *store, const char *metric_id, double value,
                                  double warning_percent, double error_percent, const char *who,
                                  struct tare_error *error);

/* The id of the series with this metric, app, environment, temperature and labels, made when it
 * is new. `series->id` is not looked at. The environment must have come with a session. */
enum tare_status store_series_put(struct store *store, const struct series *series, int64_t *id,
                                  struct tare_error *error);

/* Appends the samples and buckets of a part to what is kept of this series, session and window. */
enum tare_status store_samples_add(struct store *store, int64_t series_id, const char *session_id,
                                   const struct batch_part *part, struct tare_error *error);

/* The same in place of all that is kept of it. */
enum tare_status store_samples_put(struct store *store, int64_t series_id, const char *session_id,
                                   const struct batch_part *part, struct tare_error *error);

/* Everything kept of a series in a session's window, as one part (samples in order of time,
 * buckets merged); its metric is left empty. The caller releases it (batch_part_release). An
 * empty part, n = 0, when there is nothing. */
enum tare_status store_samples_read(struct store *store, int64_t series_id, const char *session_id,
                                    int64_t window_start_ns, struct batch_part *part,
                                    struct tare_error *error);

/* What the samples of a series come to that were observed at or after `since_ns` and before
 * `until_ns` (0: without that bound). Of a row of samples that lies within only the totals are
 * read, so that a million cost what a thousand do. Those that only a histogram counted stand at
 * their part's end. */
struct store_totals {
    uint64_t n;
    double sum, min, max; /* n = 0: 0, +inf, −inf */
};
enum tare_status store_totals_get(struct store *store, int64_t series_id, int64_t since_ns,
                                  int64_t until_ns, struct store_totals *totals,
                                  struct tare_error *error);

/* Adds or replaces the measurement of (series, session, window). Fills in measurement->id. The
 * fields of its session (outcome, dirty, commit, branch) are not stored with it, and one that is
 * there stays excluded or not (store_session_exclude). */
enum tare_status store_measurement_put(struct store *store, struct measurement *measurement,
                                       struct tare_error *error);

/* The same for a measurement that may well be new: one that is there stays as it is, `*added` is
 * false, and nothing is filled in. */
enum tare_status store_measurement_add(struct store *store, struct measurement *measurement,
                                       bool *added, struct tare_error *error);

/* The commit that a measurement's session was made of; "" where it is not known. */
enum tare_status store_measurement_commit(struct store *store, int64_t measurement_id,
                                          char commit[COMMIT_TEXT_SIZE], struct tare_error *error);

/* Keeps the verdict that was passed on a measurement (for status, evidence and explain). */
enum tare_status store_verdict_put(struct store *store, int64_t measurement_id,
                                   const struct verdict *verdict, struct tare_error *error);

/* Forgets the verdict of a measurement unless an event of an alert names the measurement, or an
 * alert does and the verdict was not ok. */
enum tare_status store_verdict_forget(struct store *store, int64_t measurement_id,
                                      struct tare_error *error);

/* Marks every measurement of a session as excluded from baselines, or not. */
enum tare_status store_session_exclude(struct store *store, const char *session_id, bool excluded,
                                       struct tare_error *error);

/* ---- standing state of detection ---- */

/* TARE_OK with the initial standing when the series has none yet. */
enum tare_status store_standing_get(struct store *store, int64_t series_id,
                                    struct baseline_standing *standing, struct tare_error *error);
enum tare_status store_standing_put(struct store *store, const struct baseline_standing *standing,
                                    struct tare_error *error);

/* Notes that a series has something on which no verdict was passed yet, in the transaction that
 * brings it; and that it has no longer, in the one that judges. In order of id; free() the array.
 */
enum tare_status store_unjudged_put(struct store *store, int64_t series_id, bool unjudged,
                                    struct tare_error *error);
enum tare_status store_unjudged_list(struct store *store, int64_t **series_ids, size_t *count,
                                     struct tare_error *error);

/* Adds (id 0; fills it in) or updates an alert; adds an event (fills in its id). */
enum tare_status store_alert_put(struct store *store, struct alert *alert,
                                 struct tare_error *error);
enum tare_status store_alert_event_add(struct store *store, struct alert_event *event,
                                       struct tare_error *error);

/* ---- what goes out ---- */

/* Which rows are wanted; NULL, 0 and false mean any. Strings are borrowed. */
struct store_filter {
    const char *app;
    const char *environment;
    const char *branch;
    const char *commit; /* full, or a prefix of at least four digits */
    const char *labels; /* canonical; every pair must be there */
    const char *metric_id;
    const char *session_id; /* full, or a prefix of at least four digits */
    int64_t series_id;
    int64_t since_ns;              /* started, or measured, at or after */
    int64_t until_ns;              /* before */
    int64_t after_measurement_id;  /* by position in the series, not by number: strictly newer */
    int64_t before_measurement_id; /* strictly older */
    bool has_temperature;
    enum session_temperature temperature;
    size_t limit; /* the newest so many; 0: all */
};

/* Sessions, newest first (by start, then id). */
enum tare_status store_session_list(struct store *store, const struct store_filter *filter,
                                    struct session **sessions, size_t *count,
                                    struct tare_error *error);
void store_session_list_free(struct session *sessions, size_t count);

/* How many measurements each of these sessions has; `counts` has room for `count`. */
enum tare_status store_session_measurements(struct store *store, const struct session *sessions,
                                            size_t count, size_t *counts,
                                            struct tare_error *error);

/* Metrics in order of category, then id; one by its id into an initialised metric
 * (TARE_E_NOT_FOUND names the nearest ids that exist). */
enum tare_status store_metric_list(struct store *store, struct metric **metrics, size_t *count,
                                   struct tare_error *error);
void store_metric_list_free(struct metric *metrics, size_t count);
enum tare_status store_metric_get(struct store *store, const char *id, struct metric *metric,
                                  struct tare_error *error);

/* Series that match metric, app, environment, labels, temperature, in order of metric and id. */
enum tare_status store_series_list(struct store *store, const struct store_filter *filter,
                                   struct series **series, size_t *count,
                                   struct tare_error *error);
void store_series_list_free(struct series *series, size_t count);

/* Measurements of one series (filter->series_id) or of all that match, OLDEST first (by time,
 * then id), with the fields of their sessions; with a limit the newest so many, still oldest
 * first. free() the array. Fast for one series whatever the size of the store. */
enum tare_status store_measurement_list(struct store *store, const struct store_filter *filter,
                                        struct measurement **measurements, size_t *count,
                                        struct tare_error *error);

/* What a walk calls. TARE_OK goes on; anything else ends the walk and is what it returns. The
 * nouns are borrowed for the call, in which the store may be read. */
struct store_visitor {
    /* A session, and how many of its measurements follow. */
    enum tare_status (*session)(void *ctx, const struct session *session, size_t measurements,
                                struct tare_error *error);
    /* One of them; `series` is the place of its series in the list that was given. */
    enum tare_status (*measurement)(void *ctx, const struct session *session, size_t series,
                                    const struct measurement *measurement,
                                    struct tare_error *error);
    void *ctx;
};

/* Walks through the store in memory that does not grow with it: sessions oldest first (by start,
 * then id), each with its measurements of these series, in the order of the list, then by window.
 * The filter's commit, branch and session_id are about the session, since and until about the
 * measurement; a session without any that match is left out. `empty` wants those too that have no
 * measurement at all: they match by app, environment, temperature, labels and start. Limit and
 * the rest are not looked at. Where the store can, all of it is of one moment; else a call to the
 * visitor locks nobody out. */
enum tare_status store_walk(struct store *store, const struct store_filter *filter,
                            const struct series *series, size_t count, bool empty,
                            const struct store_visitor *visitor, struct tare_error *error);

/* Walks through one series (filter->series_id) by commit, then branch, outcome, window and id, in
 * memory that does not grow with it. Of the rest of the filter commit, branch, session_id, since
 * and until are looked at. `visitor->session` is not called; the session is NULL, the series 0. */
enum tare_status store_series_walk(struct store *store, const struct store_filter *filter,
                                   const struct store_visitor *visitor, struct tare_error *error);

/* The verdicts kept of these measurements, in their order; severity ok with NaN numbers where
 * none was kept. `verdicts` has room for `count`. */
enum tare_status store_verdict_list(struct store *store, const int64_t *measurement_ids,
                                    size_t count, struct verdict *verdicts,
                                    struct tare_error *error);

/* Alerts, worst and newest first: of a series, a metric, an app, labels …; of a branch those whose
 * first bad measurement was made on it. `live_only` leaves out the accepted and the resolved. One
 * by its id: TARE_E_NOT_FOUND. free() the array. */
enum tare_status store_alert_list(struct store *store, const struct store_filter *filter,
                                  bool live_only, struct alert **alerts, size_t *count,
                                  struct tare_error *error);
enum tare_status store_alert_get(struct store *store, int64_t id, struct alert *alert,
                                 struct tare_error *error);
/* The one alert of a series and kind, live or not. TARE_E_NOT_FOUND when there never was one. */
enum tare_status store_alert_find(struct store *store, int64_t series_id, enum alert_kind kind,
                                  struct alert *alert, struct tare_error *error);
/* The events of an alert, oldest first. free() the array. */
enum tare_status store_alert_event_list(struct store *store, int64_t alert_id,
                                        struct alert_event **events, size_t *count,
                                        struct tare_error *error);

/* ---- notifications: which event is told to which sink ---- */

/* Notes that `delivery->event_id` of `delivery->alert_id` is to be told to `delivery->sink`, once:
 * `*fresh` is false when that was noted already. Its key is made here, its first attempt is due at
 * once, or when the sink's others that wait after a failure are. created_ns and give_up_ns are the
 * caller's. */
enum tare_status store_delivery_add(struct store *store, struct delivery *delivery, bool *fresh,
                                    struct tare_error *error);

/* Which of a sink's deliveries are due: pending, the alert not muted, nobody else's claim on them,
 * and of each alert the oldest only, so that what happened first is told first. */
struct store_claim {
    const char *sink;
    int64_t now_ns;
    int64_t until_ns;     /* the claim's end, should this process be killed */
    const char *claimant; /* a fresh UUID: no two claims have the same */
    size_t limit;
};

/* How many are due. For this alone the store may be open to read. */
enum tare_status store_delivery_due(struct store *store, const struct store_claim *claim,
                                    size_t *count, struct tare_error *error);

/* Claims them and counts an attempt each; oldest first. free() the array. */
enum tare_status store_delivery_claim(struct store *store, const struct store_claim *claim,
                                      struct delivery **deliveries, size_t *count,
                                      struct tare_error *error);

/* Keeps what became of a claimed delivery (state, next_attempt_ns, settled_ns, last_error) and
 * ends the claim. When somebody else has claimed it since, only that it was delivered is kept. */
enum tare_status store_delivery_settle(struct store *store, const struct delivery *delivery,
                                       const char *claimant, struct tare_error *error);

/* Puts the next attempt of all that wait for a sink off to `time_ns`, or with `earlier` brings it
 * forward to then. */
enum tare_status store_delivery_defer(struct store *store, const char *sink, int64_t time_ns,
                                      bool earlier, struct tare_error *error);

/* What could not be delivered until its give_up_ns has failed; `*count` did now. */
enum tare_status store_delivery_give_up(struct store *store, int64_t now_ns, size_t *count,
                                        struct tare_error *error);

/* Makes the failed ones of a sink (NULL: of all) pending again, due now, given up at
 * `give_up_ns`. */
enum tare_status store_delivery_revive(struct store *store, const char *sink, int64_t now_ns,
                                       int64_t give_up_ns, size_t *count,
                                       struct tare_error *error);

/* Deliveries, newest first: the newest `limit` (0: all); `open_only` leaves out the delivered.
 * free() the array. */
enum tare_status store_delivery_list(struct store *store, bool open_only, size_t limit,
                                     struct delivery **deliveries, size_t *count,
                                     struct tare_error *error);

/* By sink, in order of name; of every sink that there ever was a delivery to. free() the array. */
enum tare_status store_delivery_totals(struct store *store, struct delivery_totals **totals,
                                       size_t *count, struct tare_error *error);

/* ---- retention ---- */

/* What may go by its age, which counts from when it was measured or from when it was taken in,
 * whichever is later. A measurement older than raw_days goes into its day's rollup when it counts
 * (measurement_counts()), and is taken away with its verdict and samples; sessions that have
 * nothing left go too, and rollups older than rollup_days. Kept whatever their age: the newest
 * `keep` of each series that count, all that the standing baseline's window spans, where it
 * restarts, what was judged last, the measurements that an alert names, the window that a live one
 * was held against, and the newest `keep_of_commit` of each series at every commit of
 * store_retention_keep(). Alerts and their events always stay. */
struct store_retention {
    uint32_t raw_days;    /* 0: everything stays */
    uint32_t rollup_days; /* 0: rollups stay */
    uint32_t keep;        /* at least the baseline's window */
    uint32_t keep_of_commit;
    int64_t budget_ns; /* stop after about so long, and go on there the next time; 0: do it all */
};

struct store_retention_report {
    int64_t measurements; /* rolled up and taken away */
    int64_t not_counted;  /* of them, those that went without entering a rollup */
    int64_t samples;      /* observations that were kept with them */
    int64_t sessions;
    int64_t kept;    /* measurements as old that something still stands on */
    int64_t young;   /* as old, but taken in too short a while ago */
    int64_t rollups; /* days taken away */
    int64_t batches; /* notes of what was taken in long ago */
    int64_t bytes;   /* of the database that became free; negative: rollups take more */
    bool more;       /* the budget was spent before the end */
};

/* Notes commits that are to stay comparable, as far as the store has sessions of them; within a
 * transaction. */
enum tare_status store_retention_keep(struct store *store, const char *const *commits,
                                      size_t count, struct tare_error *error);

/* Takes away what the policy allows, a few hundred measurements a transaction (so not within one);
 * a dry run does all of it in one and rolls back. Killed half way it goes on the next time. */
enum tare_status store_retention_apply(struct store *store, const struct store_retention *policy,
                                       int64_t now_ns, bool dry_run,
                                       struct store_retention_report *report,
                                       struct tare_error *error);

/* The same once a UTC day: for whoever writes anyway. `*applied` says whether it was due. When the
 * budget was spent before the end it is due again at once. */
enum tare_status store_retention_daily(struct store *store, const struct store_retention *policy,
                                       int64_t now_ns, bool *applied,
                                       struct store_retention_report *report,
                                       struct tare_error *error);

/* Gives what is free in the store back to the disk: `*bytes` less. Takes as long as copying it
 * all. TARE_E_USAGE inside an application's database. Not within a transaction. */
enum tare_status store_compact(struct store *store, int64_t *bytes, struct tare_error *error);

/* Days of which measurements were taken away, by series and day. A rollup knows no session, commit
 * or branch: only series_id, metric, app, environment, labels, temperature, since_ns and until_ns
 * are looked at, a day being within when it begins within; with a limit, the first so many.
 * Together with store_measurement_list() this is all there was, each measurement once. */
enum tare_status store_rollup_list(struct store *store, const struct store_filter *filter,
                                   struct rollup **rollups, size_t *count,
                                   struct tare_error *error);
void store_rollup_list_free(struct rollup *rollups, size_t count);

/* ---- about itself ---- */

struct store_info {
    char backend[32];         /* "sqlite" */
    char backend_version[32]; /* "3.40.1" */
    char journal_mode[16];    /* "wal" */
    int schema_version;
    int schema_version_known; /* the newest this binary knows */
    int64_t size_bytes;       /* with the write-ahead log */
    int64_t sessions, series, measurements, samples, alerts_live, batches;
    bool own_file;        /* false: inside an application's database */
    bool may_corrupt_wal; /* a SQLite whose WAL bug the lock works around (≤ 3.51.2) */
};

enum tare_status store_info_get(struct store *store, struct store_info *info,
                                struct tare_error *error);

/* Runs the backend's integrity check (a store too damaged to open is store_open's to report).
 * TARE_E_CORRUPT with the first finding and the remedy. Damage, wherever it is met, is copied
 * aside as "<path>.damaged-<time of the last change>" (by this check even when read_only), and the
 * store is not written to any more. */
enum tare_status store_check(struct store *store, struct tare_error *error);

#endif
