#include "stats/change_points_split.h"

#include "stats/quantile.h"
#include "stats/rank.h"

#include <math.h>
#include <string.h>

struct split split_within(struct split split, size_t reach)
{
    if (split.cut - split.begin > reach)
        split.begin = split.cut - reach;
    if (split.end - split.cut > reach)
        split.end = split.cut + reach;
    return split;
}

double split_error(struct split split, size_t reach)
{
    split = split_within(split, reach);
    return sqrt(1 / (double)(split.cut - split.begin) + 1 / (double)(split.end - split.cut));
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

struct split_test split_compare(const double *values, struct split split, double *scratch)
{
    split = split_within(split, SPLIT_REACH);
    size_t n = split.cut - split.begin, m = split.end - split.cut;
    double *a = scratch, *b = scratch + SPLIT_REACH, ties;
    memcpy(a, values + split.begin, n * sizeof *a);
    memcpy(b, values + split.cut, m * sizeof *b);
    values_sort(a, n);
    values_sort(b, m);
    double u = rank_u(a, n, b, m, &ties), pairs = (double)n * (double)m;
    double sigma = rank_sigma(n, m, ties);
    struct split_test test = {.before = n, .after = m};
    test.z = sigma > 0 ? fabs(u - pairs / 2) / sigma : 0;
    test.separation = fmax(u / pairs, 1 - u / pairs);
    test.medians = fabs(quantile_sorted(a, n, 0.5) - quantile_sorted(b, m, 0.5));
    split = split_within(split, SLOPE_REACH);
    test.means = fabs(mean_of(values + split.begin, split.cut - split.begin) -
                      mean_of(values + split.cut, split.end - split.cut));
    return test;
}

/* What a straight line leaves of the squares of values[begin..end). */
static double line_residual(const double *values, size_t begin, size_t end)
{
    double n = (double)(end - begin), mean = mean_of(values + begin, end - begin);
    double centre = (n - 1) / 2, squares = 0, product = 0;
    for (size_t i = begin; i < end; i++) {
        double y = values[i] - mean;
        squares += y * y;
        product += y * ((double)(i - begin) - centre);
    }
    return squares - product * product / (n * (n * n - 1) / 12);
}

double split_level_residual(const double *values, size_t begin, size_t end)
{
    double mean = mean_of(values + begin, end - begin), squares = 0;
    for (size_t i = begin; i < end; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return squares;
}

bool split_is_slope(const double *values, struct split split)
{
    split = split_within(split, SLOPE_REACH);
    double n = (double)(split.end - split.begin);
    double step = split_level_residual(values, split.begin, split.cut) +
                  split_level_residual(values, split.cut, split.end);
    double line = line_residual(values, split.begin, split.end);
    /* n·ln(residual) + parameters·ln n; n·1e-9 stands for "nothing left". */
    double floor = n * 1e-9;
    return n * log(line + floor) < n * log(step + floor);
}

size_t split_best(const double *values, struct split split, size_t shortest)
{
    split = split_within(split, SPLIT_REACH);
    size_t length = split.end - split.begin, best = split.cut;
    double mean = mean_of(values + split.begin, length), sum = 0, largest = -1;
    for (size_t k = 1; k + shortest <= length; k++) {
        sum += values[split.begin + k - 1] - mean;
        /* The power 1 of the CUSUM favours cuts near the ends, by more than they are likely. */
        double weight = sqrt((double)k * (double)(length - k));
        double score = sum * sum / (weight * sqrt(weight));
        if (k >= shortest && score > largest) {
            largest = score;
            best = split.begin + k;
        }
    }
    return best;
}
