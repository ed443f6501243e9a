#include "record/part_measure.h"

#include "base/error.h"
#include "stats/quantile.h"
#include "stats/summary.h"

#include <math.h>
#include <stdlib.h>

/* The samples' values behind the first `skip`, and what goes with them. NULL: no memory. */
static double *values_take(const struct batch_part *part, size_t skip, double *skipped_sum)
{
    double *values = malloc((part->sample_count - skip + 1) * sizeof *values);
    *skipped_sum = 0;
    for (size_t i = 0; i < skip; i++)
        *skipped_sum += part->samples[i].value;
    for (size_t i = skip; values != NULL && i < part->sample_count; i++)
        values[i - skip] = part->samples[i].value;
    return values;
}

static bool summarise(const struct batch_part *part, size_t skip, struct summary *summary)
{
    double skipped_sum;
    size_t count = part->sample_count - skip;
    double *values = values_take(part, skip, &skipped_sum);
    struct summary_bucket *buckets = NULL;
    bool done = values != NULL;
    if (done && part->bucket_count == 0) {
        *summary = summary_of_values(values, count);
    } else if (done) {
        buckets = malloc(part->bucket_count * sizeof *buckets);
        done = buckets != NULL;
    }
    if (buckets != NULL) {
        for (size_t i = 0; i < part->bucket_count; i++)
            buckets[i] = summary_bucket_of(part->buckets[i].index, part->buckets[i].count);
        values_sort(values, count);
        const struct summary_mixed mixed = {
            values,    count,    buckets, part->bucket_count, part->sum - skipped_sum,
            part->min, part->max};
        *summary = summary_of_mixed(&mixed);
    }
    free(buckets);
    free(values);
    return done;
}

static double aggregate_of(const struct metric *metric, const struct summary *summary,
                           const struct batch_part *part)
{
    double all = (double)(summary->n + part->failed);
    switch (metric->aggregate) {
    case AGGREGATE_MEDIAN:
        return summary->p50;
    case AGGREGATE_MEAN:
        return summary->mean;
    case AGGREGATE_SUM:
        return summary->mean * (double)summary->n;
    case AGGREGATE_MAX:
        return summary->max;
    case AGGREGATE_LAST:
        return part->sample_count > 0 ? part->samples[part->sample_count - 1].value : summary->p50;
    case AGGREGATE_P95:
        return summary->p95;
    case AGGREGATE_P99:
        return summary->p99;
    case AGGREGATE_COUNT:
        return all;
    case AGGREGATE_RATE:
        return 100 * (double)part->failed / all;
    }
    return NAN;
}

bool part_measure(const struct metric *metric, const struct batch_part *part, bool first_window,
                  struct measurement *measurement, struct tare_error *error)
{
    struct summary summary;
    size_t skip = first_window ? metric->warmup : 0;
    if (skip > part->sample_count)
        skip = part->sample_count;
    if (part->n - skip + part->failed == 0)
        return false;
    if (!summarise(part, skip, &summary)) {
        error_memory(error);
        return false;
    }
    *measurement = (struct measurement){
        .time_ns = part->last_ns,
        .window_start_ns = part->window_start_ns,
        .n = summary.n,
        .failed = part->failed,
        .value = aggregate_of(metric, &summary, part),
        .min = summary.min,
        .max = summary.max,
        .mean = summary.mean,
        .p50 = summary.p50,
        .p95 = summary.p95,
        .p99 = summary.p99,
    };
    return true;
}
