#include "stats/histogram.h"

static double edge(int32_t index, int32_t offset)
{
    if (index == 0)
        return 0;
    int32_t size = (index < 0 ? -index : index) - 1 + offset;
    uint64_t bits = (uint64_t)size << HISTOGRAM_DROPPED_BITS;
    double value;
    memcpy(&value, &bits, sizeof value);
    return index < 0 ? -value : value;
}

double histogram_inner_edge(int32_t index)
{
    return edge(index, 0);
}

double histogram_outer_edge(int32_t index)
{
    return edge(index, 1);
}

double histogram_middle(int32_t index)
{
    return histogram_inner_edge(index) +
           (histogram_outer_edge(index) - histogram_inner_edge(index)) / 2;
}
