#include "stats/change_points_noise.h"

#include "stats/quantile.h"
#include "stats/robust.h"

#include <math.h>
#include <string.h>

enum { CLIP_HALF = 3, CLIP_WINDOW = 2 * CLIP_HALF + 1, BLOCKS_NEEDED = 8 };

static const double SIGMA_OF_MAD = 1.482602218505602;
static const double CLIP_SIGMAS = 3;
static const double SPIKES_FROM = 0.85; /* of all values, by size: the rest may be spikes */
static const double RHO_MOST = 0.8;

/* A gap without measurements wider than this is as clear as a gap can be. */
static const double GAP_KEPT = 300;
static const double RANGE_KEPT = 1e4;

/* The standard deviation of differences, from the median of their sizes. About zero, not about
 * their median: those of a regular pattern are of two sizes, one of them the median. The
 * small-sample factor of robust.h is left out because differences are not independent. */
static double spread_of(double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i]);
    return SIGMA_OF_MAD * median(values, n);
}

/* The median of the seven about i; near an end, of the seven there: with values reflected, two
 * spikes at the end would make a level. */
static double running_median(const double *values, size_t n, size_t i)
{
    double window[CLIP_WINDOW];
    size_t begin = i < CLIP_HALF ? 0 : i - CLIP_HALF;
    begin = begin + CLIP_WINDOW > n ? n - CLIP_WINDOW : begin;
    for (size_t k = 0; k < CLIP_WINDOW; k++) {
        double value = values[begin + k];
        size_t free = k;
        for (; free > 0 && window[free - 1] > value; free--)
            window[free] = window[free - 1];
        window[free] = value;
    }
    return window[CLIP_HALF];
}

/* More than half of the differences are the same, so their spread is nothing. Take the smaller of
 * their standard deviation and the usual move between levels, and of that a quarter; moves that a
 * running median does not make are spikes, and where it makes none there are no levels. */
static double sigma_of_moves(const double *values, size_t n, double *scratch)
{
    size_t moves = 0;
    double squares = 0, mean = (values[n - 1] - values[0]) / (double)(n - 1);
    double before = running_median(values, n, 0);
    for (size_t i = 0; i + 1 < n; i++) {
        double move = values[i + 1] - values[i], level = running_median(values, n, i + 1);
        squares += (move - mean) * (move - mean);
        if (level != before)
            scratch[moves++] = fabs(level - before);
        before = level;
    }
    if (moves == 0)
        return 0;
    double deviation = sqrt(squares / (double)(n - 1));
    double usual = median(scratch, moves);
    /* A steady climb has no deviation at all; squares may underflow. Either way it moves. */
    return 0.25 * (deviation > 0 ? fmin(deviation * M_SQRT1_2, usual) : usual);
}

double noise_sigma(const double *values, size_t n, double *scratch)
{
    for (size_t i = 0; i + 1 < n; i++)
        scratch[i] = values[i + 1] - values[i];
    double sigma = spread_of(scratch, n - 1) * M_SQRT1_2;
    return sigma > 0 ? sigma : sigma_of_moves(values, n, scratch);
}

/* Where `value` stands among n sorted ones. */
static size_t place(const double *sorted, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void gaps_shorten(double *values, size_t n, double *scratch)
{
    double *sorted = scratch, *moved = scratch + n;
    memcpy(sorted, values, n * sizeof *values);
    values_sort(sorted, n);
    moved[0] = 0;
    for (size_t i = 1; i < n; i++)
        moved[i] = moved[i - 1] + fmin(sorted[i] - sorted[i - 1], GAP_KEPT);
    double middle = moved[n / 2];
    for (size_t i = 0; i < n; i++)
        values[i] = moved[place(sorted, n, values[i])] - middle;
}

void noise_normalise(const double *values, size_t n, double centre, double sigma, double *out,
                     double *scratch)
{
    double farthest = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = (values[i] - centre) / sigma;
        /* Nothing beyond this can be told apart from the noise of doubles anyway. */
        out[i] = fmin(fmax(out[i], -1e300), 1e300);
        farthest = fmax(farthest, fabs(out[i]));
    }
    if (farthest > RANGE_KEPT)
        gaps_shorten(out, n, scratch);
}

void noise_clip(const double *values, size_t n, double *out, double *scratch)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = running_median(values, n, i);
        scratch[i] = fabs(values[i] - out[i]);
    }
    double usual = values_select(scratch, n, (size_t)(SPIKES_FROM * (double)(n - 1)));
    double reach = fmax(CLIP_SIGMAS, usual);
    for (size_t i = 0; i < n; i++)
        out[i] = fmin(fmax(values[i], out[i] - reach), out[i] + reach);
}

/* The standard deviation that independent noise would need for the means of neighbouring blocks
 * to differ as much as they do, at every offset. */
static double width_of_blocks(const double *values, size_t n, size_t block, double *scratch)
{
    double left = 0, right = 0;
    for (size_t i = 0; i < block; i++) {
        left += values[i];
        right += values[block + i];
    }
    size_t count = n - 2 * block + 1;
    for (size_t i = 0; i < count; i++) {
        scratch[i] = (right - left) / (double)block;
        if (i + 1 < count) {
            left += values[i + block] - values[i];
            right += values[i + 2 * block] - values[i + block];
        }
    }
    return sqrt((double)block / 2) * spread_of(scratch, count);
}

/* The standard deviation of noise whose differences, but for the largest 15 %, are these. */
static double width_of_steps(const double *values, size_t n, double *scratch)
{
    const double normal = 0.605607 * M_SQRT2; /* the same mean for standard normal noise */
    size_t count = (size_t)(SPIKES_FROM * (double)(n - 1) + 0.5);
    for (size_t i = 0; i + 1 < n; i++)
        scratch[i] = fabs(values[i + 1] - values[i]);
    values_select(scratch, n - 1, count - 1);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += scratch[i];
    return sum / (double)count / normal;
}

struct noise_width noise_width(const double *values, size_t n, double *scratch)
{
    static const size_t blocks[] = {3, 6, 10};
    struct noise_width width = {1, 1};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        double count = (double)(n / blocks[i]);
        if (count < BLOCKS_NEEDED)
            break;
        double block = width_of_blocks(values, n, blocks[i], scratch);
        /* The spread of so few blocks is itself uncertain by about 1/√count. */
        width.full = fmax(width.full, block * (1 - 0.7 / sqrt(count)));
    }
    width.capped = fmin(width.full, 2 * fmax(1, width_of_steps(values, n, scratch)));
    return width;
}

double noise_dependence(const double *values, const size_t *bounds, size_t count)
{
    double squares = 0, products = 0, n = (double)bounds[count + 1], before = 0;
    for (size_t k = 0; k <= count; k++) {
        double level = 0;
        for (size_t i = bounds[k]; i < bounds[k + 1]; i++)
            level += values[i];
        level /= (double)(bounds[k + 1] - bounds[k]);
        for (size_t i = bounds[k]; i < bounds[k + 1]; i++) {
            double residual = values[i] - level;
            squares += residual * residual;
            products += residual * before;
            before = residual;
        }
    }
    if (!(squares > 0))
        return 1;
    /* Taking the levels off biases the correlation down by about 1/n for each. */
    double rho = products / squares + (double)(count + 1) / n;
    rho = fmin(fmax(rho, 0), RHO_MOST);
    return (1 + rho) / (1 - rho);
}
