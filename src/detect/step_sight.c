#include "detect/step_sight.h"

#include "detect/deviation.h"
#include "stats/quantile.h"

#include <math.h>

enum { NEIGHBOURS = 96, SHORTEST = 4, SETTLED = 5 };

/* How far from the reference a value counts: the more of so many spreads and so many warnings. */
static const double HELD_SPREADS = 3, HELD_WARNINGS = 1.5;

/* Of what the search asks for: standard errors, size in warnings (it takes medians, we means),
 * normal score of the rank test, pairs that do not overlap. And the variance that levels wander
 * by, which more measurements do not average away. */
static const double SHARE = 0.95, ENOUGH = 0.9, RANKED = 3.1, APART = 0.95, WANDER = 0.02;

/* Of a drift: size in warnings, and standard errors. */
static const double DRIFTED = 0.5, DRIFT_ERRORS = 1.5;

static const double SIGMA_OF_MAD = 1.482602218505602;

size_t step_sight_scratch(size_t n)
{
    return n + 1 + NEIGHBOURS;
}

/* The standard deviation of the noise, from the newest differences: no more than the spread. */
static double noise_of(struct step_sight *sight)
{
    size_t n = sight->n, count = n - 1 < NEIGHBOURS ? n - 1 : NEIGHBOURS;
    if (!isnan(sight->noise))
        return sight->noise;
    sight->noise = sight->spread;
    if (n <= SHORTEST)
        return sight->noise;
    for (size_t i = 0; i < count; i++)
        sight->neighbours[i] = fabs(sight->values[n - 1 - i] - sight->values[n - 2 - i]);
    double differ = quantile(sight->neighbours, count, 0.5);
    sight->noise = fmin(sight->spread, SIGMA_OF_MAD * M_SQRT1_2 * differ);
    return sight->noise;
}

struct step_sight step_sight_of(const struct metric *metric, const double *values, size_t n,
                                double reference, double spread, double *scratch)
{
    double *sums = scratch + NEIGHBOURS, sum = 0;
    double held = fmax(HELD_SPREADS * spread,
                       HELD_WARNINGS * metric->warning_percent / 100 * fabs(reference));
    double low = reference - held, high = reference + held;
    sums[0] = 0;
    for (size_t i = 0; i < n; i++) {
        double value = values[i] > high ? high : values[i];
        sum += value < low ? low : value;
        sums[i + 1] = sum;
    }
    return (struct step_sight){.values = values,
                               .n = n,
                               .spread = spread,
                               .noise = NAN,
                               .neighbours = scratch,
                               .sums = sums};
}

static double mean_of(const struct step_sight *sight, size_t begin, size_t end)
{
    return (sight->sums[end] - sight->sums[begin]) / (double)(end - begin);
}

/* Pairs of values[begin..cut) and values[cut..n) of which the later one is worse, ties half. */
static double pairs_worse(const struct step_sight *sight, const struct metric *metric,
                          size_t begin, size_t cut)
{
    size_t above = 0, below = 0;
    for (size_t i = cut; i < sight->n; i++) {
        double value = sight->values[i];
        for (size_t k = begin; k < cut; k++) {
            above += sight->values[k] < value;
            below += sight->values[k] > value;
        }
    }
    double all = (double)(cut - begin) * (double)(sight->n - cut);
    double up = ((double)above + all - (double)below) / 2;
    if (metric->better == TARE_EXACT)
        return fmax(up, all - up);
    return metric->better == TARE_HIGHER ? all - up : up;
}

/* Whether ranks tell the two sides apart, or nearly: the search wants a normal score of 3.72, or
 * of small sides that they do not overlap. */
static bool may_be_apart(const struct step_sight *sight, const struct metric *metric, size_t begin,
                         size_t cut)
{
    double before = (double)(cut - begin), after = (double)(sight->n - cut);
    double all = before * after, worse = pairs_worse(sight, metric, begin, cut);
    double z = (worse - all / 2) / sqrt(all * (before + after + 1) / 12);
    return worse >= APART * all || z >= RANKED;
}

/* The newest level, and how much it has to be worse than one before it, as a share of that. */
struct newest {
    size_t cut;
    double mean, last, least;
};

/* Whether the newest level is worse than one before it by enough, as its last value is. Asked of
 * every pair of levels. */
static inline bool is_worse(const struct newest *newest, enum tare_better better, double before)
{
    double least = newest->least * fabs(before);
    double worse = deviation_worse(better, newest->mean, before);
    return deviation_worse(better, newest->last, before) >= least && worse >= least && worse > 0;
}

/* Whether a level that is worse by enough than values[begin..cut) may be one. */
static bool may_be_step(struct step_sight *sight, const struct metric *metric, size_t begin,
                        const struct newest *newest, double before)
{
    size_t n = sight->n, cut = newest->cut;
    double worse = deviation_worse(metric->better, newest->mean, before);
    double asked = SHARE * noise_of(sight) * sqrt(2.5 * log((double)n));
    double lengths = 1 / (double)(cut - begin) + 1 / (double)(n - cut);
    return worse * worse >= asked * asked * (lengths + WANDER) &&
           may_be_apart(sight, metric, begin, cut);
}

bool step_in_sight(struct step_sight *sight, const struct metric *metric)
{
    size_t n = sight->n;
    struct newest newest = {.last = n > 0 ? sight->values[n - 1] : 0,
                            .least = ENOUGH * metric->warning_percent / 100};
    for (size_t after = SETTLED; after + SHORTEST <= n; after += 1 + after / 4) {
        newest.cut = n - after;
        newest.mean = mean_of(sight, newest.cut, n);
        for (size_t length = SHORTEST; length < newest.cut; length += 1 + length / 2) {
            double before = mean_of(sight, newest.cut - length, newest.cut);
            if (is_worse(&newest, metric->better, before) &&
                may_be_step(sight, metric, newest.cut - length, &newest, before))
                return true;
        }
        double before = mean_of(sight, 0, newest.cut);
        if (is_worse(&newest, metric->better, before) &&
            may_be_step(sight, metric, 0, &newest, before))
            return true;
    }
    return false;
}

bool drift_in_sight(struct step_sight *sight, const struct metric *metric, size_t first)
{
    size_t quarter = (sight->n - first) / 4;
    if (quarter == 0)
        return true;
    double begin = mean_of(sight, first, first + quarter);
    double worse = deviation_worse(metric->better, mean_of(sight, sight->n - quarter, sight->n),
                                   begin);
    return worse >= DRIFTED * metric->warning_percent / 100 * fabs(begin) &&
           worse >= DRIFT_ERRORS * noise_of(sight) * sqrt(2 / (double)quarter);
}
