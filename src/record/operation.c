#include "record/recorder.h"
#include "tare/span.h"

#include <errno.h>
#include <sys/mman.h>

static struct operations *operations_of(const struct recorder *recorder)
{
    return __atomic_load_n(&recorder->operations, __ATOMIC_ACQUIRE);
}

/* NULL: no memory. Async-signal-safe. */
static __attribute__((noinline, cold)) struct operations *
operations_make(struct recorder *recorder)
{
    int saved = errno;
    struct operations *none = NULL;
    void *made = mmap(NULL, sizeof *none, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
    if (made != MAP_FAILED &&
        !__atomic_compare_exchange_n(&recorder->operations, &none, made, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        munmap(made, sizeof *none);
    errno = saved;
    return operations_of(recorder);
}

/* Where the start of an operation of this thread is kept: by ring for threads that have one, else
 * in a hash table by thread. NULL: the table is full, or it has no such operation. */
static uint64_t *shared_start(struct operations *operations, uint32_t tid, int entry, bool add)
{
    uint64_t key = (uint64_t)tid << 8 | (uint64_t)entry;
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    for (uint32_t probe = 0; probe < SHARED_OPERATIONS; probe++) {
        struct shared_operation *cell = &operations->shared[(hash + probe) % SHARED_OPERATIONS];
        uint64_t found = __atomic_load_n(&cell->key, __ATOMIC_ACQUIRE);
        if (found == 0 && add)
            __atomic_compare_exchange_n(&cell->key, &found, key, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE);
        if (found == key || (found == 0 && add))
            return &cell->start;
        if (found == 0)
            return NULL;
    }
    return NULL;
}

static uint64_t *start_place(struct recorder *recorder, uint64_t epoch, int entry, bool add)
{
    struct operations *operations = operations_of(recorder);
    if (operations == NULL && add)
        operations = operations_make(recorder);
    if (operations == NULL)
        return NULL;
    if (thread_attach(recorder, epoch))
        return &operations->starts[thread_ring.control - recorder->image->control][entry];
    return shared_start(operations, thread_ring.tid, entry, add);
}

/* Any other thread's operation of this metric, taken from it. 0: none runs. */
static uint64_t start_steal(struct recorder *recorder, int entry)
{
    struct operations *operations = operations_of(recorder);
    uint64_t start = 0;
    if (operations == NULL)
        return 0;
    for (int ring = 0; ring < RING_OWNED && start == 0; ring++)
        start = __atomic_exchange_n(&operations->starts[ring][entry], 0, __ATOMIC_ACQ_REL);
    for (int cell = 0; cell < SHARED_OPERATIONS && start == 0; cell++) {
        struct shared_operation *shared = &operations->shared[cell];
        uint64_t key = __atomic_load_n(&shared->key, __ATOMIC_ACQUIRE);
        if (key != 0 && (key & 0xff) == (uint64_t)entry)
            start = __atomic_exchange_n(&shared->start, 0, __ATOMIC_ACQ_REL);
    }
    return start;
}

/* The session, and the metric's entry in it. False: counted. */
static bool operation_find(struct recorder *recorder, const char *metric_id, uint64_t *epoch,
                           int *entry)
{
    *epoch = recorder_epoch(recorder);
    if (*epoch == 0)
        *epoch = recorder_session(recorder);
    if (*epoch == 0)
        return false;
    const tare_metric metric = {.id = metric_id};
    *entry = registry_find(recorder->image, &recorder->index, &metric, KIND_TICKS, false);
    if (*entry < 0)
        count_up(&recorder->image->header.refused);
    return *entry >= 0;
}

static enum tare_status unmatched(struct recorder *recorder)
{
    count_up(&recorder->image->header.unmatched);
    return TARE_E_USAGE;
}

enum tare_status tare_operation_start(tare_tracker *tracker, const char *metric_id)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    struct recorder *recorder = recorder_of(tracker);
    uint64_t epoch;
    int entry;
    if (!operation_find(recorder, metric_id, &epoch, &entry))
        return TARE_E_USAGE;
    uint64_t *start = start_place(recorder, epoch, entry, true);
    if (start == NULL || __atomic_load_n(start, __ATOMIC_RELAXED) != 0)
        return unmatched(recorder);
    __atomic_store_n(start, clock_source_read(tracker->clock_), __ATOMIC_RELEASE);
    return TARE_OK;
}

static enum tare_status operation_end(tare_tracker *tracker, const char *metric_id, uint64_t flags)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    struct recorder *recorder = recorder_of(tracker);
    uint64_t end = clock_source_read(tracker->clock_), epoch;
    int entry;
    if (!operation_find(recorder, metric_id, &epoch, &entry))
        return TARE_E_USAGE;
    uint64_t *place = start_place(recorder, epoch, entry, false);
    uint64_t start = place != NULL ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (start != 0)
        __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    else
        start = start_steal(recorder, entry);
    if (start == 0)
        return unmatched(recorder);
    uint64_t ticks = end > start ? end - start : 0;
    if (entry != REGISTRY_OTHER)
        return recorder_put(recorder, epoch, entry, ticks, end, flags);
    tare_metric metric = {.id = metric_id};
    const struct observation seen = {
        .metric = &metric, .kind = KIND_TICKS, .ticks = ticks, .end = end, .flags = flags};
    return recorder_observe(recorder, &seen);
}

enum tare_status tare_operation_stop(tare_tracker *tracker, const char *metric_id)
{
    return operation_end(tracker, metric_id, 0);
}

enum tare_status tare_operation_fail(tare_tracker *tracker, const char *metric_id)
{
    return operation_end(tracker, metric_id, COMMIT_FAILED);
}
