#include "tare/tracker.h"

#include "base/error.h"
#include "model/session.h"
#include "record/handover.h"
#include "record/ingest.h"
#include "record/process.h"
#include "record/undisturbed.h"
#include "tare/status.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum default_state { DEFAULT_NEW = 0, DEFAULT_OPENING, DEFAULT_OPEN };

static struct recorder default_recorder;
static uint32_t default_state;
static enum tare_status default_failure; /* of opening it */

/* 1, true, yes: anything but nothing, 0 and false. */
static bool variable_on(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' && strcmp(value, "0") != 0 &&
           strcmp(value, "false") != 0;
}

static bool disabled(void)
{
    return variable_on("TARE_DISABLE") || variable_on("DISABLE_PERFORMANCE_TRACKING");
}

static enum tare_status tracker_begin(struct recorder *recorder, const tare_options *options,
                                      struct tare_error *error)
{
    return disabled() ? TARE_OK : recorder_open(recorder, options, error);
}

static __attribute__((noinline, cold)) void default_open(void)
{
    struct undisturbed before;
    uint32_t state = DEFAULT_NEW;
    int saved = errno;
    undisturbed_begin(&before);
    if (__atomic_compare_exchange_n(&default_state, &state, DEFAULT_OPENING, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        default_failure = tracker_begin(&default_recorder, NULL, NULL);
        __atomic_store_n(&default_state, DEFAULT_OPEN, __ATOMIC_RELEASE);
    }
    undisturbed_end(&before);
    while (__atomic_load_n(&default_state, __ATOMIC_ACQUIRE) == DEFAULT_OPENING)
        sched_yield();
    errno = saved;
}

enum tare_status tracker_off(const tare_tracker *tracker, struct tare_error *error)
{
    struct settings settings;
    if (tracker != &default_recorder.handle || default_failure == TARE_OK)
        return TARE_OK;
    char folder[RUNTIME_FOLDER_SIZE];
    enum tare_status status = settings_read(NULL, &settings, error);
    if (status == TARE_OK && !runtime_folder_path(folder))
        status = error_set(error, TARE_E_USAGE, "XDG_RUNTIME_DIR is too long");
    return status != TARE_OK ? status
                             : error_set(error, default_failure,
                                         "nothing is recorded: the default tracker could not be "
                                         "opened when it was first asked for");
}

tare_tracker *tare_tracker_default(void)
{
    if (__builtin_expect(__atomic_load_n(&default_state, __ATOMIC_ACQUIRE) != DEFAULT_OPEN, 0))
        default_open();
    return &default_recorder.handle;
}

enum tare_status tare_tracker_open(const tare_options *options, tare_tracker **tracker,
                                   struct tare_error *error)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL)
        return error_memory(error);
    recorder->owned = true;
    enum tare_status status = tracker_begin(recorder, options, error);
    if (status == TARE_OK)
        *tracker = &recorder->handle;
    else
        free(recorder);
    return status;
}

/* Only libtare has it; `tare` itself, which links the recorder for its own samples, does not. */
extern __typeof__(tare_status_print) tare_status_print __attribute__((weak));

static bool summary_wanted(void)
{
    return variable_on("TARE_STATUS") && tare_status_print != NULL;
}

/* Nobody is there to be told at exit; who asked for a summary is. */
static void failure_print(enum tare_status status, const struct tare_error *error)
{
    if (status != TARE_OK && summary_wanted())
        fprintf(stderr, "tare: %s\n", error->message);
}

static enum tare_status tracker_end(struct recorder *recorder, struct tare_error *error)
{
    struct tare_error none;
    if (summary_wanted() && recorder_epoch(recorder) != 0)
        failure_print(tare_status_print(&recorder->handle, stderr, &none), &none);
    enum tare_status status = handover_close(recorder, error);
    recorder->handle.clock_ = CLOCK_OFF;
    return status;
}

enum tare_status tare_tracker_close(tare_tracker *tracker, struct tare_error *error)
{
    if (tracker == NULL)
        return TARE_OK;
    struct recorder *recorder = recorder_of(tracker);
    enum tare_status status = tracker_off(tracker, error);
    if (tracker->clock_ != CLOCK_OFF) {
        status = tracker_end(recorder, error);
        recorder_unmap(recorder);
        recorder_release(recorder);
    }
    if (recorder->owned)
        free(recorder);
    return status;
}

void tare_tracker_reset(tare_tracker *tracker)
{
    if (recorder_on(tracker))
        handover_discard(recorder_of(tracker));
}

void tare_session_fail(tare_tracker *tracker)
{
    if (recorder_on(tracker))
        recorder_of(tracker)->outcome = OUTCOME_FAILED;
}

void tare_startup_complete(tare_tracker *tracker)
{
    if (recorder_on(tracker))
        process_record_startup(recorder_of(tracker));
}

enum tare_status tare_snapshot_record(tare_tracker *tracker)
{
    return tare_snapshot_hand_over(tracker, NULL);
}

enum tare_status tare_snapshot_hand_over(tare_tracker *tracker, struct tare_error *error)
{
    return recorder_on(tracker) ? handover_snapshot(recorder_of(tracker), error)
                                : tracker_off(tracker, error);
}

void tare_tracker_count(tare_tracker *tracker, tare_counts *counts)
{
    *counts = (tare_counts){0};
    if (!recorder_on(tracker))
        return;
    struct recorder *recorder = recorder_of(tracker);
    counts->dropped = __atomic_load_n(&recorder->fork_word->lost, __ATOMIC_RELAXED);
    if (recorder_epoch(recorder) == 0)
        return;
    const struct session_image *image = recorder->image;
    for (int ring = 0; ring < RING_COUNT; ring++)
        counts->recorded += __atomic_load_n(&image->control[ring].head, __ATOMIC_RELAXED);
    counts->dropped += __atomic_load_n(&image->header.dropped, __ATOMIC_RELAXED);
    counts->warmup = __atomic_load_n(&image->header.warmup, __ATOMIC_RELAXED);
    counts->refused = __atomic_load_n(&image->header.refused, __ATOMIC_RELAXED);
    counts->unmatched = __atomic_load_n(&image->header.unmatched, __ATOMIC_RELAXED);
    counts->undelivered = __atomic_load_n(&image->header.undelivered, __ATOMIC_RELAXED);
    counts->other = __atomic_load_n(&image->header.other, __ATOMIC_RELAXED);
}

/* At exit, and when the library is unloaded: after the program's own atexit() functions. */
__attribute__((destructor)) static void trackers_end(void)
{
    struct tare_error error;
    failure_print(tracker_off(&default_recorder.handle, &error), &error);
    for (size_t i = 0; i < RECORDERS_MAX; i++) {
        struct recorder *recorder = recorder_each(i);
        if (recorder == NULL || recorder->handle.clock_ == CLOCK_OFF)
            continue;
        bool recorded = recorder_epoch(recorder) != 0;
        if (recorded && recorder->image->header.card.pid != (uint32_t)getpid())
            continue; /* a vfork child's exit is not the end of its parent's session */
        failure_print(tracker_end(recorder, &error), &error);
        if (recorded)
            ingest_start(&recorder->settings);
    }
}
