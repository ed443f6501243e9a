#include "notify/backoff.h"

#include "base/clock.h"

int64_t backoff_ns(uint32_t attempts, uint32_t random, int64_t asked_ns)
{
    int64_t wait_s = BACKOFF_FIRST_S;
    for (uint32_t i = 1; i < attempts && wait_s < BACKOFF_MOST_S; i++)
        wait_s *= 2;
    if (wait_s > BACKOFF_MOST_S)
        wait_s = BACKOFF_MOST_S;
    int64_t wait_ns = wait_s * CLOCK_NS_PER_SECOND;
    wait_ns -= (int64_t)((double)wait_ns / 4 * ((double)random / UINT32_MAX));
    if (asked_ns > CLOCK_NS_PER_DAY)
        asked_ns = CLOCK_NS_PER_DAY;
    return wait_ns > asked_ns ? wait_ns : asked_ns;
}
