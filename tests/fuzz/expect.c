#include "expect.h"

#include "model/metric.h"

#include <math.h>
#include <string.h>

void expect_refusal(enum tare_status status, const struct tare_error *error)
{
    EXPECT(error->status == status && error->message[0] != '\0');
    EXPECT(status != TARE_E_MEMORY && status != TARE_E_IO);
}

void expect_part(const struct batch_part *part)
{
    uint64_t counted = part->sample_count;
    EXPECT(part->metric.id != NULL && metric_id_valid(part->metric.id));
    EXPECT(part->metric.unit != NULL && strlen(part->metric.unit) <= 200);
    EXPECT(part->n + part->failed > 0);
    for (size_t i = 0; i < part->sample_count; i++)
        EXPECT(isfinite(part->samples[i].value));
    for (size_t i = 0; i < part->bucket_count; i++) {
        EXPECT(part->buckets[i].count > 0);
        EXPECT(i == 0 || part->buckets[i - 1].index < part->buckets[i].index);
        counted += part->buckets[i].count;
    }
    if (part->summary.given)
        EXPECT(counted == 0 && (part->n == 0 || isfinite(part->summary.value)));
    else
        EXPECT(counted == part->n && (part->n == 0 || part->min <= part->max));
}
