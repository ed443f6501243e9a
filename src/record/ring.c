#include "record/ring.h"

#include "record/pages.h"

#include <sched.h>

/* Whoever folds needs about a microsecond; when it was descheduled, our time is better given to
 * it. */
#define SHARED_TRIES  400
#define SHARED_YIELDS 200

static inline void wait_briefly(int tries)
{
    if (tries > SHARED_TRIES)
        sched_yield();
#if defined(__x86_64__)
    else
        __builtin_ia32_pause();
#endif
}

enum push { PUSH_DONE, PUSH_HELD, PUSH_NO_ROOM };

static enum push push(struct session_image *image, uint32_t number, uint64_t value,
                      uint64_t commit)
{
    struct ring_control *control = &image->control[number];
    struct record *ring = ring_at(image, number);
    if (!pages_reserve(image, ring, sizeof image->first_ring))
        return PUSH_NO_ROOM;
    for (;;) {
        uint64_t head = __atomic_load_n(&control->head, __ATOMIC_RELAXED);
        if (head - __atomic_load_n(&control->folded, __ATOMIC_ACQUIRE) >= RING_CAPACITY) {
            if (!ring_fold(image, number))
                return fold_reserve(image) ? PUSH_HELD : PUSH_NO_ROOM;
        } else if (__atomic_compare_exchange_n(&control->head, &head, head + 1, false,
                                               __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            record_write(ring, head, value, commit);
            return PUSH_DONE;
        }
    }
}

bool ring_push_shared(struct session_image *image, uint64_t value, uint64_t commit)
{
    for (int tries = 0; tries < SHARED_TRIES + SHARED_YIELDS; tries++) {
        enum push shared = push(image, RING_SHARED, value, commit);
        if (shared == PUSH_DONE || push(image, RING_SPARE, value, commit) == PUSH_DONE)
            return true;
        if (shared == PUSH_NO_ROOM)
            return false;
        wait_briefly(tries);
    }
    return false;
}
