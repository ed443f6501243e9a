#include "store/rollup.h"

#include "base/clock.h"
#include "stats/histogram.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>

static void numbers_init(struct rollup_numbers *numbers)
{
    *numbers = (struct rollup_numbers){.min = INFINITY, .max = -INFINITY};
}

void rollup_init(struct rollup *rollup, int64_t series_id, int64_t day_ns)
{
    *rollup = (struct rollup){.series_id = series_id, .day_ns = day_ns};
    numbers_init(&rollup->observations);
    numbers_init(&rollup->values);
}

void rollup_release(struct rollup *rollup)
{
    free(rollup->observations.buckets);
    free(rollup->values.buckets);
    rollup_init(rollup, 0, 0);
}

int64_t rollup_day(int64_t time_ns)
{
    int64_t within = time_ns % CLOCK_NS_PER_DAY;
    return time_ns - (within < 0 ? within + CLOCK_NS_PER_DAY : within);
}

static bool bucket_add(struct rollup_numbers *numbers, int32_t index, uint64_t count)
{
    return histogram_bucket_add(&numbers->buckets, &numbers->bucket_count, index, count);
}

static bool value_add(struct rollup_numbers *numbers, double value, uint64_t count)
{
    return !isfinite(value) || bucket_add(numbers, histogram_index(value), count);
}

/* The observations that the measurement counted: those at the front that warm-up skipped are not
 * among them. */
static bool part_add(struct rollup_numbers *numbers, const struct measurement *measurement,
                     const struct batch_part *part)
{
    size_t skip = part->n > measurement->n ? (size_t)(part->n - measurement->n) : 0;
    bool done = true;
    if (skip > part->sample_count)
        skip = part->sample_count;
    numbers->sum += part->sum;
    for (size_t i = 0; i < skip; i++)
        numbers->sum -= part->samples[i].value;
    for (size_t i = skip; i < part->sample_count && done; i++)
        done = value_add(numbers, part->samples[i].value, 1);
    for (size_t i = 0; i < part->bucket_count && done; i++)
        done = bucket_add(numbers, part->buckets[i].index, part->buckets[i].count);
    return done;
}

bool rollup_add(struct rollup *rollup, const struct measurement *measurement,
                const struct batch_part *part)
{
    struct rollup_numbers *observations = &rollup->observations, *values = &rollup->values;
    bool done = true;
    if (part->n > 0) {
        done = part_add(observations, measurement, part);
    } else if (measurement->n > 0) {
        observations->sum += measurement->mean * (double)measurement->n;
        done = value_add(observations, measurement->p50, measurement->n);
    }
    if (measurement->n > 0) {
        observations->min = fmin(observations->min, measurement->min);
        observations->max = fmax(observations->max, measurement->max);
    }
    if (isfinite(measurement->value)) {
        values->n++;
        values->sum += measurement->value;
        values->min = fmin(values->min, measurement->value);
        values->max = fmax(values->max, measurement->value);
        done = done && value_add(values, measurement->value, 1);
    }
    observations->n += measurement->n;
    rollup->failed += measurement->failed;
    return done;
}

static bool numbers_merge(struct rollup_numbers *into, const struct rollup_numbers *from)
{
    bool done = true;
    into->n += from->n;
    into->sum += from->sum;
    into->min = fmin(into->min, from->min);
    into->max = fmax(into->max, from->max);
    for (size_t i = 0; i < from->bucket_count && done; i++)
        done = bucket_add(into, from->buckets[i].index, from->buckets[i].count);
    return done;
}

bool rollup_merge(struct rollup *into, const struct rollup *from)
{
    into->failed += from->failed;
    if (from->taken_ns > into->taken_ns)
        into->taken_ns = from->taken_ns;
    return numbers_merge(&into->observations, &from->observations) &&
           numbers_merge(&into->values, &from->values);
}

static double value_at(const struct rollup_numbers *numbers, uint64_t rank, uint64_t n)
{
    if (rank == 0 || rank + 1 == n)
        return rank == 0 ? numbers->min : numbers->max;
    for (size_t i = 0; i < numbers->bucket_count; i++) {
        if (rank < numbers->buckets[i].count)
            return fmin(fmax(histogram_middle(numbers->buckets[i].index), numbers->min),
                        numbers->max);
        rank -= numbers->buckets[i].count;
    }
    return numbers->max;
}

/* Every value stands in the middle of its bucket, which is within 0.8 % of it; so is then what
 * lies between two of them. */
double rollup_quantile(const struct rollup_numbers *numbers, double p)
{
    uint64_t n = 0;
    for (size_t i = 0; i < numbers->bucket_count; i++)
        n += numbers->buckets[i].count;
    if (n == 0)
        return NAN;
    double position = p * (double)(n - 1), whole = floor(position);
    double below = value_at(numbers, (uint64_t)whole, n);
    if (position <= whole)
        return below;
    return quantile_between(below, value_at(numbers, (uint64_t)whole + 1, n), position - whole);
}

double rollup_mean(const struct rollup_numbers *numbers)
{
    return numbers->n > 0 ? numbers->sum / (double)numbers->n : NAN;
}
