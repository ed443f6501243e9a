#include "record/pool.h"

#include "record/pages.h"

#include <string.h>

static unsigned pool_used(const struct session_image *image)
{
    unsigned used = 0;
    for (int word = 0; word < POOL_WORDS; word++)
        used += (unsigned)__builtin_popcountll(
            __atomic_load_n(&image->header.pool[word], __ATOMIC_RELAXED));
    return used;
}

/* Takes the lowest clear bit of one word; -1: none. */
static int word_claim(uint64_t *word, int limit)
{
    uint64_t bits = __atomic_load_n(word, __ATOMIC_RELAXED);
    for (;;) {
        int bit = ~bits == 0 ? 64 : __builtin_ctzll(~bits);
        if (bit >= limit)
            return -1;
        if (__atomic_compare_exchange_n(word, &bits, bits | UINT64_C(1) << bit, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return bit;
    }
}

uint16_t pool_allocate(struct session_image *image, unsigned spare)
{
    if (pool_used(image) + spare >= POOL_UNITS)
        return 0;
    for (int word = 0; word < POOL_WORDS; word++) {
        int limit = POOL_UNITS - word * 64 < 64 ? POOL_UNITS - word * 64 : 64;
        int bit = word_claim(&image->header.pool[word], limit);
        if (bit < 0)
            continue;
        uint16_t unit = (uint16_t)(word * 64 + bit + 1);
        if (!pages_reserve(image, &image->pool[unit - 1], POOL_UNIT_SIZE)) {
            pool_free(image, unit);
            return 0;
        }
        memset(&image->pool[unit - 1], 0, POOL_UNIT_SIZE);
        return unit;
    }
    return 0;
}

void pool_free(struct session_image *image, uint16_t unit)
{
    unsigned bit = unit - 1u;
    __atomic_and_fetch(&image->header.pool[bit / 64], ~(UINT64_C(1) << bit % 64),
                       __ATOMIC_RELEASE);
}
