#include "record/accumulator.h"

#include "record/pages.h"
#include "record/pool.h"
#include "stats/histogram.h"

#include <string.h>

/* SIGKILL sees the stores in the order of the machine code: this keeps the compiler to ours. */
#define IN_ORDER() __asm__ volatile("" ::: "memory")

#define OCTAVE_NEGATIVE 0x8000u

/* The totals that this fold may change: the newer set, made from the older at its first call. */
static struct totals *tally_begin(struct tally *tally, struct fold_tag fold)
{
    uint64_t name = (uint64_t)fold.ring << TAG_RING_SHIFT | (fold.from & TAG_FROM_MASK);
    uint64_t newer = UINT64_C(1) << TAG_NEWER_SHIFT;
    uint64_t tag = tally->tag;
    unsigned current = (tag & newer) != 0;
    if (tag != 0 && (tag & ~newer) == name)
        return &tally->totals[current];
    tally->totals[!current] = tally->totals[current];
    IN_ORDER();
    tally->tag = name | (current ? 0 : newer);
    IN_ORDER();
    return &tally->totals[!current];
}

const struct totals *tally_settled(const struct tally *tally, const struct session_image *image)
{
    uint64_t tag = tally->tag;
    unsigned newer = (tag >> TAG_NEWER_SHIFT) & 1;
    uint32_t ring = (uint32_t)(tag >> TAG_RING_SHIFT);
    bool happened = ring >= RING_COUNT ||
                    (image->control[ring].folded & TAG_FROM_MASK) != (tag & TAG_FROM_MASK);
    return &tally->totals[happened ? newer : !newer];
}

void tally_settle(struct tally *tally)
{
    tally->totals[0] = tally->totals[(tally->tag >> TAG_NEWER_SHIFT) & 1];
    tally->tag = TAG_SETTLED;
}

const struct tally *tally_of(const struct session_image *image, size_t metric)
{
    const struct tally *tally = &image->tallies[metric];
    return pages_reserved(image, tally, sizeof *tally) ? tally : NULL;
}

struct accumulator *accumulator_add(struct session_image *image, uint16_t *head, uint32_t metric,
                                    uint32_t window, unsigned spare)
{
    uint16_t unit = pool_allocate(image, spare);
    if (unit == 0)
        return NULL;
    struct accumulator *accumulator = accumulator_at(image, unit);
    accumulator->window = accumulator->window_last = window;
    accumulator->metric = (uint8_t)metric;
    accumulator->next = *head;
    __atomic_store_n(head, unit, __ATOMIC_RELEASE);
    return accumulator;
}

/* Whether the record with this commit word belongs to the run. */
static inline bool run_holds(const struct record_run *run, uint64_t commit)
{
    return commit >> COMMIT_METRIC_SHIFT == run->key &&
           (commit & COMMIT_TIME_MASK) < run->window_end;
}

static inline uint64_t run_commit(const struct record_run *run, uint64_t index)
{
    return __atomic_load_n(&run->ring[index % RING_CAPACITY].commit, __ATOMIC_ACQUIRE);
}

/* Counts the times of a run that ended before `end`: within a ring they only grow, to a thousandth
 * of a second. */
static void totals_see(struct totals *totals, const struct record_run *run, uint64_t end)
{
    uint64_t first = run_commit(run, run->from) & COMMIT_TIME_MASK;
    uint64_t last = run_commit(run, end - 1) & COMMIT_TIME_MASK;
    if (totals->first == 0 || first < totals->first)
        totals->first = first;
    if (last > totals->last)
        totals->last = last;
}

static inline void totals_add(struct totals *totals, double value)
{
    totals->min = totals->n == 0 || value < totals->min ? value : totals->min;
    totals->max = totals->n == 0 || value > totals->max ? value : totals->max;
    totals->sum += value;
    totals->n++;
}

