#include "model/batch_join.h"

#include "base/array.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static bool same_text(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "") == 0;
}

/* What stands before the number of an id: the process that wrote the batch. */
static bool same_writer(const char *left, const char *right)
{
    const char *left_end = strrchr(left, '.'), *right_end = strrchr(right, '.');
    return left_end != NULL && right_end != NULL && left_end - left == right_end - right &&
           memcmp(left, right, (size_t)(left_end - left)) == 0;
}

bool batch_joins(const struct batch *batch, const struct batch *next)
{
    const struct session *one = &batch->session, *other = &next->session;
    return strcmp(one->id, other->id) == 0 && same_writer(batch->id, next->id) &&
           same_text(one->app, other->app) && same_text(one->version, other->version) &&
           same_text(one->commit, other->commit) && same_text(one->branch, other->branch) &&
           one->dirty == other->dirty && same_text(one->labels, other->labels) &&
           same_text(one->environment.key, other->environment.key) &&
           one->temperature == other->temperature && same_text(one->source, other->source);
}

static bool part_joins(const struct batch_part *part, const struct batch_part *next)
{
    bool in_order = part->sample_count == 0 || next->sample_count == 0 ||
                    part->samples[part->sample_count - 1].time_ns <= next->samples[0].time_ns;
    return part->window_start_ns == next->window_start_ns && !part->summary.given &&
           !next->summary.given && part->metric_described == next->metric_described && in_order &&
           strcmp(part->metric.id, next->metric.id) == 0 &&
           same_text(part->metric.unit, next->metric.unit);
}

/* The part that `next` continues: mostly where `next` stands itself. NULL: none. */
static struct batch_part *part_find(struct batch *batch, const struct batch_part *next,
                                    size_t place)
{
    if (place < batch->part_count && part_joins(&batch->parts[place], next))
        return &batch->parts[place];
    for (size_t i = batch->part_count; i > 0; i--)
        if (part_joins(&batch->parts[i - 1], next))
            return &batch->parts[i - 1];
    return NULL;
}

static enum tare_status part_join(struct batch_part *part, const struct batch_part *next,
                                  struct tare_error *error)
{
    for (size_t i = 0; i < next->sample_count; i++) {
        struct sample *sample = array_add(&part->samples, &part->sample_count, sizeof *sample);
        if (sample == NULL)
            return error_memory(error);
        *sample = next->samples[i];
    }
    for (size_t i = 0; i < next->bucket_count; i++)
        if (!histogram_bucket_add(&part->buckets, &part->bucket_count, next->buckets[i].index,
                                  next->buckets[i].count))
            return error_memory(error);
    part->window_end_ns = next->window_end_ns;
    part->n += next->n;
    part->failed += next->failed;
    part->sum += next->sum;
    part->min = fmin(part->min, next->min);
    part->max = fmax(part->max, next->max);
    part->first_ns = next->first_ns < part->first_ns ? next->first_ns : part->first_ns;
    part->last_ns = next->last_ns > part->last_ns ? next->last_ns : part->last_ns;
    return TARE_OK;
}

static void session_join(struct session *session, const struct session *next)
{
    if (next->outcome != OUTCOME_RUNNING)
        session->outcome = next->outcome;
    session->started_ns = next->started_ns < session->started_ns ? next->started_ns
                                                                 : session->started_ns;
    session->ended_ns = next->ended_ns > session->ended_ns ? next->ended_ns : session->ended_ns;
    session->dropped += next->dropped; /* each tells what came since the one before */
    session->condensed += next->condensed;
}

enum tare_status batch_join(struct batch *batch, struct batch *next, struct tare_error *error)
{
    session_join(&batch->session, &next->session);
    for (size_t i = 0; i < next->part_count; i++) {
        struct batch_part *part = part_find(batch, &next->parts[i], i);
        enum tare_status status = TARE_OK;
        if (part != NULL) {
            status = part_join(part, &next->parts[i], error);
        } else if ((part = batch_part_add(batch)) != NULL) {
            *part = next->parts[i];
            next->parts[i] = (struct batch_part){0};
        } else {
            status = error_memory(error);
        }
        if (status != TARE_OK)
            return status;
    }
    return TARE_OK;
}
