/* The smallest program that records: with -DBARE the same without recording. */
#ifndef BARE
#include "tare/tare.h"

static tare_metric metric = TARE_METRIC("VAL-001");

static void record(void)
{
    tare_tracker *tracker = tare_tracker_default();
    for (int i = 0; i < 100; i++)
        tare_span_end(tare_span_begin(tracker, &metric));
}
#else
static void record(void)
{
}
#endif

int main(void)
{
    record();
    return 0;
}
