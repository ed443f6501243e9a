/* Accumulators: what is kept of samples that left a ring. See layout.h. All changing calls under
 * the lock of the ring whose bank the accumulator belongs to. */
#ifndef RECORD_ACCUMULATOR_H
#define RECORD_ACCUMULATOR_H

#include "record/layout.h"

#include <string.h>

/* The fold that is going on: ring, and where its `folded` stands. */
struct fold_tag {
    uint32_t ring;
    uint64_t from;
};

/* Consecutive records: those from `from` on, before `to`, as long as their commit word says `key`,
 * the lap and the metric, and a time before `window_end`. The first one does. */
struct record_run {
    const struct record *ring;
    uint64_t from, to;
    uint64_t key; /* commit word >> COMMIT_METRIC_SHIFT */
    uint64_t window_end;
    uint32_t kind; /* enum entry_kind */
    double scale;  /* from what totals are in (ticks, or base units) into base units */
};

/* The totals that count: of the newest fold if it has happened, else those before it. */
const struct totals *tally_settled(const struct tally *tally, const struct session_image *image);

/* A tag of no ring: the totals of a tally that carries it need no fold to have happened. */
#define TAG_SETTLED ((uint64_t)0xf << TAG_RING_SHIFT)

/* Makes the newer totals those that count for good: no fold is going on. */
void tally_settle(struct tally *tally);

/* The last-resort tally of a metric; NULL: its page was never needed. */
const struct tally *tally_of(const struct session_image *image, size_t metric);

/* An accumulator from the pool in front of `*head`, empty; NULL when fewer than `spare` units
 * would be left. */
struct accumulator *accumulator_add(struct session_image *image, uint16_t *head, uint32_t metric,
                                    uint32_t window, unsigned spare);

/* Applies a run: totals, and each succeeded value exactly or in the histogram. Returns where it
 * ended. */
uint64_t accumulator_apply(struct session_image *image, struct accumulator *accumulator,
                           struct fold_tag fold, const struct record_run *run);

/* Applies a run to a last-resort tally: totals only. */
uint64_t tally_apply(struct tally *tally, struct fold_tag fold, const struct record_run *run);

/* The value of a record as totals count it. Ticks fit 63 bits. */
static inline double record_value(const struct record *record, uint32_t kind)
{
    if (kind == KIND_TICKS)
        return (double)(int64_t)record->value;
    double value;
    memcpy(&value, &record->value, sizeof value);
    return value;
}

/* Takes back what accumulator_apply() did to the histogram for the first `count` values that went
 * there, of the records in `run` that are of its metric, whatever its key. `before` values were
 * kept earlier. */
void accumulator_revert(struct session_image *image, struct accumulator *accumulator,
                        const struct record_run *run, uint64_t before, uint64_t count);

/* How many values the histogram holds. */
uint64_t accumulator_condensed(const struct session_image *image,
                               const struct accumulator *accumulator);

/* The place of exact value `index` (< EXACT_MAX) where it has one, else NULL. */
const double *accumulator_exact(const struct session_image *image,
                                const struct accumulator *accumulator, uint64_t index);

/* How many of its first `n` values it keeps exactly. */
uint64_t accumulator_exact_count(const struct session_image *image,
                                 const struct accumulator *accumulator, uint64_t n);

/* The histogram index (stats/histogram.h) of a bucket of an octave. */
int32_t octave_index(uint16_t octave, uint32_t bucket);

/* Gives an accumulator and what it holds back to the pool. */
void accumulator_free(struct session_image *image, uint16_t unit);

#endif