static inline uint16_t octave_key(int32_t index, uint32_t *bucket)
{
    uint32_t size = (uint32_t)(index < 0 ? -index : index) - 1;
    *bucket = size % CHUNK_BUCKETS;
    return (uint16_t)(size / CHUNK_BUCKETS | (index < 0 ? OCTAVE_NEGATIVE : 0));
}

int32_t octave_index(uint16_t octave, uint32_t bucket)
{
    int32_t size = (int32_t)((octave & ~OCTAVE_NEGATIVE) * CHUNK_BUCKETS + bucket) + 1;
    return octave & OCTAVE_NEGATIVE ? -size : size;
}

/* Where an octave stands in the table; -1: nowhere. */
static inline int octave_find(const struct accumulator *accumulator, uint16_t octave)
{
    for (int i = 0; i < accumulator->octave_count; i++)
        if (accumulator->octave[i] == octave)
            return i;
    return -1;
}

static int octave_open(struct session_image *image, struct accumulator *accumulator,
                       uint16_t octave)
{
    if (accumulator->closed)
        return -1;
    uint16_t unit = accumulator->octave_count < OCTAVES_MAX ? pool_allocate(image, 0) : 0;
    if (unit == 0) {
        accumulator->closed = 1;
        return -1;
    }
    int at = accumulator->octave_count;
    accumulator->octave[at] = octave;
    accumulator->chunk[at] = unit;
    IN_ORDER();
    accumulator->octave_count++;
    return at;
}

/* The counter for a value, NULL when a reader finds that its octave has none. */
static uint32_t *counter_find(struct session_image *image, struct accumulator *accumulator,
                              double scaled, bool open)
{
    int32_t index = histogram_index(scaled);
    if (index == 0)
        return &accumulator->zeros;
    uint32_t bucket;
    uint16_t octave = octave_key(index, &bucket);
    int at = octave_find(accumulator, octave);
    if (at < 0 && open)
        at = octave_open(image, accumulator, octave);
    if (at < 0)
        return &accumulator->unbucketed;
    return &image->pool[accumulator->chunk[at] - 1].buckets[bucket];
}

static uint64_t exact_unit_of(uint64_t index, uint64_t *place)
{
    *place = (index - EXACT_INLINE) % EXACT_IN_UNIT;
    return (index - EXACT_INLINE) / EXACT_IN_UNIT;
}

const double *accumulator_exact(const struct session_image *image,
                                const struct accumulator *accumulator, uint64_t index)
{
    if (index < EXACT_INLINE)
        return &accumulator->exact[index];
    uint64_t place, unit = exact_unit_of(index, &place);
    if (accumulator->exact_unit[unit] == 0)
        return NULL;
    return &image->pool[accumulator->exact_unit[unit] - 1].exact[place];
}

/* Whether value number `index` is kept exactly; allocates its unit. Once refused, always. */
static bool exact_keep(struct session_image *image, struct accumulator *accumulator,
                       uint64_t index, double value)
{
    if (index < EXACT_INLINE) {
        accumulator->exact[index] = value;
        return true;
    }
    uint64_t place, unit = exact_unit_of(index, &place);
    uint16_t *at = &accumulator->exact_unit[unit];
    if (*at == 0 && place == 0 && !accumulator->closed)
        *at = pool_allocate(image, 0);
    if (*at == 0)
        return false;
    image->pool[*at - 1].exact[place] = value;
    return true;
}

/* The chunks that values went into, by the sign and exponent of these: the next value mostly goes
 * into one of them, too. Places for as many octaves as times of one kind spread over. */
#define CHUNKS_REMEMBERED 4
#define OCTAVE_UNKNOWN    UINT64_MAX
#define OCTAVE_OF_ZERO    UINT64_C(0) /* or of what is too small to have an exponent; never kept */

_Static_assert(CHUNK_BUCKETS == HISTOGRAM_SUB_BUCKETS, "an octave is a chunk");

