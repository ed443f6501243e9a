/* The reference values of tests/data/stats/reference.txt: a line is NAME | LIST | LIST … */
#ifndef STATS_REFERENCE_H
#define STATS_REFERENCE_H

#include <stddef.h>

enum { REFERENCE_LISTS = 4 };

struct reference {
    double *list[REFERENCE_LISTS];
    size_t count[REFERENCE_LISTS];
};

/* Calls `check` with every line of that name; fails when there is none. The lists may be
 * overwritten. */
void reference_each(const char *name, void (*check)(struct reference *reference));

/* |actual − expected| ≤ tolerance·|expected|; equality where expected is 0 or infinite. */
#define assert_relative(actual, expected, tolerance)                                              \
    reference_assert((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)
void reference_assert(double actual, double expected, double tolerance, const char *text,
                      const char *file, int line);

#endif
