#include "record/seal.h"

#include "base/file.h"
#include "record/accumulator.h"
#include "record/clock_source.h"
#include "record/fold.h"
#include "record/image.h"
#include "record/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SEAL_MAGIC      UINT64_C(0x316c616573657261)
#define LOCK_WAIT_TRIES 2000
#define LOCK_WAIT_NS    50000

static void seal_path(const char *folder, const char *writer, uint64_t sequence,
                      char path[SESSION_PATH_SIZE + 32])
{
    snprintf(path, SESSION_PATH_SIZE + 32, "%s/%s.%llu.seal", folder, writer,
             (unsigned long long)sequence);
}

static struct seal *seal_map(const char *path, int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd < 0)
        return NULL;
    int failed = file_may_grow(sizeof(struct seal)) ? posix_fallocate(fd, 0, sizeof(struct seal))
                                                    : errno;
    void *seal = failed == 0
                     ? mmap(NULL, sizeof(struct seal), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                     : MAP_FAILED;
    if (failed != 0)
        errno = failed;
    close(fd);
    return seal != MAP_FAILED ? seal : NULL;
}

struct seal *seal_make(const char *folder, const char *writer, uint64_t sequence,
                       uint32_t cut_window)
{
    char path[SESSION_PATH_SIZE + 32];
    seal_path(folder, writer, sequence, path);
    struct seal *seal = seal_map(path, O_CREAT);
    if (seal == NULL) {
        int saved = errno;
        unlink(path);
        errno = saved;
    } else if (seal->magic != SEAL_MAGIC) {
        seal->sequence = sequence;
        seal->cut_window = cut_window;
        __atomic_store_n(&seal->magic, SEAL_MAGIC, __ATOMIC_RELEASE);
    }
    return seal;
}

struct seal *seal_open(const char *folder, const char *writer, uint64_t sequence)
{
    char path[SESSION_PATH_SIZE + 32];
    seal_path(folder, writer, sequence, path);
    struct seal *seal = seal_map(path, 0);
    if (seal != NULL && seal->magic != SEAL_MAGIC) {
        seal_close(seal);
        seal = NULL;
    }
    return seal;
}

void seal_close(struct seal *seal)
{
    if (seal != NULL)
        munmap(seal, sizeof *seal);
}

void seal_remove(const char *folder, const char *writer, uint64_t sequence)
{
    char path[SESSION_PATH_SIZE + 32];
    seal_path(folder, writer, sequence, path);
    unlink(path);
}

/* TAKING under the file lock that we hold is what a killed taker left. */
static bool ring_lock(struct ring_control *control)
{
    const struct timespec pause = {0, LOCK_WAIT_NS};
    for (int tries = 0; tries < LOCK_WAIT_TRIES; tries++) {
        uint32_t found = RING_FREE;
        if (__atomic_compare_exchange_n(&control->lock, &found, RING_TAKING, false,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED) ||
            found == RING_TAKING)
            return true;
        if (tries > 100)
            nanosleep(&pause, NULL);
    }
    return false;
}

static void unit_copy(struct session_image *to, const struct session_image *from, uint16_t unit)
{
    if (unit != 0)
        to->pool[unit - 1] = from->pool[unit - 1];
}

static void accumulators_copy(struct session_image *to, struct session_image *live, uint16_t unit)
{
    for (; unit != 0; unit = accumulator_at(live, unit)->next) {
        const struct accumulator *at = accumulator_at(live, unit);
        unit_copy(to, live, unit);
        tally_settle(&accumulator_at(to, unit)->tally);
        for (int i = 0; i < EXACT_UNITS; i++)
            unit_copy(to, live, at->exact_unit[i]);
        for (int i = 0; i < at->octave_count; i++)
            unit_copy(to, live, at->chunk[i]);
    }
}

/* The newest accumulator all of whose windows lie before the cut; the lists go from new to old. */
static uint16_t list_cut(struct session_image *live, uint16_t unit, uint32_t cut_window)
{
    while (unit != 0 && accumulator_at(live, unit)->window_last >= cut_window)
        unit = accumulator_at(live, unit)->next;
    return unit;
}

static uint64_t ring_cut(const struct session_image *live, uint32_t ring, uint32_t cut_window,
                         double rate, bool dead)
{
    const struct ring_control *control = &live->control[ring];
    uint64_t at = control->folded;
    uint64_t head = __atomic_load_n(&control->head, __ATOMIC_ACQUIRE);
    for (; at < head; at++) {
        if (!record_committed(live, ring, at)) {
            if (dead)
                continue;
            break;
        }
        uint64_t coarse = ring_at(live, ring)[at % RING_CAPACITY].commit & COMMIT_TIME_MASK;
        if (cut_window != UINT32_MAX &&
            window_of(live->header.card.window_ns, rate, coarse, NULL) >= cut_window)
            break;
    }
    return at;
}

static void ring_copy(struct seal *seal, struct session_image *live, uint32_t ring, double rate,
                      bool dead)
{
    struct session_image *to = &seal->image;
    uint64_t cut = ring_cut(live, ring, seal->cut_window, rate, dead);
    to->control[ring] = live->control[ring];
    to->control[ring].head = cut;
    if (cut > to->control[ring].folded)
        memcpy(ring_at(to, ring), ring_at(live, ring), sizeof to->first_ring);
    for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++) {
        uint16_t unit = list_cut(live, head_of(live, ring, metric), seal->cut_window);
        to->heads[ring][metric] = unit;
        accumulators_copy(to, live, unit);
    }
    for (size_t i = 0; ring == RING_SHARED && i < live->header.metric_count; i++)
        if (tally_of(live, i) != NULL) {
            to->tallies[i] = live->tallies[i];
            tally_settle(&to->tallies[i]);
        }
}

