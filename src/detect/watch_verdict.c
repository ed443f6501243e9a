#include "detect/watch_verdict.h"

#include <math.h>

#include "detect/deviation.h"
#include "stats/trend.h"

size_t watch_scratch(void)
{
    return WATCH_DAYS + trend_scratch(WATCH_DAYS);
}

/* A stretch of days over target, with the days within it that do not end it. */
struct stretch {
    size_t first, last_over; /* days */
    uint64_t over, good;     /* measurements over; within, since the last day over */
    size_t good_first;
    size_t peak;
};

/* How much worse than the target. */
static double distance(const struct metric *metric, double value)
{
    return deviation_worse(metric->better, value, metric->target);
}

static bool is_over(const struct metric *metric, const struct watch_day *day)
{
    double worse = distance(metric, day->median);
    return worse > 0 && worse >= metric->min_change;
}

static void stretch_go_on(const struct metric *metric, const struct watch_day *days, size_t at,
                          struct stretch *stretch)
{
    const struct watch_day *day = &days[at];
    if (!is_over(metric, day)) {
        stretch->good_first = stretch->good == 0 ? at : stretch->good_first;
        stretch->good += stretch->over > 0 ? day->n : 0;
        return;
    }
    if (stretch->over == 0 || stretch->good >= WATCH_GOOD)
        *stretch = (struct stretch){.first = at, .peak = at};
    if (distance(metric, day->worst) > distance(metric, days[stretch->peak].worst))
        stretch->peak = at;
    stretch->over += day->n;
    stretch->good = 0;
    stretch->last_over = at;
}

static bool gets_better(const struct metric *metric, const struct watch_day *days,
                        const struct stretch *stretch, double *scratch)
{
    size_t count = stretch->last_over + 1 - stretch->first, worst = 0;
    count = count < WATCH_DAYS ? count : WATCH_DAYS;
    const struct watch_day *from = days + stretch->last_over + 1 - count;
    for (size_t i = 0; i < count; i++) {
        scratch[i] = distance(metric, from[i].median);
        worst = scratch[i] > scratch[worst] ? i : worst;
    }
    if (!(scratch[count - 1] < scratch[worst]))
        return false;
    return trend_test(scratch, NULL, count, scratch + WATCH_DAYS).p_falling < WATCH_P;
}

struct watch watch_verdict(const struct metric *metric, const struct watch_day *days, size_t count,
                           int64_t period_ns, double *scratch)
{
    struct watch verdict = {
        .current = NAN, .current_percent = NAN, .peak = NAN, .peak_percent = NAN};
    struct stretch stretch = {0};
    for (size_t i = 0; i < count && !isnan(metric->target); i++)
        stretch_go_on(metric, days, i, &stretch);
    bool ended = stretch.good >= WATCH_GOOD;
    if (stretch.over == 0 || stretch.over < metric->persist_needed ||
        (ended && days[stretch.good_first].day_ns < period_ns))
        return verdict;
    verdict.since_ns = days[stretch.first].day_ns;
    verdict.fixed_ns = stretch.good > 0 ? days[stretch.good_first].day_ns : 0;
    verdict.over = stretch.over;
    verdict.current = days[count - 1].median;
    verdict.current_percent = deviation_percent(metric->better, verdict.current, metric->target);
    verdict.peak = days[stretch.peak].worst;
    verdict.peak_percent = deviation_percent(metric->better, verdict.peak, metric->target);
    verdict.peak_ns = days[stretch.peak].day_ns;
    if (ended)
        verdict.state = WATCH_FIXED;
    else if (stretch.good > 0 || gets_better(metric, days, &stretch, scratch))
        verdict.state = WATCH_IMPROVING;
    else
        verdict.state = WATCH_ACTIVE;
    return verdict;
}
