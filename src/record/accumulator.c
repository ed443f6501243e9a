#include "record/accumulator.h"

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

double record_value(const struct record *record, uint32_t kind)
{
    if (kind == KIND_TICKS)
        return (double)record->value;
    double value;
    memcpy(&value, &record->value, sizeof value);
    return value;
}

static inline void totals_see(struct totals *totals, uint64_t time)
{
    if (totals->n + totals->failed == 0)
        totals->first = totals->last = time;
    else if (time > totals->last)
        totals->last = time;
}

static inline void totals_add(struct totals *totals, double value)
{
    if (totals->n == 0)
        totals->min = totals->max = value;
    else if (value < totals->min)
        totals->min = value;
    else if (value > totals->max)
        totals->max = value;
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

void accumulator_apply(struct session_image *image, struct accumulator *accumulator,
                       struct fold_tag fold, const struct record_run *run)
{
    struct totals *totals = tally_begin(&accumulator->tally, fold);
    for (uint64_t i = run->from; i < run->to; i++) {
        const struct record *record = &run->ring[i % RING_CAPACITY];
        totals_see(totals, record->commit & COMMIT_TIME_MASK);
        if (record->commit & COMMIT_FAILED) {
            totals->failed++;
            continue;
        }
        double value = record_value(record, run->kind);
        uint64_t before = totals->n;
        totals_add(totals, value);
        if (before < EXACT_MAX && exact_keep(image, accumulator, before, value))
            continue;
        uint32_t *counter = counter_find(image, accumulator, value * run->scale, true);
        uint32_t count = __atomic_load_n(counter, __ATOMIC_RELAXED) + 1;
        __atomic_store_n(counter, count, __ATOMIC_RELAXED);
        if (__builtin_expect(count > CHUNK_FULL, 0))
            accumulator->worn = 1;
    }
}

void tally_apply(struct tally *tally, struct fold_tag fold, const struct record_run *run)
{
    struct totals *totals = tally_begin(tally, fold);
    for (uint64_t i = run->from; i < run->to; i++) {
        const struct record *record = &run->ring[i % RING_CAPACITY];
        totals_see(totals, record->commit & COMMIT_TIME_MASK);
        if (record->commit & COMMIT_FAILED)
            totals->failed++;
        else
            totals_add(totals, record_value(record, run->kind));
    }
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
