/* Folding: making room in a full ring by applying its records to accumulators, in line, by the
 * thread that found it full. No system call but those that calibrate the clock, which come
 * ever more seldom, and the allocation of pages. */
#ifndef RECORD_FOLD_H
#define RECORD_FOLD_H

#include "record/layout.h"

/* Applies the committed records of a ring. False when none could be: somebody else holds the
 * lock, or the oldest record is not committed yet. Async-signal-safe. */
bool ring_fold(struct session_image *image, uint32_t ring);

/* The pages that every fold needs. False: no memory for them. */
bool fold_reserve(struct session_image *image);

/* Whether the record at `index` is in the ring. */
static inline bool record_committed(const struct session_image *image, uint32_t ring,
                                    uint64_t index)
{
    const struct record *record = &ring_at(image, ring)[index % RING_CAPACITY];
    uint64_t commit = __atomic_load_n(&record->commit, __ATOMIC_ACQUIRE);
    return (commit & UINT64_C(0xffff) << COMMIT_LAP_SHIFT) == commit_lap(index);
}

#define WINDOW_LAST (UINT32_MAX - 2)

/* The window that a coarse time belongs to, WINDOW_LAST at most. `*end` (may be NULL) is the first
 * coarse time behind it. */
uint32_t window_of(int64_t window_ns, double ms_per_tick, uint64_t coarse, uint64_t *end);

#endif
