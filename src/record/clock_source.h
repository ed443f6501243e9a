/* Which clock times spans, and how its ticks become time. */
#ifndef RECORD_CLOCK_SOURCE_H
#define RECORD_CLOCK_SOURCE_H

#include "record/layout.h"

/* Values of tare_tracker.clock_. */
enum clock_source { CLOCK_OFF = 0, CLOCK_TSC = 1, CLOCK_SYSTEM = 2 };

/* The best clock of this machine: the time stamp counter when the kernel itself keeps time by it,
 * the processor calls it invariant, and it runs forward. Reads a file of sysfs. */
enum clock_source clock_source_detect(void);

/* What clock_source_detect() found, held against what can be seen without reading a file. */
bool clock_source_plausible(enum clock_source source);

/* Now, by that clock. Ticks of CLOCK_SYSTEM are nanoseconds of CLOCK_MONOTONIC. Never 0. */
static inline uint64_t clock_source_read(uint32_t source);

/* All three clocks at one moment, as nearly as can be read. */
void anchor_take(uint32_t source, struct anchor *anchor);

/* Milliseconds per tick, by what passed between two anchors; where their clocks do not agree about
 * that, by what passes in a quarter of a millisecond. */
double anchor_rate(uint32_t source, const struct anchor *first, const struct anchor *second);

uint64_t clock_system_ticks(void);

static inline uint64_t clock_source_read(uint32_t source)
{
#if defined(__x86_64__)
    if (__builtin_expect(source == CLOCK_TSC, 1))
        return __builtin_ia32_rdtsc();
#else
    (void)source;
#endif
    return clock_system_ticks();
}

#endif
