#include "stats/weighted.h"

#include <math.h>
#include <stdlib.h>

#include "stats/histogram.h"
#include "stats/quantile.h"

static int point_compare(const void *left, const void *right)
{
    const struct weighted *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

void weighted_sort(struct weighted *points, size_t n)
{
    if (n > 1)
        qsort(points, n, sizeof *points, point_compare);
}

uint64_t weighted_count(const struct weighted *points, size_t n)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += points[i].count;
    return count;
}

/* The value of rank `rank`, from the point *at on, before which `*before` values stand. */
static double value_at(const struct weighted *sorted, uint64_t rank, size_t *at, uint64_t *before)
{
    while (rank >= *before + sorted[*at].count)
        *before += sorted[(*at)++].count;
    return sorted[*at].value;
}

double weighted_quantile(const struct weighted *sorted, size_t n, double p)
{
    uint64_t count = weighted_count(sorted, n), before = 0;
    size_t at = 0;
    if (count == 0)
        return NAN;
    double position = p * (double)(count - 1), whole = floor(position);
    double below = value_at(sorted, (uint64_t)whole, &at, &before);
    if (position <= whole)
        return below;
    double above = value_at(sorted, (uint64_t)whole + 1, &at, &before);
    return quantile_between(below, above, position - whole);
}

size_t weighted_condense(struct weighted *sorted, size_t n)
{
    size_t left = 0;
    if (n == 0)
        return 0;
    double least = sorted[0].value, greatest = sorted[n - 1].value;
    for (size_t i = 0; i < n; i++) {
        int32_t bucket = histogram_index(sorted[i].value);
        double middle = fmin(fmax(histogram_middle(bucket), least), greatest);
        if (left > 0 && histogram_index(sorted[left - 1].value) == bucket)
            sorted[left - 1].count += sorted[i].count;
        else
            sorted[left++] = (struct weighted){middle, sorted[i].count};
    }
    return left;
}
