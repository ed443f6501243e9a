/* One search for change points: the caller's scratch, laid out, and the steps from values to cuts.
 * Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_SEARCH_H
#define STATS_CHANGE_POINTS_SEARCH_H

#include "stats/change_points_noise.h"
#include "stats/change_points_partition.h"

#include <stdbool.h>
#include <stddef.h>

/* All arrays of one search, cut from the caller's scratch. */
struct search {
    double *finite;  /* the values that are finite */
    double *clipped; /* in units of the noise */
    double *work;    /* 2n */
    size_t *origin;  /* where finite[i] stands in the caller's series */
    size_t *bounds, *before, *after, *worst;
    double *faults, *sides;
    struct partition_piece *pieces;
    double sigma;              /* of the noise, in the units of finite[] */
    struct noise_width widths; /* of the noise, in sigmas */
    double width, dependence;  /* that the cuts were found with */
    double range;              /* of the levels between them, before any was taken back */
    size_t bytes;
};

/* Lays the arrays for n values out in scratch; it may be NULL, to learn the bytes. */
struct search search_lay_out(size_t n, unsigned char *scratch);

/* Copies what is finite of n values; returns how many. */
size_t search_take(struct search *search, const double *values, size_t n);

/* Measures the noise of the n values taken and clips them. False: they are too few, or have no
 * second level, and nothing is found in them. */
bool search_prepare(struct search *search, size_t n);

/* Prepares, and finds the cuts of the n values taken, into bounds[1..] between 0 and n; returns
 * how many. */
size_t search_cuts(struct search *search, size_t n);

/* The smallest shift, in the units of finite[], that would be found between levels of so many
 * measurements. After search_cuts(). */
double search_least(const struct search *search, size_t n, size_t before, size_t after);

#endif
