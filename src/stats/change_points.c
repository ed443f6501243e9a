#include "stats/change_points.h"

#include "stats/change_points_search.h"
#include "stats/change_points_split.h"
#include "stats/robust.h"

#include <math.h>

size_t change_points_scratch(size_t n)
{
    return search_lay_out(n, NULL).bytes;
}

size_t change_points_most(size_t n)
{
    return n / CHANGE_POINTS_SEGMENT;
}

static double median_between(const double *values, size_t begin, size_t end, double *work)
{
    size_t n = 0;
    for (size_t i = begin; i < end; i++)
        if (isfinite(values[i]))
            work[n++] = values[i];
    return median(work, n);
}

double change_percent_of(double before, double after)
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
    size_t finite = search_take(&search, values, n);
    size_t count = search_cuts(&search, finite);
    for (size_t i = 0; i < count; i++) {
        size_t *bounds = &search.bounds[i];
        struct change_point *point = &points[i];
        struct split split = {bounds[0], bounds[1], bounds[2]};
        size_t begin = search.origin[bounds[0]], cut = search.origin[bounds[1]];
        size_t end = bounds[2] < finite ? search.origin[bounds[2]] : n;
        point->index = cut;
        point->before = median_between(values, begin, cut, search.work);
        point->after = median_between(values, cut, end, search.work);
        point->change_percent = change_percent_of(point->before, point->after);
        struct split_test test = split_compare(search.clipped, split, search.sides);
        point->z = test.z / sqrt(search.dependence);
        point->t = test.means / (search.width * split_error(split, SLOPE_REACH));
        point->state = finite - bounds[1] >= delay ? CHANGE_CONFIRMED : CHANGE_PROVISIONAL;
    }
    return count;
}

double change_points_detectable(const double *values, size_t n, void *scratch)
{
    struct search search = search_lay_out(n, scratch);
    size_t finite = search_take(&search, values, n);
    if (finite < CHANGE_POINTS_SHORTEST)
        return INFINITY;
    size_t count = search_cuts(&search, finite);
    if (!(search.sigma > 0))
        return 0;
    size_t level = finite - search.bounds[count];
    return search_least(&search, finite, level / 2, level - level / 2);
}
