#include "stats/trend.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "stats/distribution.h"
#include "stats/double_order.h"
#include "stats/quantile.h"
#include "stats/robust.h"

/* Slopes kept at a time, for each value. */
enum { SLOPE_ROOM = 8 };

/* ---- Kendall's S ---- */

/* Merge sort of values[0..n-1]; returns how many pairs stood in strictly falling order. */
static double sort_counting(double *values, size_t n, double *scratch)
{
    double falling = 0;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start + width < n; start += 2 * width) {
            size_t i = start, middle = start + width, j = middle, out = start;
            size_t end = middle + width < n ? middle + width : n;
            while (i < middle && j < end) {
                if (values[j] < values[i]) {
                    falling += (double)(middle - i);
                    scratch[out++] = values[j++];
                } else {
                    scratch[out++] = values[i++];
                }
            }
            memcpy(scratch + out, values + i, (middle - i) * sizeof *values);
            out += middle - i;
            memcpy(values + start, scratch + start, (out - start) * sizeof *values);
        }
    }
    return falling;
}

/* Kendall's S and its variance under "no trend". */
static double kendall(const double *values, size_t n, double *scratch, double *variance)
{
    double *sorted = scratch;
    memcpy(sorted, values, n * sizeof *values);
    double falling = sort_counting(sorted, n, scratch + n);
    double size = (double)n, tied_pairs = 0;
    double sum = size * (size - 1) * (2 * size + 5);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && sorted[j] <= sorted[i]; j++)
            ;
        double group = (double)(j - i);
        tied_pairs += group * (group - 1) / 2;
        sum -= group * (group - 1) * (2 * group + 5);
    }
    *variance = sum / 18;
    return size * (size - 1) / 2 - tied_pairs - 2 * falling;
}

/* ---- Theil–Sen ---- */

/* The slopes between all pairs of points, streamed and never stored. */
struct slopes {
    const double *y, *x;
    size_t n;
    double *kept; /* room for `room` of them */
    size_t room;
};

struct slope_count {
    double below;  /* slopes < low */
    double inside; /* low ≤ slope ≤ high; every stride-th of them is in kept[] */
    size_t kept;
};

static struct slope_count slopes_count(const struct slopes *slopes, double low, double high,
                                       size_t stride)
{
    struct slope_count count = {0};
    size_t until_kept = 1;
    for (size_t i = 0; i + 1 < slopes->n; i++) {
        for (size_t j = i + 1; j < slopes->n; j++) {
            double run = slopes->x[j] - slopes->x[i];
            if (run <= 0)
                continue;
            double slope = (slopes->y[j] - slopes->y[i]) / run;
            if (slope < low) {
                count.below++;
            } else if (slope <= high) {
                count.inside++;
                if (--until_kept == 0) {
                    until_kept = stride;
                    if (count.kept < slopes->room)
                        slopes->kept[count.kept++] = slope;
                }
            }
        }
    }
    return count;
}

/* The slope of rank k between low and high by bisection: slow and certain. */
static double slopes_bisect(const struct slopes *slopes, double low, double high, double k)
{
    int64_t a = double_place(low), b = double_place(high);
    while (a < b) {
        int64_t middle = double_place_between(a, b);
        struct slope_count count = slopes_count(slopes, -INFINITY, double_at(middle), SIZE_MAX);
        if (count.inside > k)
            b = middle;
        else
            a = middle + 1;
    }
    return double_at(a);
}

/* The slopes of ranks k and k + 1 (0-based; of k alone when `both` is false), their middle.
 * Brackets them between two order statistics of a sample of the slopes, again where that missed,
 * until those inside fit into kept[]. `total` is the number of slopes. */
static double slopes_select(const struct slopes *slopes, double total, double k, bool both)
{
    double low = -INFINITY, high = INFINITY, below_low = 0, up_to_high = total;
    double from = low, to = high, inside = total;
    for (int pass = 0; pass < 16; pass++) {
        size_t stride = (size_t)(inside / (double)slopes->room) + 1;
        struct slope_count count = slopes_count(slopes, from, to, stride);
        double kept = (double)count.kept;
        if (k < count.below) {
            high = from;
            up_to_high = count.below;
        } else if (k + both >= count.below + count.inside) {
            low = to;
            below_low = count.below;
        } else if (from >= to) {
            return from;
        } else if (count.inside <= kept) {
            const double *found = slopes->kept + (size_t)(k - count.below);
            values_sort(slopes->kept, count.kept);
            return both ? quantile_between(found[0], found[1], 0.5) : found[0];
        } else {
            double margin = 1.2 * sqrt(kept), place = (k - count.below) / count.inside * kept;
            low = from, below_low = count.below;
            high = to, up_to_high = count.below + count.inside;
            values_sort(slopes->kept, count.kept);
            from = slopes->kept[(size_t)fmin(fmax(place - margin, 0), kept - 1)];
            to = slopes->kept[(size_t)fmin(place + margin, kept - 1)];
            inside = 3 * margin / kept * count.inside;
            continue;
        }
        from = low;
        to = high;
        inside = up_to_high - below_low + 2;
    }
    double below = slopes_bisect(slopes, low, high, k);
    return both ? quantile_between(below, slopes_bisect(slopes, low, high, k + 1), 0.5) : below;
}

