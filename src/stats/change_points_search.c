#include "stats/change_points_search.h"

#include "stats/change_points.h"
#include "stats/change_points_place.h"
#include "stats/change_points_prune.h"
#include "stats/change_points_split.h"
#include "stats/quantile.h"
#include "stats/robust.h"

#include <assert.h>
#include <math.h>
#include <stdalign.h>
#include <string.h>

/* What one cut more costs, in ln n and squared noise. */
static const double PENALTY = 2;

static void *take(unsigned char *scratch, size_t *used, size_t size)
{
    size_t align = alignof(max_align_t), at = *used;
    *used += (size + align - 1) / align * align;
    return scratch ? scratch + at : NULL;
}

struct search search_lay_out(size_t n, unsigned char *scratch)
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
    static_assert(PLACE_SCRATCH >= 2 * SPLIT_REACH, "sides serve both");
    search.sides = take(scratch, &used, PLACE_SCRATCH * sizeof(double));
    search.pieces = take(scratch, &used, partition_room(n) * sizeof(struct partition_piece));
    search.bytes = used;
    return search;
}

size_t search_take(struct search *search, const double *values, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            continue;
        search->finite[count] = values[i];
        search->origin[count++] = i;
    }
    return count;
}

/* How far apart the means of the levels lie, but for what the outermost 2 % of the measurements
 * on both sides are on. */
static double levels_range(const double *values, const size_t *bounds, size_t count, double *work)
{
    size_t n = bounds[count + 1];
    for (size_t k = 0; k <= count; k++) {
        double sum = 0;
        for (size_t i = bounds[k]; i < bounds[k + 1]; i++)
            sum += values[i];
        for (size_t i = bounds[k]; i < bounds[k + 1]; i++)
            work[i] = sum / (double)(bounds[k + 1] - bounds[k]);
    }
    double high = quantile(work, n, 0.98);
    return high - quantile(work, n, 0.02);
}

/* Cuts and prunes with this width of the noise; the cuts are in bounds[1..]. */
static size_t cuts_of_width(struct search *search, size_t n, double width)
{
    double penalty = PENALTY * log((double)n) * width * width;
    size_t count = partition(search->clipped, n, penalty, search->pieces, search->worst,
                             search->bounds + 1);
    search->bounds[0] = 0;
    search->bounds[count + 1] = n;
    search->width = width;
    search->range = levels_range(search->clipped, search->bounds, count, search->work);
    search->dependence = noise_dependence(search->clipped, search->bounds, count);
    struct prune prune = {
        .values = search->clipped,
        .n = n,
        .width = width,
        .dependence = search->dependence,
        .range = search->range,
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

bool search_prepare(struct search *search, size_t n)
{
    if (n < CHANGE_POINTS_SHORTEST)
        return false;
    search->sigma = noise_sigma(search->finite, n, search->work);
    if (!(search->sigma > 0))
        return false;
    memcpy(search->work, search->finite, n * sizeof(double));
    double centre = median(search->work, n);
    double *normal = search->faults; /* not in use yet */
    noise_normalise(search->finite, n, centre, search->sigma, normal, search->work);
    noise_clip(normal, n, search->clipped, search->work);
    search->widths = noise_width(search->clipped, n, search->work);
    return true;
}

size_t search_cuts(struct search *search, size_t n)
{
    if (!search_prepare(search, n))
        return 0;
    size_t count = cuts_of_width(search, n, search->widths.capped);
    bool again = search->widths.full > search->widths.capped && count > 0 &&
                 wanders(search->clipped, n, search->bounds, count);
    return again ? cuts_of_width(search, n, search->widths.full) : count;
}

double search_least(const struct search *search, size_t n, size_t before, size_t after)
{
    struct prune prune = {
        .values = search->clipped,
        .n = n,
        .width = search->width,
        .dependence = search->dependence,
        .range = search->range,
    };
    /* A cut has to pay its penalty as well. */
    double sides = 1 / (double)before + 1 / (double)after;
    double paid = search->width * sqrt(PENALTY * log((double)n) * sides);
    return fmax(paid, prune_least(&prune, before, after)) * search->sigma;
}
