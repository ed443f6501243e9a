/* The tracker: one per process is the rule; it records a session, the run of a program.
 *
 * Nothing is created before the first sample. No call blocks, prints or installs a signal
 * handler; every recording call is safe from any thread and from a signal handler. With
 * TARE_DISABLE=1 or DISABLE_PERFORMANCE_TRACKING=1 every call is one branch. Every function takes
 * a NULL tracker and does nothing with it.
 *
 * How a session ends: `exit`, a return from main, dlclose of the library and
 * tare_tracker_close() hand it over, outcome `ok`. A process that dies by a signal, by `abort`,
 * `_exit` or `quick_exit`, or that replaces itself by `exec`, leaves everything that it recorded;
 * the next `tare` command takes it up, outcome `crashed`. Who means to end by `_exit` or `exec`
 * calls tare_tracker_close() first. A forked child has a session of its own from its first sample
 * on; what a vfork child records belongs to its parent. daemon(3) ends the parent by `_exit`: a
 * program that becomes a daemon records after that.
 *
 * A program with more rights than its caller (set-user-ID, file capabilities) takes nothing from
 * the environment or a tare.yml: its trackers need the option `store`, and it starts no ingest.
 */
#ifndef TARE_TRACKER_H
#define TARE_TRACKER_H

#include "tare/error.h"
#include "tare/metric.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

typedef struct tare_tracker {
    uint32_t clock_; /* the library's; 0: records nothing, 1: time stamp counter, 2: clock */
    uint32_t unused_;
} tare_tracker;

enum tare_temperature {
    TARE_TEMPERATURE_AUTO = 0, /* cold: the first of its app since boot, or of a new build */
    TARE_TEMPERATURE_COLD,
    TARE_TEMPERATURE_WARM
};

/* All zero is the default: every field, where it is not given, comes from the environment
 * variable behind it, then from the nearest tare.yml upwards, then from a default. */
typedef struct tare_options {
    const char *store;       /* TARE_STORE, `store:`; $XDG_STATE_HOME/tare/tare.db. ":memory:"
                                keeps everything inside and leaves nothing behind */
    const char *app;         /* TARE_APP, `app:`; the program's base name */
    const char *version;     /* TARE_APP_VERSION */
    const char *environment; /* TARE_ENVIRONMENT; by the machine */
    const char *labels;      /* TARE_LABELS: "key=value,key=value" */
    const char *commit;      /* TARE_COMMIT; that of the working directory */
    const char *branch;      /* TARE_BRANCH; likewise */
    enum tare_temperature temperature; /* TARE_TEMPERATURE: cold, warm */
    double window_seconds;             /* TARE_WINDOW; 600 */
} tare_options;

/* The process's own tracker, made by the first call from the environment. Never NULL. Where the
 * environment or tare.yml say what cannot be it records nothing: the functions below that have an
 * `error` say why, and with TARE_STATUS=1 the end of the program does. */
tare_tracker *tare_tracker_default(void);

/* Makes another one. `options` may be NULL. The caller closes `*tracker`. TARE_E_USAGE when a
 * field is too long or not what it should be, TARE_E_MEMORY; an unwritable store is no error
 * here: recording goes on in memory, and tare_snapshot_record() says so. */
enum tare_status tare_tracker_open(const tare_options *options, tare_tracker **tracker,
                                   struct tare_error *error);

/* Ends the session and hands it over: after the call the tracker records nothing and, unless it
 * is the default one, is gone. No other thread may be inside a call with it. What
 * could not be delivered stays for the next `tare` command. */
enum tare_status tare_tracker_close(tare_tracker *tracker, struct tare_error *error);

/* Throws away what was recorded since the last hand-over, and the session with it, for the next
 * test case. No other thread may be inside a call with it. */
void tare_tracker_reset(tare_tracker *tracker);

/* Says that the program failed: the session's outcome is `failed`. */
void tare_session_fail(tare_tracker *tracker);

/* The program is ready to work: records APP-001, the time since its process began, and CPU-001.
 * The first snapshot implies it; to a program that ends without either its first sample was the
 * end of its start. Once a session. */
void tare_startup_complete(tare_tracker *tracker);

/* Hands everything recorded so far over to the store's inbox. Where that cannot be written nothing
 * is lost: the samples stay where they are until the next time. Where no session file could be
 * made there are none: it fails then, too, and the message says how many were lost, and why. */
enum tare_status tare_snapshot_record(tare_tracker *tracker);

/* The same with a message. */
enum tare_status tare_snapshot_hand_over(tare_tracker *tracker, struct tare_error *error);

/* What became of the calls of this session. */
typedef struct tare_counts {
    uint64_t recorded;    /* samples in */
    uint64_t dropped;     /* counted, value not kept: a full tmpfs, a thread stopped as it folds */
    uint64_t warmup;      /* skipped as the metric wants it */
    uint64_t refused;     /* NaN, infinite, unit that does not fit, id that is none */
    uint64_t unmatched;   /* operations started twice, or stopped without a start */
    uint64_t undelivered; /* hand-overs that failed; their samples wait */
    uint64_t other;       /* samples under `other`: the registry of metrics was full */
} tare_counts;

/* Fills in `counts`; all zero for a tracker that records nothing. */
void tare_tracker_count(tare_tracker *tracker, tare_counts *counts);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
