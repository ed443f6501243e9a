#include "base/crc32.h"
#include "record/recorder.h"
#include "tare/span.h"

#include <errno.h>
#include <string.h>
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

#define CELL_TAKEN  UINT64_C(1) /* somebody fills it in, or empties it: no thread is number 0 */
#define KEY_NAMED   (UINT64_C(1) << 63) /* and not numbered by its entry */
#define TID_BITS    UINT32_C(0x7fffffff)
#define TID_ENDED   UINT32_MAX /* of operations whose thread has ended */
#define SHARED_NEAR 64         /* cells from where its hash points to in which a key may be */

static uint64_t shared_key(uint32_t tid, int entry)
{
    return (uint64_t)tid << 8 | (uint64_t)entry;
}

/* Metrics that found the registry full have one entry: there the name tells operations apart. */
static uint64_t operation_key(uint32_t tid, int entry, const char *metric_id)
{
    return entry == REGISTRY_OTHER ? KEY_NAMED | (uint64_t)(tid & TID_BITS) << 32 |
                                         crc32c(0, metric_id, strlen(metric_id))
                                   : shared_key(tid, entry);
}

static bool key_is_of(uint64_t key, int entry, const char *metric_id)
{
    uint64_t mine = operation_key(0, entry, metric_id);
    return entry == REGISTRY_OTHER ? (key & ~((uint64_t)TID_BITS << 32)) == mine
                                   : (key & KEY_NAMED) == 0 && (key & 0xff) == mine;
}

static struct shared_operation *shared_cell(struct operations *operations, uint64_t key,
                                            uint32_t probe)
{
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    return &operations->shared[(hash + probe) % SHARED_OPERATIONS];
}

static bool shared_runs(struct operations *operations, uint64_t key)
{
    for (uint32_t probe = 0; probe < SHARED_NEAR; probe++)
        if (__atomic_load_n(&shared_cell(operations, key, probe)->key, __ATOMIC_RELAXED) == key)
            return true;
    return false;
}

/* False: there is no room. */
static bool shared_add(struct operations *operations, uint64_t key, uint64_t start)
{
    for (uint32_t probe = 0; probe < SHARED_NEAR; probe++) {
        struct shared_operation *cell = shared_cell(operations, key, probe);
        uint64_t none = 0;
        if (!__atomic_compare_exchange_n(&cell->key, &none, CELL_TAKEN, false, __ATOMIC_ACQUIRE,
                                         __ATOMIC_RELAXED))
            continue;
        cell->start = start;
        __atomic_store_n(&cell->key, key, __ATOMIC_RELEASE);
        return true;
    }
    return false;
}

