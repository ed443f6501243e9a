#include "record/clock_source.h"

#include "base/clock.h"
#include "suite.h"

#include <unistd.h>

/* What the clocks of a session may have gone through until somebody asks for its rate. */
TEST(clock_source__knows_its_rate_whatever_became_of_other_clocks)
{
    const int64_t hour_ns = 3600 * CLOCK_NS_PER_SECOND;
    struct anchor first, second;
    enum clock_source source = clock_source_detect();
    if (source != CLOCK_TSC)
        skip();
    anchor_take(source, &first);
    usleep(50000);
    anchor_take(source, &second);
    double rate = anchor_rate(source, &first, &second);
    assert_true(rate > 1e-8 && rate < 1e-4);
    const struct {
        const char *what;
        int64_t ticks, monotonic_ns, real_ns;
    } ways[] = {
        {"the clock was set forward", 0, 0, hour_ns},
        {"the clock was set back", 0, 0, -hour_ns},
        {"the machine slept, and the counter did not", (int64_t)((double)hour_ns / 1e6 / rate), 0,
         hour_ns},
        {"the counter slept with it", 0, 0, hour_ns},
        {"the counter began anew", -(int64_t)second.ticks + 1, 0, hour_ns},
        {"another time namespace, ahead", 0, hour_ns, 0},
        {"another time namespace, a second behind", 0, -CLOCK_NS_PER_SECOND, 0},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const struct anchor later = {.ticks = second.ticks + (uint64_t)ways[i].ticks,
                                     .monotonic_ns = second.monotonic_ns + ways[i].monotonic_ns,
                                     .real_ns = second.real_ns + ways[i].real_ns};
        double found = anchor_rate(source, &first, &later);
        if (found < rate * 0.99 || found > rate * 1.01)
            fail_msg("%s: %g instead of %g ms a tick", ways[i].what, found, rate);
    }
}

TEST(clock_source__of_the_system_counts_nanoseconds)
{
    const struct anchor first = {.ticks = 5, .monotonic_ns = 5, .real_ns = 7};
    const struct anchor second = {.ticks = 9, .monotonic_ns = 9, .real_ns = 7000000000};
    assert_close(anchor_rate(CLOCK_SYSTEM, &first, &second), 1e-6, 0);
}
