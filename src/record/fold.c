#include "record/fold.h"

#include "record/accumulator.h"
#include "record/clock_source.h"
#include "record/pages.h"

/* Units of the pool that threads' own accumulators leave for those that all share. */
#define POOL_SPARE (POOL_UNITS / 4)

struct fold {
    struct session_image *image;
    struct fold_tag tag;
    double ms_per_tick;
    bool shared_locked;
};

static bool lock_take(struct ring_control *control)
{
    uint32_t free = RING_FREE;
    return __atomic_compare_exchange_n(&control->lock, &free, RING_FOLDING, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void lock_release(struct ring_control *control)
{
    __atomic_store_n(&control->lock, RING_FREE, __ATOMIC_RELEASE);
}

uint32_t window_of(int64_t window_ns, double ms_per_tick, uint64_t coarse, uint64_t *end)
{
    double coarse_ns = ms_per_tick * 1e6 * (double)(1u << COARSE_SHIFT);
    double windows = (double)coarse * coarse_ns / (double)window_ns;
    uint32_t window = windows < WINDOW_LAST ? (uint32_t)windows : WINDOW_LAST;
    if (end != NULL)
        *end = (uint64_t)((double)(window + 1) * (double)window_ns / coarse_ns) + 1;
    return window;
}

/* The rate of the clock by the time that has passed since the session opened: measured again
 * whenever that has doubled. */
static double rate_of(struct session_image *image, uint64_t coarse)
{
    struct session_header *header = &image->header;
    if (coarse >= __atomic_load_n(&header->calibrate_at, __ATOMIC_RELAXED)) {
        struct anchor now;
        anchor_take(header->card.clock, &now);
        double rate = anchor_rate(header->card.clock, &header->card.opened, &now);
        __atomic_store(&header->ms_per_tick, &rate, __ATOMIC_RELAXED);
        __atomic_store_n(&header->calibrate_at, 2 * coarse + 1, __ATOMIC_RELAXED);
    }
    double rate;
    __atomic_load(&header->ms_per_tick, &rate, __ATOMIC_RELAXED);
    return rate;
}

/* The newest accumulator of the bank if it takes records of `window`; otherwise a new one; and
 * when the pool has none, the newest after all: windows merge. */
static struct accumulator *bank_accumulator(struct session_image *image, uint32_t bank,
                                            uint32_t metric, uint32_t window)
{
    uint16_t *head = &image->heads[bank][metric];
    struct accumulator *newest = *head != 0 ? accumulator_at(image, *head) : NULL;
    if (newest != NULL && window <= newest->window_last && !newest->worn)
        return newest;
    unsigned spare = bank >= RING_OWNED ? 0 : POOL_SPARE;
    struct accumulator *added = accumulator_add(image, head, metric, window, spare);
    if (added != NULL)
        return added;
    if (newest != NULL && window > newest->window_last) {
        newest->window_last = window;
        __atomic_fetch_add(&image->header.merged, 1, __ATOMIC_RELAXED);
    }
    return newest;
}

static bool shared_lock(struct fold *fold)
{
    if (fold->tag.ring == RING_SHARED)
        return true;
    if (!fold->shared_locked)
        fold->shared_locked = lock_take(&fold->image->control[RING_SHARED]);
    return fold->shared_locked;
}

/* To the ring's own accumulator, else the shared one, else the registry's tally. Returns how far
 * it came: nowhere when the shared ones are locked by somebody else. */
static uint64_t run_apply(struct fold *fold, uint32_t metric, uint32_t window,
                          const struct record_run *run)
{
    struct session_image *image = fold->image;
    struct accumulator *to = bank_accumulator(image, fold->tag.ring, metric, window);
    if (to == NULL) {
        if (!shared_lock(fold))
            return run->from;
        to = bank_accumulator(image, RING_SHARED, metric, window);
    }
    if (to != NULL)
        return accumulator_apply(image, to, fold->tag, run);
    return tally_apply(&image->tallies[metric], fold->tag, run);
}

/* Runs end where the ring begins anew: there the lap changes. */
static uint64_t fold_records(struct fold *fold, uint64_t from, uint64_t head)
{
    const struct session_image *image = fold->image;
    const struct record *ring = ring_at(image, fold->tag.ring);
    uint64_t window_end = 0;
    uint32_t window = 0;
    while (from < head && record_committed(image, fold->tag.ring, from)) {
        uint64_t commit = ring[from % RING_CAPACITY].commit;
        uint64_t lap_end = (from / RING_CAPACITY + 1) * RING_CAPACITY;
        uint32_t metric = commit_metric(commit);
        struct record_run run = {.ring = ring,
                                 .from = from,
                                 .to = head < lap_end ? head : lap_end,
                                 .key = commit >> COMMIT_METRIC_SHIFT,
                                 .kind = image->registry[metric].kind,
                                 .scale = 1.0};
        if (run.kind == KIND_TICKS)
            run.scale = fold->ms_per_tick;
        if ((commit & COMMIT_TIME_MASK) >= window_end)
            window = window_of(image->header.card.window_ns, fold->ms_per_tick,
                               commit & COMMIT_TIME_MASK, &window_end);
        run.window_end = window_end;
        uint64_t done = run_apply(fold, metric, window, &run);
        if (done == from)
            break;
        from = done;
    }
    return from;
}

bool fold_reserve(struct session_image *image)
{
    uint32_t count = __atomic_load_n(&image->header.metric_count, __ATOMIC_ACQUIRE);
    size_t size = sizeof image->heads + count * sizeof image->tallies[0];
    return pages_reserve(image, image->heads, size);
}

bool ring_fold(struct session_image *image, uint32_t ring)
{
    struct ring_control *control = &image->control[ring];
    if (!fold_reserve(image) || !lock_take(control))
        return false;
    uint64_t from = control->folded, done = from;
    uint64_t head = __atomic_load_n(&control->head, __ATOMIC_ACQUIRE);
    if (head > from && record_committed(image, ring, from)) {
        uint64_t oldest = ring_at(image, ring)[from % RING_CAPACITY].commit & COMMIT_TIME_MASK;
        struct fold fold = {image, {ring, from}, rate_of(image, oldest), false};
        control->fold_scale = fold.ms_per_tick;
        done = fold_records(&fold, from, head);
        __atomic_store_n(&control->folded, done, __ATOMIC_RELEASE);
        if (fold.shared_locked)
            lock_release(&image->control[RING_SHARED]);
    }
    lock_release(control);
    return done > from;
}