/* Pairs at different places; x ascending. */
static double pairs_apart(const double *x, size_t n)
{
    double pairs = (double)n * (double)(n - 1) / 2;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && x[j] <= x[i]; j++)
            ;
        pairs -= (double)(j - i) * (double)(j - i - 1) / 2;
    }
    return pairs;
}

static double sen_slope(const double *y, const double *x, size_t n, double *scratch, size_t room)
{
    struct slopes slopes = {.y = y, .x = x, .n = n, .kept = scratch, .room = room};
    double total = pairs_apart(x, n);
    if (total < 1)
        return 0;
    return slopes_select(&slopes, total, floor((total - 1) / 2), fmod(total, 2) <= 0);
}

/* Points for the slope: the values themselves, or medians of TREND_SLOPE_POINTS blocks at the
 * middles of their places. Returns how many. */
static size_t slope_points(const double *values, const double *x, size_t n, double *y, double *at,
                           double *scratch)
{
    size_t points = n < TREND_SLOPE_POINTS ? n : TREND_SLOPE_POINTS;
    for (size_t p = 0; p < points; p++) {
        size_t from = p * n / points, to = (p + 1) * n / points;
        memcpy(scratch, values + from, (to - from) * sizeof *values);
        y[p] = median(scratch, to - from);
        at[p] = x ? x[from] + (x[to - 1] - x[from]) / 2 : (double)(from + to - 1) / 2;
    }
    return points;
}

/* ---- autocorrelation ---- */

/* Ranks of the values, ties sharing their mean, less the mean rank; the sum of squares. */
static double centred_ranks(const double *values, size_t n, double *ranks, double *sorted)
{
    memcpy(sorted, values, n * sizeof *values);
    values_sort(sorted, n);
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (sorted[middle] < values[i])
                low = middle + 1;
            else
                high = middle;
        }
        size_t first = low;
        for (high = n; low < high;) {
            size_t middle = low + (high - low) / 2;
            if (sorted[middle] <= values[i])
                low = middle + 1;
            else
                high = middle;
        }
        ranks[i] = ((double)first + (double)low - (double)n) / 2;
        squares += ranks[i] * ranks[i];
    }
    return squares;
}

static double autocorrelation(const double *centred, size_t n, double squares, size_t lag)
{
    double sum = 0;
    for (size_t i = 0; i + lag < n; i++)
        sum += centred[i] * centred[i + lag];
    return sum / squares;
}

/* n/n* of Hamed & Rao, from the detrended values. */
static double hamed_rao(const double *detrended, size_t n, double *scratch)
{
    double squares = centred_ranks(detrended, n, scratch, scratch + n);
    double size = (double)n, significant = 1.959963984540054 / sqrt(size);
    if (squares <= 0 || fabs(autocorrelation(scratch, n, squares, 1)) <= significant)
        return 1;
    double sum = 0;
    size_t lags = (size_t)(10 * log10(size));
    for (size_t lag = 1; lag <= lags && lag + 2 < n; lag++) {
        double r = autocorrelation(scratch, n, squares, lag);
        double left = size - (double)lag;
        if (fabs(r) > significant)
            sum += left * (left - 1) * (left - 2) * r;
    }
    return fmax(1, 1 + 2 / (size * (size - 1) * (size - 2)) * sum);
}

/* ---- together ---- */

size_t trend_scratch(size_t n)
{
    size_t points = n < TREND_SLOPE_POINTS ? n : TREND_SLOPE_POINTS;
    return SLOPE_ROOM * n + 2 * points + 64;
}

/* The normal score of S, by one towards zero: it moves in steps of two. */
static double kendall_score(double s, double variance)
{
    double towards_zero = s > 0 ? 1 : s < 0 ? -1 : 0;
    return variance > 0 ? (s - towards_zero) / sqrt(variance) : 0;
}

double trend_kendall(const double *values, size_t n, double *scratch)
{
    double variance = 0;
    if (n < 3)
        return 0;
    double s = kendall(values, n, scratch, &variance);
    return kendall_score(s, variance);
}

struct trend_test trend_test(const double *values, const double *x, size_t n, double *scratch)
{
    struct trend_test test = {.p_rising = 0.5, .p_falling = 0.5, .widening = 1};
    double variance = 0;
    test.intercept = n > 0 ? values[0] : 0;
    if (n < 3)
        return test;
    test.s = kendall(values, n, scratch, &variance);
    size_t room = SLOPE_ROOM * n + 64;
    double *y = scratch + room;
    double *at = y + (n < TREND_SLOPE_POINTS ? n : TREND_SLOPE_POINTS);
    size_t points = slope_points(values, x, n, y, at, scratch);
    test.slope = sen_slope(y, at, points, scratch, room);
    double *detrended = scratch + 2 * n;
    for (size_t i = 0; i < n; i++)
        detrended[i] = values[i] - test.slope * (x ? x[i] : (double)i);
    if (variance > 0)
        test.widening = hamed_rao(detrended, n, scratch);
    test.intercept = median(detrended, n);
    test.z = kendall_score(test.s, variance * test.widening);
    test.p_rising = normal_upper(test.z);
    test.p_falling = normal_cdf(test.z);
    return test;
}
