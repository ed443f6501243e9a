/* Doubles in their order as integers, so that a bisection between any two of them ends after 64
 * steps, whatever their scale. */
#ifndef STATS_DOUBLE_ORDER_H
#define STATS_DOUBLE_ORDER_H

#include <stdint.h>
#include <string.h>

/* Both zeroes have the same place; no NaN. */
static inline int64_t double_place(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >= 0 ? bits : INT64_MIN - bits;
}

static inline double double_at(int64_t place)
{
    int64_t bits = place >= 0 ? place : INT64_MIN - place;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The middle of two places, without overflow. */
static inline int64_t double_place_between(int64_t low, int64_t high)
{
    return (low & high) + ((low ^ high) >> 1);
}

#endif
