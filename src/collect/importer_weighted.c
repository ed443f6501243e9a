/* Values that come with a count, as histograms. */
#include "base/array.h"
#include "collect/importer_session.h"
#include "stats/histogram.h"

#include <math.h>
#include <string.h>

/* Above that many observations a part's repeated values are kept as a histogram. */
#define EXACT_LIMIT 10000

static enum tare_status bucket_add(struct batch_part *part, int32_t index, uint64_t count,
                                   struct tare_error *error)
{
    size_t low = 0, high = part->bucket_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (part->buckets[middle].index < index)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == part->bucket_count || part->buckets[low].index != index) {
        if (array_add(&part->buckets, &part->bucket_count, sizeof *part->buckets) == NULL)
            return error_memory(error);
        memmove(part->buckets + low + 1, part->buckets + low,
                (part->bucket_count - 1 - low) * sizeof *part->buckets);
        part->buckets[low] = (struct histogram_bucket){index, 0};
    }
    part->buckets[low].count += count;
    return TARE_OK;
}

enum tare_status import_session_weighted(struct import_session *self,
                                         const struct import_slot *slot, double value,
                                         uint64_t count, struct tare_error *error)
{
    struct batch_part *part = &self->batch.parts[slot->part];
    double scaled = value * slot->factor;
    enum tare_status status = TARE_OK;
    if (part->sample_count + count <= EXACT_LIMIT || !isfinite(scaled)) {
        if (!isfinite(scaled) && count > 1)
            count = 1;
        for (uint64_t i = 0; i < count && status == TARE_OK; i++)
            status = import_session_value(self, slot, 0, value, error);
        return status;
    }
    status = bucket_add(part, histogram_index(scaled), count, error);
    if (status != TARE_OK)
        return status;
    if (part->n + part->failed == 0)
        part->first_ns = self->batch.session.started_ns;
    part->n += count;
    part->sum += scaled * (double)count;
    part->min = fmin(part->min, scaled);
    part->max = fmax(part->max, scaled);
    part->last_ns = self->batch.session.started_ns;
    self->batch.session.condensed += count;
    return TARE_OK;
}
