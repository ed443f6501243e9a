#include "record/clock_source.h"

#include "base/clock.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* Milliseconds a tick: of the system's clock, and of counters between 10 MHz and 100 GHz. A rate
 * beyond them was told by clocks that are none. */
#define RATE_SYSTEM 1e-6
#define RATE_LEAST  1e-8
#define RATE_MOST   1e-4

/* By so much the wall clock and CLOCK_MONOTONIC may move apart between two anchors; so long the
 * counter is watched where they did. */
#define APART_NS   100000000
#define MEASURE_NS 250000
#define LOOKS_MOST 10000

uint64_t clock_system_ticks(void)
{
    return (uint64_t)clock_monotonic_ns();
}

#if defined(__x86_64__)
static bool kernel_uses_tsc(void)
{
    char name[16] = "";
    int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                  O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, name, sizeof name - 1);
    close(fd);
    return got == 4 && memcmp(name, "tsc\n", 4) == 0;
}

static bool tsc_invariant(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & 1u << 8) != 0;
}
#endif

/* The counter runs forward. */
bool clock_source_plausible(enum clock_source source)
{
#if defined(__x86_64__)
    if (source == CLOCK_TSC) {
        uint64_t first = __builtin_ia32_rdtsc();
        for (int i = 0; i < 4; i++) {
            uint64_t next = __builtin_ia32_rdtsc();
            if (next < first)
                return false;
            first = next;
        }
        return first > 0;
    }
#endif
    return source == CLOCK_SYSTEM;
}

enum clock_source clock_source_detect(void)
{
#if defined(__x86_64__)
    if (tsc_invariant() && kernel_uses_tsc() && clock_source_plausible(CLOCK_TSC))
        return CLOCK_TSC;
#endif
    return CLOCK_SYSTEM;
}

/* The reading of the clocks that took the least time of three, ticks halfway in it. */
void anchor_take(uint32_t source, struct anchor *anchor)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 3; i++) {
        uint64_t before = clock_source_read(source);
        int64_t monotonic_ns = clock_monotonic_ns();
        uint64_t after = clock_source_read(source);
        if (after - before >= best)
            continue;
        best = after - before;
        anchor->ticks = before + best / 2;
        anchor->monotonic_ns = monotonic_ns;
    }
    anchor->real_ns = clock_now_ns() - (clock_monotonic_ns() - anchor->monotonic_ns);
}

static double rate_between(const struct anchor *first, const struct anchor *second)
{
    int64_t passed_ns;
    if (second->ticks <= first->ticks ||
        __builtin_sub_overflow(second->monotonic_ns, first->monotonic_ns, &passed_ns))
        return 0;
    double rate = (double)passed_ns / 1e6 / (double)(second->ticks - first->ticks);
    return rate >= RATE_LEAST && rate <= RATE_MOST ? rate : 0;
}

/* The machine slept in between, which the counter may have counted and CLOCK_MONOTONIC has not; or
 * the two were read in two time namespaces; or somebody has set the clock, which alone would not
 * matter. */
static bool anchors_apart(const struct anchor *first, const struct anchor *second)
{
    int64_t before, after, moved;
    return __builtin_sub_overflow(first->real_ns, first->monotonic_ns, &before) ||
           __builtin_sub_overflow(second->real_ns, second->monotonic_ns, &after) ||
           __builtin_sub_overflow(after, before, &moved) || moved > APART_NS || moved < -APART_NS;
}

/* By what passes now, once a process: an invariant counter has one rate. */
static double rate_measured(uint32_t source)
{
    static double measured;
    double rate;
    __atomic_load(&measured, &rate, __ATOMIC_RELAXED);
    if (rate > 0)
        return rate;
    struct anchor first, second;
    anchor_take(source, &first);
    int looks = 0; /* the clock that somebody gave this program may stand still */
    do
        anchor_take(source, &second);
    while (second.monotonic_ns - first.monotonic_ns < MEASURE_NS && ++looks < LOOKS_MOST);
    rate = rate_between(&first, &second);
    rate = rate > 0 ? rate : RATE_SYSTEM;
    __atomic_store(&measured, &rate, __ATOMIC_RELAXED);
    return rate;
}

double anchor_rate(uint32_t source, const struct anchor *first, const struct anchor *second)
{
    if (source == CLOCK_SYSTEM)
        return RATE_SYSTEM;
    double rate = anchors_apart(first, second) ? 0 : rate_between(first, second);
    return rate > 0 ? rate : rate_measured(source);
}