struct chunk_place {
    uint64_t octave; /* the highest twelve bits of a double */
    uint32_t *buckets;
};

struct chunk_memory {
    struct chunk_place places[CHUNKS_REMEMBERED];
};

static void memory_init(struct chunk_memory *memory)
{
    for (int i = 0; i < CHUNKS_REMEMBERED; i++)
        memory->places[i].octave = OCTAVE_UNKNOWN;
}

static __attribute__((noinline)) uint32_t *counter_learn(struct session_image *image,
                                                         struct accumulator *accumulator,
                                                         uint64_t bits,
                                                         struct chunk_memory *memory)
{
    double scaled;
    memcpy(&scaled, &bits, sizeof scaled);
    uint32_t *counter = counter_find(image, accumulator, scaled, true);
    if ((bits >> 52 & 0x7ff) != OCTAVE_OF_ZERO && counter != &accumulator->unbucketed) {
        uint32_t bucket;
        (void)octave_key(histogram_index(scaled), &bucket);
        memory->places[(bits >> 52) % CHUNKS_REMEMBERED] = (struct chunk_place){bits >> 52,
                                                                                counter - bucket};
    }
    return counter;
}

/* One value behind the exact ones: into the histogram. The counter is what counter_find() finds,
 * mostly without looking: the bucket is the six highest bits of the mantissa (stats/histogram.h).
 */
static inline void value_condense(struct session_image *image, struct accumulator *accumulator,
                                  double scaled, struct chunk_memory *memory)
{
    uint64_t bits;
    memcpy(&bits, &scaled, sizeof bits);
    const struct chunk_place *place = &memory->places[(bits >> 52) % CHUNKS_REMEMBERED];
    uint32_t *counter;
    if (__builtin_expect(place->octave == bits >> 52, 1))
        counter = &place->buckets[bits >> HISTOGRAM_DROPPED_BITS & (CHUNK_BUCKETS - 1)];
    else
        counter = counter_learn(image, accumulator, bits, memory);
    uint32_t count = __atomic_load_n(counter, __ATOMIC_RELAXED) + 1;
    __atomic_store_n(counter, count, __ATOMIC_RELAXED);
    if (__builtin_expect(count > CHUNK_FULL, 0))
        accumulator->worn = 1;
}

/* The first values of an accumulator. Returns where the run goes on. */
static uint64_t exact_apply(struct session_image *image, struct accumulator *accumulator,
                            struct totals *totals, const struct record_run *run)
{
    struct chunk_memory memory;
    uint64_t i = run->from;
    memory_init(&memory);
    for (; i < run->to && totals->n < EXACT_MAX; i++) {
        const struct record *record = &run->ring[i % RING_CAPACITY];
        uint64_t commit = run_commit(run, i);
        if (!run_holds(run, commit))
            break;
        if (commit & COMMIT_FAILED) {
            totals->failed++;
            continue;
        }
        double value = record_value(record, run->kind);
        if (!exact_keep(image, accumulator, totals->n, value))
            value_condense(image, accumulator, value * run->scale, &memory);
        totals_add(totals, value);
    }
    return i;
}

/* The totals stay in registers for the length of the run: nobody reads them before the fold is
 * committed. The histogram's counters are written one by one, in order. One comparison tells
 * whether a record goes on with the run: another lap or metric, a failure and a time behind the
 * window all make a larger number of it. */
