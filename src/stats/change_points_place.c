#include "stats/change_points_place.h"

#include "base/bounds.h"

#include <math.h>
#include <string.h>

/* A cut is near enough within this many measurements; of being exact, this much is worth. */
enum { NEAR_ENOUGH = 5 };
static const double EXACT = 0.15;

/* The kernel's width, in n^(-1/5) standard deviations: Silverman's (1986), for it has to show
 * several modes and must not show single measurements. */
static const double KERNEL = 0.9, KERNEL_REACH = 4;

/* So much of the density is a Cauchy's, two standard deviations wide: a measurement far from all
 * others says nothing about either level. */
static const double FAR = 0.05, FAR_WIDTH = 2;

/* The logarithm of the density of the noise, between low and high; beyond, only the Cauchy's. */
struct density {
    double *logs; /* PLACE_BINS, at low, low + bin, … */
    double low, bin, deviation;
};

/* The two levels that a cut tells apart. */
struct levels {
    double before, after;
};

static double level_of(const double *values, size_t begin, size_t end)
{
    double sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += values[i];
    return sum / (double)(end - begin);
}

static double residual_of(const double *values, struct split split, struct levels levels, size_t i)
{
    return values[i] - (i < split.cut ? levels.before : levels.after);
}

static double density_far(const struct density *density, double residual)
{
    double width = FAR_WIDTH * density->deviation, at = residual / width;
    return FAR / (M_PI * width * (1 + at * at));
}

static double density_log(const struct density *density, double residual)
{
    double at = (residual - density->low) / density->bin;
    if (!(at >= 0 && at < PLACE_BINS - 1))
        return log(density_far(density, residual));
    size_t bin = (size_t)at;
    double part = at - (double)bin;
    return density->logs[bin] + part * (density->logs[bin + 1] - density->logs[bin]);
}

/* Adds to every bin's sum what those k before and k behind it weigh. All bins in one go, so that
 * the compiler takes them several at a time. */
static void add_from_both_sides(double *restrict sums, const double *restrict before,
                                const double *restrict behind, double height)
{
    for (size_t i = 0; i < PLACE_BINS; i++)
        sums[i] = sums[i] + before[i] * height + behind[i] * height;
}

/* Spreads each bin's weight over its neighbours by the kernel, and takes logarithms. On both sides
 * of the weights lie PLACE_BINS zeros. */
static void density_smooth(struct density *density, const double *weights, double kernel,
                           double *heights)
{
    size_t reach = (size_t)fmin(KERNEL_REACH * kernel / density->bin, PLACE_BINS - 1);
    for (size_t i = 0; i <= reach; i++) {
        double away = (double)i * density->bin / kernel;
        heights[i] = (1 - FAR) / (kernel * sqrt(2 * M_PI)) * exp(-away * away / 2);
    }
    double *sums = density->logs;
    for (size_t i = 0; i < PLACE_BINS; i++)
        sums[i] = weights[i] * heights[0];
    for (size_t k = 1; k <= reach; k++)
        add_from_both_sides(sums, weights - k, weights + k, heights[k]);
    for (size_t i = 0; i < PLACE_BINS; i++) {
        double residual = density->low + (double)i * density->bin;
        density->logs[i] = log(sums[i] + density_far(density, residual));
    }
}

/* The density of what is left about the two levels. False: nothing is left. Scratch for
 * 4·PLACE_BINS. */
static bool density_estimate(struct density *density, const double *values, struct split split,
                             struct levels levels, double *scratch)
{
    double *weights = scratch + PLACE_BINS;
    double n = (double)(split.end - split.begin), squares = 0, low = INFINITY, high = -INFINITY;
    for (size_t i = split.begin; i < split.end; i++) {
        double residual = residual_of(values, split, levels, i);
        squares += residual * residual;
        low = least_of(low, residual);
        high = greatest_of(high, residual);
    }
    density->deviation = sqrt(squares / n);
    double kernel = KERNEL * density->deviation * pow(n, -0.2);
    density->low = low - KERNEL_REACH * kernel;
    density->bin = (high + KERNEL_REACH * kernel - density->low) / (PLACE_BINS - 1);
    if (!(density->bin > 0))
        return false;
    memset(scratch, 0, 3 * PLACE_BINS * sizeof *scratch);
    for (size_t i = split.begin; i < split.end; i++) {
        double residual = residual_of(values, split, levels, i);
        double at = (residual - density->low) / density->bin;
        size_t bin = (size_t)least_of(at, PLACE_BINS - 2);
        double part = at - (double)bin;
        weights[bin] += (1 - part) / n;
        weights[bin + 1] += part / n;
    }
    density_smooth(density, weights, kernel, scratch + 3 * PLACE_BINS);
    return true;
}

/* The probability of each cut, up to a factor, into odds[]; `count` cuts from `first` on. */
static void cuts_weigh(const struct density *density, const double *values, struct split split,
                       struct levels levels, size_t first, size_t count, double *odds)
{
    double sum = 0, largest = -INFINITY;
    for (size_t i = split.begin; i + 1 < first + count; i++) {
        sum += density_log(density, values[i] - levels.before) -
               density_log(density, values[i] - levels.after);
        if (i + 1 >= first) {
            odds[i + 1 - first] = sum;
            largest = greatest_of(largest, sum);
        }
    }
    for (size_t k = 0; k < count; k++)
        odds[k] -= largest;
}

size_t place_cut(const double *values, struct split split, size_t shortest, double dependence,
                 double *scratch)
{
    split = split_within(split, PLACE_REACH);
    if (split.end - split.begin < 2 * shortest)
        return split.cut;
    struct levels levels = {level_of(values, split.begin, split.cut),
                            level_of(values, split.cut, split.end)};
    struct density density = {.logs = scratch};
    double *odds = scratch + 5 * PLACE_BINS, *sums = odds + 2 * PLACE_REACH;
    if (!density_estimate(&density, values, split, levels, scratch + PLACE_BINS))
        return split.cut;
    size_t first = split.begin + shortest, count = split.end - shortest - first + 1;
    cuts_weigh(&density, values, split, levels, first, count, odds);
    sums[0] = 0;
    for (size_t k = 0; k < count; k++) {
        odds[k] = exp(odds[k] / dependence);
        sums[k + 1] = sums[k] + odds[k];
    }
    size_t best = 0;
    double most = -1;
    for (size_t k = 0; k < count; k++) {
        size_t from = k > NEAR_ENOUGH ? k - NEAR_ENOUGH : 0;
        size_t to = k + NEAR_ENOUGH + 1 < count ? k + NEAR_ENOUGH + 1 : count;
        double worth = sums[to] - sums[from] + EXACT * odds[k];
        if (worth > most) {
            most = worth;
            best = k;
        }
    }
    return first + best;
}
