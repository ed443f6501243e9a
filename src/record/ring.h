/* Putting a record into a ring. Async-signal-safe, wait-free unless the ring is full. */
#ifndef RECORD_RING_H
#define RECORD_RING_H

#include "record/fold.h"

/* Adds 1 to `*head` if it is still `expected`. On x86-64 without a bus lock: only this thread and
 * its signal handlers write `head`, and they cannot come between one instruction. */
static inline bool head_advance(uint64_t *head, uint64_t expected)
{
#if defined(__x86_64__)
    bool done;
    __asm__ volatile("cmpxchgq %3, %1"
                     : "=@ccz"(done), "+m"(*head), "+a"(expected)
                     : "r"(expected + 1)
                     : "memory");
    return done;
#else
    return __atomic_compare_exchange_n(head, &expected, expected + 1, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
#endif
}

static inline void record_write(struct record *ring, uint64_t index, uint64_t value,
                                uint64_t commit)
{
    struct record *record = &ring[index % RING_CAPACITY];
    __atomic_store_n(&record->value, value, __ATOMIC_RELAXED);
    __atomic_store_n(&record->commit, commit | commit_lap(index), __ATOMIC_RELEASE);
}

/* Into the ring of the calling thread. False: it is full. */
static inline bool ring_push(struct ring_control *control, struct record *ring, uint64_t value,
                             uint64_t commit)
{
    for (;;) {
        uint64_t head = __atomic_load_n(&control->head, __ATOMIC_RELAXED);
        uint64_t folded = __atomic_load_n(&control->folded, __ATOMIC_ACQUIRE);
        if (__builtin_expect(head - folded >= RING_CAPACITY, 0))
            return false;
        if (__builtin_expect(head_advance(&control->head, head), 1)) {
            record_write(ring, head, value, commit);
            return true;
        }
    }
}

/* Into the shared ring, from any thread; into the spare one where that is full and somebody else
 * folds it, or the caller is a signal handler and interrupted who does. False: for as long as we
 * care to wait both are. */
bool ring_push_shared(struct session_image *image, uint64_t value, uint64_t commit);

#endif
