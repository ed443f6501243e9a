/* The smaller and the greater of two numbers, as one instruction each: fmin() and fmax() would
 * make every program that links libtare load libm. Where the second is NaN the first is given. */
#ifndef BASE_BOUNDS_H
#define BASE_BOUNDS_H

static inline double least_of(double a, double b)
{
    return b < a ? b : a;
}

static inline double greatest_of(double a, double b)
{
    return b > a ? b : a;
}

#endif
