/* Values that come with a count, as histograms. */
#include "collect/importer_session.h"
#include "stats/histogram.h"

#include <math.h>

/* Above that many observations a part's repeated values are kept as a histogram. */
#define EXACT_LIMIT 10000

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
    if (!histogram_bucket_add(&part->buckets, &part->bucket_count, histogram_index(scaled), count))
        return error_memory(error);
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