static inline __attribute__((always_inline)) uint64_t
condense_apply(struct session_image *image, struct accumulator *accumulator, struct totals *totals,
               const struct record_run *run, uint64_t from, uint32_t kind)
{
    struct chunk_memory memory;
    const struct record *begin = &run->ring[from % RING_CAPACITY], *at = begin;
    const struct record *end = begin + (run->to - from);
    const uint64_t base = run->key << COMMIT_METRIC_SHIFT;
    const uint64_t limit = run->window_end < COMMIT_FAILED ? run->window_end : COMMIT_FAILED;
    const double scale = run->scale;
    double sum = totals->sum, low = totals->min, high = totals->max;
    uint64_t failed = 0;
    memory_init(&memory);
    for (; at < end; at++) {
        uint64_t passed = __atomic_load_n(&at->commit, __ATOMIC_ACQUIRE) - base;
        if (__builtin_expect(passed >= limit, 0)) {
            if ((passed & ~COMMIT_FAILED) >= limit)
                break;
            failed++;
            continue;
        }
        double value = record_value(at, kind);
        sum += value;
        low = value < low ? value : low;
        high = value > high ? value : high;
        value_condense(image, accumulator, value * scale, &memory);
    }
    totals->n += (uint64_t)(at - begin) - failed;
    totals->failed += failed;
    totals->sum = sum;
    totals->min = low;
    totals->max = high;
    return from + (uint64_t)(at - begin);
}

uint64_t accumulator_apply(struct session_image *image, struct accumulator *accumulator,
                           struct fold_tag fold, const struct record_run *run)
{
    struct totals *totals = tally_begin(&accumulator->tally, fold);
    uint64_t at = exact_apply(image, accumulator, totals, run);
    if (at < run->to && run->kind == KIND_TICKS)
        at = condense_apply(image, accumulator, totals, run, at, KIND_TICKS);
    else if (at < run->to)
        at = condense_apply(image, accumulator, totals, run, at, KIND_VALUE);
    totals_see(totals, run, at);
    return at;
}

uint64_t tally_apply(struct tally *tally, struct fold_tag fold, const struct record_run *run)
{
    struct totals *totals = tally_begin(tally, fold);
    uint64_t i = run->from;
    for (; i < run->to; i++) {
        uint64_t commit = run_commit(run, i);
        if (!run_holds(run, commit))
            break;
        if (commit & COMMIT_FAILED)
            totals->failed++;
        else
            totals_add(totals, record_value(&run->ring[i % RING_CAPACITY], run->kind));
    }
    totals_see(totals, run, i);
    return i;
}

void accumulator_revert(struct session_image *image, struct accumulator *accumulator,
                        const struct record_run *run, uint64_t before, uint64_t count)
{
    for (uint64_t i = run->from; i < run->to && count > 0; i++) {
        const struct record *record = &run->ring[i % RING_CAPACITY];
        if (commit_metric(record->commit) != accumulator->metric ||
            (record->commit & COMMIT_FAILED) != 0)
            continue;
        if (before < EXACT_MAX && accumulator_exact(image, accumulator, before) != NULL) {
            before++;
            continue;
        }
        before++;
        double value = record_value(record, run->kind);
        uint32_t *counter = counter_find(image, accumulator, value * run->scale, false);
        *counter -= 1;
        count--;
    }
}

uint64_t accumulator_exact_count(const struct session_image *image,
                                 const struct accumulator *accumulator, uint64_t n)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < n && i < EXACT_MAX; i++)
        count += accumulator_exact(image, accumulator, i) != NULL;
    return count;
}

uint64_t accumulator_condensed(const struct session_image *image,
                               const struct accumulator *accumulator)
{
    uint64_t count = (uint64_t)accumulator->zeros + accumulator->unbucketed;
    for (int i = 0; i < accumulator->octave_count; i++)
        for (int bucket = 0; bucket < CHUNK_BUCKETS; bucket++)
            count += image->pool[accumulator->chunk[i] - 1].buckets[bucket];
    return count;
}

void accumulator_free(struct session_image *image, uint16_t unit)
{
    struct accumulator *accumulator = accumulator_at(image, unit);
    for (int i = 0; i < EXACT_UNITS; i++)
        if (accumulator->exact_unit[i] != 0)
            pool_free(image, accumulator->exact_unit[i]);
    for (int i = 0; i < accumulator->octave_count; i++)
        pool_free(image, accumulator->chunk[i]);
    pool_free(image, unit);
}