static void accumulators_unlink(const struct seal *seal, struct session_image *live, uint32_t ring)
{
    for (size_t metric = 0; image_folded(live) && metric < REGISTRY_CAPACITY; metric++) {
        uint16_t cut = seal->image.heads[ring][metric];
        uint16_t *link = &live->heads[ring][metric];
        while (*link != 0 && *link != cut)
            link = &accumulator_at(live, *link)->next;
        *link = 0;
    }
}

/* What the seal has, the session has no more. Its units are not given back yet: another ring could
 * get them, and the seal would copy them there once more. */
static void ring_clear(struct seal *seal, struct session_image *live, uint32_t ring)
{
    static const struct tally none;
    accumulators_unlink(seal, live, ring);
    for (size_t i = 0; ring == RING_SHARED && i < live->header.metric_count; i++)
        if (seal->image.tallies[i].tag != 0)
            live->tallies[i] = none;
    __atomic_store_n(&live->control[ring].folded, seal->image.control[ring].head,
                     __ATOMIC_RELEASE);
}

static void ring_seal(struct seal *seal, struct session_image *live, uint32_t ring, bool dead)
{
    struct ring_control *control = &live->control[ring];
    if (control->taken != seal->sequence + 1) {
        struct anchor now;
        anchor_take(live->header.card.clock, &now);
        ring_copy(seal, live, ring, image_rate(live, &now), dead);
        __atomic_store_n(&control->taken, seal->sequence + 1, __ATOMIC_SEQ_CST);
    }
    ring_clear(seal, live, ring);
}

/* A taker that is killed here leaves units in use until seal_reclaim(). */
static void units_free(const struct seal *seal, struct session_image *live)
{
    for (size_t ring = 0; ring < RING_COUNT; ring++)
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++)
            for (uint16_t unit = seal->image.heads[ring][metric]; unit != 0;) {
                uint16_t next = accumulator_at(live, unit)->next;
                accumulator_free(live, unit);
                unit = next;
            }
}

/* After the entries: of those that are ready all words stand. */
static void words_copy(struct session_image *to, const struct session_image *live)
{
    uint32_t used = __atomic_load_n(&live->header.words_used, __ATOMIC_ACQUIRE);
    used = used < WORDS_FIRST + WORDS_MORE ? used : WORDS_FIRST + WORDS_MORE;
    memcpy(to->words, live->words, used < WORDS_FIRST ? used : WORDS_FIRST);
    if (used > WORDS_FIRST)
        memcpy(to->more_words, live->more_words, used - WORDS_FIRST);
}

static void seal_complete(struct seal *seal, const struct session_image *live)
{
    struct session_image *to = &seal->image;
    uint32_t count = __atomic_load_n(&live->header.metric_count, __ATOMIC_ACQUIRE);
    count = count < REGISTRY_CAPACITY ? count : REGISTRY_CAPACITY;
    to->header = live->header;
    to->header.metric_count = count;
    to->header.sequence = seal->sequence;
    for (uint32_t i = 0; i < count; i++)
        if (__atomic_load_n(&live->registry[i].state, __ATOMIC_ACQUIRE) == ENTRY_READY)
            to->registry[i] = live->registry[i];
    words_copy(to, live);
    anchor_take(live->header.card.clock, &to->header.last);
    __atomic_store_n(&seal->complete, 1, __ATOMIC_RELEASE);
}

static void unit_mark(uint64_t used[POOL_WORDS], uint16_t unit)
{
    if (unit != 0)
        used[(unit - 1) / 64] |= UINT64_C(1) << (unit - 1) % 64;
}

static void units_mark(struct session_image *live, uint64_t used[POOL_WORDS])
{
    for (size_t ring = 0; ring < RING_COUNT; ring++)
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++)
            for (uint16_t unit = head_of(live, ring, metric); unit != 0;) {
                const struct accumulator *at = accumulator_at(live, unit);
                unit_mark(used, unit);
                for (int i = 0; i < EXACT_UNITS; i++)
                    unit_mark(used, at->exact_unit[i]);
                for (int i = 0; i < at->octave_count; i++)
                    unit_mark(used, at->chunk[i]);
                unit = at->next;
            }
}

void seal_reclaim(struct session_image *live)
{
    uint64_t used[POOL_WORDS] = {0};
    uint32_t locked = 0;
    while (locked < RING_COUNT && ring_lock(&live->control[locked]))
        locked++;
    if (locked == RING_COUNT) {
        units_mark(live, used);
        for (int word = 0; word < POOL_WORDS; word++)
            __atomic_store_n(&live->header.pool[word], used[word], __ATOMIC_RELEASE);
    }
    while (locked > 0)
        __atomic_store_n(&live->control[--locked].lock, RING_FREE, __ATOMIC_RELEASE);
}

enum tare_status seal_fill(struct seal *seal, struct session_image *live, bool dead,
                           struct tare_error *error)
{
    if (dead)
        image_settle(live);
    for (uint32_t ring = 0; ring < RING_COUNT && !seal->complete; ring++) {
        struct ring_control *control = &live->control[ring];
        bool done = control->taken == seal->sequence + 1;
        if (done && __atomic_load_n(&control->lock, __ATOMIC_ACQUIRE) != RING_TAKING)
            continue;
        if (!dead && !ring_lock(control))
            return error_set(error, TARE_E_BUSY,
                             "process %u holds its samples, perhaps it is stopped: later",
                             live->header.card.pid);
        ring_seal(seal, live, ring, dead);
        if (!dead)
            __atomic_store_n(&control->lock, RING_FREE, __ATOMIC_RELEASE);
    }
    if (!seal->complete) {
        seal_complete(seal, live);
        units_free(seal, live);
    }
    return TARE_OK;
}
