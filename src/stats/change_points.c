#include "stats/change_points.h"

#include "stats/change_points_noise.h"
#include "stats/change_points_partition.h"
#include "stats/change_points_prune.h"
#include "stats/change_points_split.h"
#include "stats/quantile.h"
#include "stats/robust.h"

#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What one cut more costs, in ln n and squared noise. */
static const double PENALTY = 2;

/* All arrays of one search, cut from the caller's scratch. */
struct search {
    double *finite;  /* the values that are finite, scaled by a power of two */
    double *clipped; /* in units of the noise */
    double *work;    /* 2n */
    size_t *origin;  /* where finite[i] stands in the caller's series */
    size_t *bounds, *before, *after, *worst;
    double *faults, *sides;
    struct partition_piece *pieces;
    double dependence; /* of the noise, once the cuts are found */
    size_t bytes;
};

static void *take(unsigned char *scratch, size_t *used, size_t size)
{
    size_t align = alignof(max_align_t), at = *used;
    *used += (size + align - 1) / align * align;
    return scratch ? scratch + at : NULL;
}

/* Lays the arrays out; scratch may be NULL to learn the bytes. */
static struct search search_lay_out(size_t n, unsigned char *scratch)
{
    struct search search;
    size_t used = 0, room = n + 2;
    search.finite = take(scratch, &used, n * sizeof(double));
    search.clipped = take(scratch, &used, n * sizeof(double));
    search.work = take(scratch, &used, 2 * n * sizeof(double));
    search.origin = take(scratch, &used, n * sizeof(size_t));
    search.bounds = take(scratch, &used, room * sizeof(size_t));
    search.before = take(scratch, &used, room * sizeof(size_t));
    search.after = take(scratch, &used, room * sizeof(size_t));
    search.worst = take(scratch, &used, 4 * room * sizeof(size_t));
    search.faults = take(scratch, &used, room * sizeof(double));
    search.sides = take(scratch, &used, 4 * SPLIT_REACH * sizeof(double));
    search.pieces = take(scratch, &used, partition_room(n) * sizeof(struct partition_piece));
    search.bytes = used;
    return search;
}

size_t change_points_scratch(size_t n)
{
    return search_lay_out(n, NULL).bytes;
}

size_t change_points_most(size_t n)
{
    return n / CHANGE_POINTS_SEGMENT;
}

/* Copies what is finite; returns how many. A power of two brings the largest near 1 when squares
 * would over- or underflow, and loses nothing. */
static size_t finite_take(const double *values, size_t n, struct search *search)
{
    size_t count = 0;
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            continue;
        search->finite[count] = values[i];
        search->origin[count++] = i;
        largest = fmax(largest, fabs(values[i]));
    }
    int exponent;
    frexp(largest, &exponent);
    if (exponent > 300 || exponent < -300)
        for (size_t i = 0; i < count; i++)
            search->finite[i] = ldexp(search->finite[i], -exponent);
    return count;
}

/* The range of n values but for the outermost 2 % on both sides. */
static double range_of(const double *values, size_t n, double *work)
{
    memcpy(work, values, n * sizeof *work);
    double high = quantile(work, n, 0.98);
    return high - quantile(work, n, 0.02);
}

/* Cuts and prunes with this width of the noise; the cuts are in bounds[1..]. */
static size_t cuts_of_width(struct search *search, size_t n, double width, double range)
{
    double penalty = PENALTY * log((double)n) * width * width;
    size_t count = partition(search->clipped, n, penalty, search->pieces, search->worst,
                             search->bounds + 1);
    search->bounds[0] = 0;
    search->bounds[count + 1] = n;
    search->dependence = noise_dependence(search->clipped, search->bounds, count);
    struct prune prune = {
        .values = search->clipped,
        .n = n,
        .width = width,
        .dependence = search->dependence,
        .range = range,
        .bounds = search->bounds,
        .before = search->before,
        .after = search->after,
        .faults = search->faults,
        .worst = search->worst,
        .sides = search->sides,
    };
    return prune_cuts(&prune, count);
}

/* Is the series better described as wandering, each value the one before plus noise, than by
 * levels between cuts? By Schwarz's criterion, a cut costing two parameters. */
static bool wanders(const double *values, size_t n, const size_t *bounds, size_t count)
{
    double moves = 0, residual = 0, all = (double)n, floor = all * 1e-12;
    for (size_t i = 0; i + 1 < n; i++)
        moves += (values[i + 1] - values[i]) * (values[i + 1] - values[i]);
    for (size_t k = 0; k <= count; k++)
        residual += split_level_residual(values, bounds[k], bounds[k + 1]);
    double levels = all * log(residual + floor) + 2 * (double)count * log(all);
    return all * log(moves + floor) < levels;
}

/* The cuts of n prepared values into search->bounds[1..]; returns how many. */
static size_t cuts_find(struct search *search, size_t n)
{
    if (n < CHANGE_POINTS_SHORTEST)
        return 0;
    double sigma = noise_sigma(search->finite, n, search->work);
    if (!(sigma > 0))
        return 0;
    memcpy(search->work, search->finite, n * sizeof(double));
    double centre = median(search->work, n);
    double *normal = search->faults; /* not in use yet */
    noise_normalise(search->finite, n, centre, sigma, normal, search->work);
    noise_clip(normal, n, search->clipped, search->work);
    struct noise_width width = noise_width(search->clipped, n, search->work);
    double range = range_of(search->clipped, n, search->work);
    size_t count = cuts_of_width(search, n, width.capped, range);
    bool again = width.full > width.capped && count > 0 &&
                 wanders(search->clipped, n, search->bounds, count);
    return again ? cuts_of_width(search, n, width.full, range) : count;
}

static double median_between(const double *values, size_t begin, size_t end, double *work)
{
    size_t n = 0;
    for (size_t i = begin; i < end; i++)
        if (isfinite(values[i]))
            work[n++] = values[i];
    return median(work, n);
}

static double percent_of(double before, double after)
{
    double percent = (after / fabs(before) - before / fabs(before)) * 100;
    return before == 0 ? NAN : percent;
}

size_t change_points_find(const double *values, size_t n,
                          const struct change_points_options *options, void *scratch,
                          struct change_point *points)
{
    struct search search = search_lay_out(n, scratch);
    size_t delay = options && options->delay > 0 ? options->delay : CHANGE_POINTS_DELAY;
    size_t finite = finite_take(values, n, &search);
    size_t count = cuts_find(&search, finite);
    for (size_t i = 0; i < count; i++) {
        size_t *bounds = &search.bounds[i];
        struct change_point *point = &points[i];
        struct split split = {bounds[0], bounds[1], bounds[2]};
        size_t begin = search.origin[bounds[0]], cut = search.origin[bounds[1]];
        size_t end = bounds[2] < finite ? search.origin[bounds[2]] : n;
        point->index = cut;
        point->before = median_between(values, begin, cut, search.work);
        point->after = median_between(values, cut, end, search.work);
        point->change_percent = percent_of(point->before, point->after);
        point->z = split_compare(search.clipped, split, search.sides).z / sqrt(search.dependence);
        point->state = finite - bounds[1] >= delay ? CHANGE_CONFIRMED : CHANGE_PROVISIONAL;
    }
    return count;
}