/* Empties a cell if it still has that operation. 0: it has not. */
static uint64_t cell_take(struct shared_operation *cell, uint64_t key)
{
    if (!__atomic_compare_exchange_n(&cell->key, &key, CELL_TAKEN, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return 0;
    uint64_t start = cell->start;
    __atomic_store_n(&cell->key, 0, __ATOMIC_RELEASE);
    return start;
}

static uint64_t shared_take(struct operations *operations, uint64_t key)
{
    uint64_t start = 0;
    for (uint32_t probe = 0; probe < SHARED_NEAR && start == 0; probe++)
        start = cell_take(shared_cell(operations, key, probe), key);
    return start;
}

static uint64_t *ring_starts(const struct recorder *recorder, struct operations *operations)
{
    return operations->starts[thread_ring.control - recorder->image->control];
}

/* This thread's operation begins, unless it runs already or there is no room. */
static bool start_put(struct recorder *recorder, uint64_t epoch, int entry, const char *metric_id)
{
    struct operations *operations = operations_of(recorder);
    if (operations == NULL)
        operations = operations_make(recorder);
    if (operations == NULL)
        return false;
    if (!thread_attach(recorder, epoch) || entry == REGISTRY_OTHER) {
        uint64_t key = operation_key(thread_ring.tid, entry, metric_id);
        return !shared_runs(operations, key) &&
               shared_add(operations, key, clock_source_read(recorder->handle.clock_));
    }
    uint64_t *start = &ring_starts(recorder, operations)[entry];
    if (__atomic_load_n(start, __ATOMIC_RELAXED) != 0)
        return false;
    __atomic_store_n(start, clock_source_read(recorder->handle.clock_), __ATOMIC_RELEASE);
    return true;
}

/* When this thread's operation began, which ends. 0: none runs. */
static uint64_t start_take(struct recorder *recorder, uint64_t epoch, int entry,
                           const char *metric_id)
{
    struct operations *operations = operations_of(recorder);
    if (operations == NULL)
        return 0;
    if (!thread_attach(recorder, epoch) || entry == REGISTRY_OTHER)
        return shared_take(operations, operation_key(thread_ring.tid, entry, metric_id));
    uint64_t *place = &ring_starts(recorder, operations)[entry];
    uint64_t start = __atomic_load_n(place, __ATOMIC_RELAXED);
    return start != 0 ? __atomic_exchange_n(place, 0, __ATOMIC_ACQ_REL) : 0;
}

/* Any other thread's operation of this metric, taken from it. 0: none runs. */
static uint64_t start_steal(struct recorder *recorder, int entry, const char *metric_id)
{
    struct operations *operations = operations_of(recorder);
    uint64_t start = 0;
    if (operations == NULL)
        return 0;
    for (int ring = 0; ring < RING_OWNED && start == 0; ring++)
        start = __atomic_exchange_n(&operations->starts[ring][entry], 0, __ATOMIC_ACQ_REL);
    for (int at = 0; at < SHARED_OPERATIONS && start == 0; at++) {
        struct shared_operation *cell = &operations->shared[at];
        uint64_t key = __atomic_load_n(&cell->key, __ATOMIC_RELAXED);
        if (key > CELL_TAKEN && key_is_of(key, entry, metric_id))
            start = cell_take(cell, key);
    }
    return start;
}

void operations_inherit(struct recorder *recorder, size_t ring)
{
    struct operations *operations = operations_of(recorder);
    for (int entry = 0; operations != NULL && entry < REGISTRY_CAPACITY; entry++) {
        uint64_t start = __atomic_exchange_n(&operations->starts[ring][entry], 0,
                                             __ATOMIC_ACQ_REL);
        if (start != 0 && !shared_add(operations, shared_key(TID_ENDED, entry), start))
            count_up(&recorder->image->header.unmatched);
    }
}

/* The session, and the metric's entry in it. What fails is counted. */
static enum tare_status operation_find(struct recorder *recorder, const char *metric_id,
                                       uint64_t *epoch, int *entry)
{
    *epoch = recorder_epoch(recorder);
    if (*epoch == 0)
        *epoch = recorder_session(recorder);
    if (*epoch == 0)
        return TARE_E_FULL;
    const tare_metric metric = {.id = metric_id};
    *entry = registry_find(recorder->image, &recorder->index, &metric, KIND_TICKS, false);
    if (*entry >= 0)
        return TARE_OK;
    count_up(&recorder->image->header.refused);
    return TARE_E_USAGE;
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
    enum tare_status status = operation_find(recorder, metric_id, &epoch, &entry);
    if (status == TARE_OK && !start_put(recorder, epoch, entry, metric_id))
        status = unmatched(recorder);
    return status;
}

static enum tare_status operation_end(tare_tracker *tracker, const char *metric_id, uint64_t flags)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    struct recorder *recorder = recorder_of(tracker);
    uint64_t end = clock_source_read(tracker->clock_), epoch;
    int entry;
    enum tare_status status = operation_find(recorder, metric_id, &epoch, &entry);
    if (status != TARE_OK)
        return status;
    uint64_t start = start_take(recorder, epoch, entry, metric_id);
    if (start == 0)
        start = start_steal(recorder, entry, metric_id);
    if (start == 0)
        return unmatched(recorder);
    uint64_t ticks = end > start ? end - start : 0;
    if (entry != REGISTRY_OTHER && !registry_warms(&recorder->index, entry))
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
