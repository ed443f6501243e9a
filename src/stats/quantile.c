#include "stats/quantile.h"

#include "base/bounds.h"

#include <math.h>
#include <stdbool.h>

enum { SMALL = 24 };

static void swap(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

static void insertion_sort(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double value = values[i];
        size_t j = i;
        for (; j > 0 && values[j - 1] > value; j--)
            values[j] = values[j - 1];
        values[j] = value;
    }
}

static void sift_down(double *heap, size_t n, size_t root)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && heap[child + 1] > heap[child])
            child++;
        if (heap[root] >= heap[child])
            return;
        swap(&heap[root], &heap[child]);
    }
}

static void heap_sort(double *values, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift_down(values, n, i);
    for (size_t end = n; end-- > 1;) {
        swap(&values[0], &values[end]);
        sift_down(values, end, 0);
    }
}

/* Hoare's partition around the median of three, n ≥ 3. Equal values are swapped too, which keeps
 * the halves even when everything is tied. Returns a split in [1, n−1]: left ≤ right. The
 * bounds only matter for NaN, which has no order: it must not lead out of the array. */
static size_t partition(double *values, size_t n)
{
    double *first = values, *middle = values + n / 2, *last = values + n - 1;
    if (*middle < *first)
        swap(middle, first);
    if (*last < *middle)
        swap(last, middle);
    if (*middle < *first)
        swap(middle, first);
    double pivot = *middle;
    size_t i = 0, j = n - 1;
    for (;;) {
        while (++i < n - 1 && values[i] < pivot)
            ;
        while (--j > 0 && values[j] > pivot)
            ;
        if (i >= j)
            return i;
        swap(&values[i], &values[j]);
    }
}

static unsigned depth_allowed(size_t n)
{
    unsigned depth = 4;
    for (; n > 1; n /= 2)
        depth += 2;
    return depth;
}

static void sort_to_depth(double *values, size_t n, unsigned depth)
{
    while (n > SMALL) {
        if (depth-- == 0) {
            heap_sort(values, n);
            return;
        }
        size_t split = partition(values, n);
        if (split < n - split) {
            sort_to_depth(values, split, depth);
            values += split;
            n -= split;
        } else {
            sort_to_depth(values + split, n - split, depth);
            n = split;
        }
    }
    insertion_sort(values, n);
}

void values_sort(double *values, size_t n)
{
    sort_to_depth(values, n, depth_allowed(n));
}

double values_select(double *values, size_t n, size_t k)
{
    double *low = values;
    unsigned depth = depth_allowed(n);
    while (n > SMALL) {
        if (depth-- == 0) {
            heap_sort(low, n);
            return low[k];
        }
        size_t split = partition(low, n);
        if (k < split) {
            n = split;
        } else {
            low += split;
            n -= split;
            k -= split;
        }
    }
    insertion_sort(low, n);
    return low[k];
}

double quantile_between(double a, double b, double t)
{
    if (a == b || t <= 0)
        return a;
    double value = (1 - t) * a + t * b;
    return least_of(greatest_of(value, a), b);
}

/* Position of the quantile: index of the value below it and the fraction beyond. */
static size_t quantile_position(size_t n, double p, double *fraction)
{
    double position = p * (double)(n - 1);
    size_t whole = (size_t)position;
    *fraction = position - (double)whole;
    return whole;
}

double quantile(double *values, size_t n, double p)
{
    double fraction;
    size_t k = quantile_position(n, p, &fraction);
    double below = values_select(values, n, k);
    if (fraction <= 0 || k + 1 >= n)
        return below;
    double above = values[k + 1];
    for (size_t i = k + 2; i < n; i++)
        above = least_of(above, values[i]);
    return quantile_between(below, above, fraction);
}

double quantile_sorted(const double *sorted, size_t n, double p)
{
    double fraction;
    size_t k = quantile_position(n, p, &fraction);
    if (fraction <= 0 || k + 1 >= n)
        return sorted[k];
    return quantile_between(sorted[k], sorted[k + 1], fraction);
}
