/* The recorder behind a tracker: from a call of the program to a record in a ring. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include "record/losses.h"
#include "record/registry.h"
#include "record/ring.h"
#include "record/session.h"
#include "record/stamp.h"
#include "tare/sample.h"
#include "tare/tracker.h"

#define GAUGES_MAX        32
#define SHARED_OPERATIONS 256

struct gauge {
    tare_metric *metric;
    tare_gauge_read read;
    void *context;
};

/* An operation that runs in a thread without a ring of its own, or that a thread left running. */
struct shared_operation {
    uint64_t key; /* thread id and metric; 0: free; operation.c */
    uint64_t start;
};

/* When the operations that run began. A mapping of its own, made when the first one starts. */
struct operations {
    uint64_t starts[RING_OWNED][REGISTRY_CAPACITY]; /* 0: not running */
    struct shared_operation shared[SHARED_OPERATIONS];
};

/* On a page that fork() wipes in the child: there it reads as a session that is not open yet. */
struct fork_word {
    uint64_t epoch;        /* names the open session: epoch_next(); 0: none open */
    uint32_t opener;       /* the thread that opens it */
    uint32_t hand_over;    /* the thread that hands over */
    uint64_t lost;         /* samples that found no session … */
    uint64_t untold;       /* … and of these, those that no file counts (losses.h) */
    int32_t lost_errno;    /* why */
    uint32_t startup_done; /* APP-001 is recorded */
    uint64_t room[3];      /* a cache line each */
};

/* How much memory the process had when that was first looked at. */
struct memory_look {
    uint32_t pid;
    int64_t monotonic_ns;
    double bytes;
};

/* What few programs use stands apart: the less is in .bss, the fewer pages does a start touch, and
 * a shared library with little there needs no mapping for it. */
struct recorder {
    struct tare_tracker handle; /* what the program holds; first */
    struct fork_word *fork_word;
    struct session_image *image; /* of the newest session; what it is worth, fork_word says */
    uint64_t opened_ticks;
    int64_t opened_computed_ns; /* what the process had computed by then */
    struct registry_index index;
    struct settings settings;
    char folder[RUNTIME_FOLDER_SIZE];
    struct stamp stamp;
    bool stamp_current;
    bool cold;
    uint32_t outcome; /* enum session_outcome, unless it crashes */
    struct memory_look first_look;
    bool owned;           /* by tare_tracker_open(): freed when closed */
    int hand_over_cancel; /* whether the thread that hands over could be cancelled before */
    uint32_t gauge_count;
    struct gauge *gauges;          /* room for GAUGES_MAX, owned; NULL: none yet */
    struct operations *operations; /* owned; NULL: none yet */
    struct losses *losses;         /* mapped when the first sample was lost; NULL: not yet … */
    struct loss_slot *loss;        /* … and what counts them there */
};

/* Which ring the calling thread writes. */
struct thread_ring {
    uint64_t epoch; /* of the session that the others belong to; 1: none */
    struct ring_control *control;
    struct record *ring;
    uint64_t shared_epoch; /* the session in which this thread has no ring of its own */
    uint32_t tid;
    uint32_t attaching;
};
extern _Thread_local struct thread_ring thread_ring
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

#define EPOCH_NONE 1

/* Sets a zeroed recorder up. Nothing is created yet. */
enum tare_status recorder_open(struct recorder *recorder, const tare_options *options,
                               struct tare_error *error);

/* The epoch of the session, opened if need be; 0: there is none and the caller's sample is lost.
 * Async-signal-safe. */
uint64_t recorder_session(struct recorder *recorder);

/* Finds the counter for what has no session file, unless it is known; false: there is none. */
bool recorder_loss_find(struct recorder *recorder);

/* Gives the calling thread a ring of its own if one is left: true when it has one. */
bool thread_attach(struct recorder *recorder, uint64_t epoch);

/* A ring gets a new owner: operations that its last one left running are no thread's from then on.
 */
void operations_inherit(struct recorder *recorder, size_t ring);

/* Gives back what recorder_open() took; the session is forgotten. */
void recorder_release(struct recorder *recorder);

/* Gives back the mapping of a session that has ended or is forgotten, where no thread can be
 * inside a call any more. */
void recorder_unmap(struct recorder *recorder);

/* The recorder number `at` of this process, of at most RECORDERS_MAX; NULL: none there. */
#define RECORDERS_MAX 64
struct recorder *recorder_each(size_t at);

/* Forgets the session: later samples open another. */
void recorder_forget(struct recorder *recorder);

/* Puts a record in: the thread's own ring, else the shared one, else it is counted as dropped.
 * `end` in ticks. */
enum tare_status recorder_put(struct recorder *recorder, uint64_t epoch, int entry, uint64_t value,
                              uint64_t end, uint64_t flags);

/* A sample of a metric, by any road but the fastest: finds the session and the metric, converts,
 * checks, skips warm-up. A value is in the metric's unit; ticks are a duration that ended at
 * `end`. `declared`: the metric is the program's own handle and remembers where its entry is. */
struct observation {
    tare_metric *metric;
    bool declared;
    enum entry_kind kind;
    double value;
    uint64_t ticks;
    uint64_t end;
    uint64_t flags; /* of the commit word */
};
enum tare_status recorder_observe(struct recorder *recorder, const struct observation *seen);

static inline struct recorder *recorder_of(tare_tracker *tracker)
{
    return (struct recorder *)tracker;
}

/* Whether a tracker records. */
static inline bool recorder_on(const tare_tracker *tracker)
{
    return tracker != NULL && tracker->clock_ != CLOCK_OFF;
}

/* Why a tracker records nothing that should: TARE_OK where that is meant so. */
enum tare_status tracker_off(const tare_tracker *tracker, struct tare_error *error);

static inline uint64_t recorder_epoch(const struct recorder *recorder)
{
    return __atomic_load_n(&recorder->fork_word->epoch, __ATOMIC_ACQUIRE);
}

static inline uint64_t commit_of(const struct recorder *recorder, uint32_t entry, uint64_t end)
{
    uint64_t coarse = (end - recorder->opened_ticks) >> COARSE_SHIFT;
    return (coarse & COMMIT_TIME_MASK) | (uint64_t)entry << COMMIT_METRIC_SHIFT;
}

/* What a handle remembers of its entry in a session: both in one word, so that two trackers that
 * share the handle never take the one's entry for the other's. */
#define PLACE_EPOCH_SHIFT 8

static inline uint64_t place_of(uint64_t epoch, uint32_t entry)
{
    return epoch << PLACE_EPOCH_SHIFT | entry;
}

static inline bool place_known(uint64_t place, uint64_t epoch)
{
    return place >> PLACE_EPOCH_SHIFT == epoch;
}

static inline uint32_t place_entry(uint64_t place)
{
    return place & ((1u << PLACE_EPOCH_SHIFT) - 1);
}

/* One hand-over, or registration of a gauge, at a time; meanwhile the thread cannot be cancelled.
 * False: this very thread is in the middle of one, and called us from a signal handler or from a
 * gauge. */
bool hand_over_lock(struct recorder *recorder);
void hand_over_unlock(struct recorder *recorder);

static inline void count_up(uint64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

#endif
