#include "record/frame.h"

#include "base/array.h"
#include "base/crc32.h"
#include "record/image_frame.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAGIC "\x89tareF1\n"
#define MAGIC_SIZE  8
#define FRAME_MAX   (UINT32_C(1) << 30)

/* magic, kind, payload size, CRC-32C of kind, size and payload */
struct frame_head {
    char magic[MAGIC_SIZE];
    uint32_t kind; /* enum frame_kind */
    uint32_t size;
    uint32_t checksum;
};

static void put_u64(struct strbuf *out, uint64_t value)
{
    value = htole64(value);
    strbuf_add(out, &value, sizeof value);
}

static void put_i64(struct strbuf *out, int64_t value)
{
    put_u64(out, (uint64_t)value);
}

static void put_double(struct strbuf *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u64(out, bits);
}

/* NULL is told from "". */
static void put_text(struct strbuf *out, const char *text)
{
    put_u64(out, text != NULL ? strlen(text) + 1 : 0);
    strbuf_add_text(out, text);
}

static void put_session(struct strbuf *out, const struct session *session)
{
    put_text(out, session->id);
    put_text(out, session->app);
    put_text(out, session->version);
    put_text(out, session->commit);
    put_text(out, session->branch);
    put_u64(out, session->dirty);
    put_text(out, session->labels);
    put_text(out, session->environment.key);
    put_text(out, session->environment.cpu);
    put_text(out, session->environment.os);
    put_text(out, session->environment.architecture);
    put_u64(out, session->environment.cores);
    put_u64(out, session->environment.memory_mb);
    put_i64(out, session->started_ns);
    put_i64(out, session->ended_ns);
    put_u64(out, (uint64_t)session->outcome);
    put_u64(out, (uint64_t)session->temperature);
    put_u64(out, session->dropped);
    put_u64(out, session->condensed);
    put_text(out, session->source);
}

static void put_metric(struct strbuf *out, const struct metric *metric)
{
    put_text(out, metric->id);
    put_text(out, metric->name);
    put_text(out, metric->unit);
    put_u64(out, (uint64_t)metric->better);
    put_u64(out, (uint64_t)metric->aggregate);
    put_u64(out, (uint64_t)metric->category);
    put_double(out, metric->weight);
    put_u64(out, metric->warmup);
    put_double(out, metric->min_change);
    put_double(out, metric->resolution);
    put_u64(out, metric->persist_needed);
    put_u64(out, metric->persist_of);
    put_double(out, metric->target);
    put_double(out, metric->warning_percent);
    put_double(out, metric->error_percent);
}

static void put_part(struct strbuf *out, const struct batch_part *part)
{
    put_metric(out, &part->metric);
    put_u64(out, part->metric_described);
    put_i64(out, part->window_start_ns);
    put_i64(out, part->window_end_ns);
    put_u64(out, part->n);
    put_u64(out, part->failed);
    put_double(out, part->sum);
    put_double(out, part->min);
    put_double(out, part->max);
    put_i64(out, part->first_ns);
    put_i64(out, part->last_ns);
    put_u64(out, part->sample_count);
    for (size_t i = 0; i < part->sample_count; i++) {
        put_i64(out, part->samples[i].time_ns);
        put_double(out, part->samples[i].value);
    }
    put_u64(out, part->bucket_count);
    for (size_t i = 0; i < part->bucket_count; i++) {
        put_i64(out, part->buckets[i].index);
        put_u64(out, part->buckets[i].count);
    }
}

static uint32_t frame_checksum(const struct frame_head *head, const char *payload)
{
    uint32_t crc = crc32c(0, &head->kind, sizeof head->kind);
    crc = crc32c(crc, &head->size, sizeof head->size);
    return crc32c(crc, payload, le32toh(head->size));
}

size_t frame_begin(struct strbuf *out)
{
    static const struct frame_head none;
    size_t start = out->length;
    strbuf_add(out, &none, sizeof none);
    return start;
}

enum tare_status frame_end(struct strbuf *out, size_t start, enum frame_kind kind,
                           struct tare_error *error)
{
    struct frame_head head = {.magic = FRAME_MAGIC, .kind = htole32((uint32_t)kind)};
    if (out->failed)
        return error_memory(error);
    size_t size = out->length - start - sizeof head;
    if (size > FRAME_MAX)
        return error_set(error, TARE_E_FULL, "a hand-over is larger than a frame may be");
    head.size = htole32((uint32_t)size);
    head.checksum = htole32(frame_checksum(&head, out->text + start + sizeof head));
    memcpy(out->text + start, &head, sizeof head);
    return TARE_OK;
}

enum tare_status frame_encode(const struct batch *batch, struct strbuf *out,
                              struct tare_error *error)
{
    size_t start = frame_begin(out);
    put_text(out, batch->id);
    put_session(out, &batch->session);
    put_u64(out, batch->part_count);
    for (size_t i = 0; i < batch->part_count; i++)
        put_part(out, &batch->parts[i]);
    return frame_end(out, start, FRAME_BATCH, error);
}

/* A cursor over a payload; after anything that does not fit it is `failed`. */
struct frame_reader {
    const char *at, *end;
    bool failed;
};

static uint64_t take_u64(struct frame_reader *in)
{
    uint64_t value = 0;
    if (in->failed || (size_t)(in->end - in->at) < sizeof value) {
        in->failed = true;
        return 0;
    }
    memcpy(&value, in->at, sizeof value);
    in->at += sizeof value;
    return le64toh(value);
}

static int64_t take_i64(struct frame_reader *in)
{
    return (int64_t)take_u64(in);
}

static double take_double(struct frame_reader *in)
{
    uint64_t bits = take_u64(in);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t take_below(struct frame_reader *in, uint64_t limit)
{
    uint64_t value = take_u64(in);
    if (value >= limit)
        in->failed = true;
    return in->failed ? 0 : value;
}

static char *take_text(struct frame_reader *in)
{
    uint64_t size = take_u64(in);
    if (in->failed || size == 0)
        return NULL;
    if (size - 1 > (size_t)(in->end - in->at)) {
        in->failed = true;
        return NULL;
    }
    char *text = strndup(in->at, size - 1);
    in->at += size - 1;
    in->failed = in->failed || text == NULL;
    return text;
}

static void take_short(struct frame_reader *in, char *to, size_t size)
{
    char *text = take_text(in);
    if (text == NULL || strlen(text) >= size)
        in->failed = true;
    else
        memcpy(to, text, strlen(text) + 1);
    free(text);
}

static void take_session(struct frame_reader *in, struct session *session)
{
    take_short(in, session->id, sizeof session->id);
    session->app = take_text(in);
    session->version = take_text(in);
    session->commit = take_text(in);
    session->branch = take_text(in);
    session->dirty = take_below(in, 2) != 0;
    session->labels = take_text(in);
    session->environment.key = take_text(in);
    session->environment.cpu = take_text(in);
    session->environment.os = take_text(in);
    session->environment.architecture = take_text(in);
    session->environment.cores = (uint32_t)take_below(in, UINT32_MAX);
    session->environment.memory_mb = take_u64(in);
    session->started_ns = take_i64(in);
    session->ended_ns = take_i64(in);
    session->outcome = (enum session_outcome)take_below(in, OUTCOME_RUNNING + 1);
    session->temperature = (enum session_temperature)take_below(in, TEMPERATURE_COLD + 1);
    session->dropped = take_u64(in);
    session->condensed = take_u64(in);
    session->source = take_text(in);
}

static void take_metric(struct frame_reader *in, struct metric *metric)
{
    metric->id = take_text(in);
    metric->name = take_text(in);
    metric->unit = take_text(in);
    metric->better = (enum tare_better)take_below(in, TARE_EXACT + 1);
    metric->aggregate = (enum metric_aggregate)take_below(in, AGGREGATE_RATE + 1);
    metric->category = (enum metric_category)take_below(in, CATEGORY_CUSTOM + 1);
    metric->weight = take_double(in);
    metric->warmup = (uint32_t)take_below(in, UINT32_MAX);
    metric->min_change = take_double(in);
    metric->resolution = take_double(in);
    metric->persist_needed = (uint32_t)take_below(in, UINT32_MAX);
    metric->persist_of = (uint32_t)take_below(in, UINT32_MAX);
    metric->target = take_double(in);
    metric->warning_percent = take_double(in);
    metric->error_percent = take_double(in);
    if (metric->id == NULL || metric->unit == NULL)
        in->failed = true;
}

/* An array of `size` bytes an element, of which each takes 16 bytes of the payload. */
static void *take_array(struct frame_reader *in, size_t size, size_t *count)
{
    uint64_t claimed = take_u64(in);
    if (in->failed || claimed > (size_t)(in->end - in->at) / 16) {
        in->failed = true;
        return NULL;
    }
    void *array = NULL;
    for (size_t made = 0; made < claimed;)
        if (array_add(&array, &made, size) == NULL) {
            free(array);
            in->failed = true;
            return NULL;
        }
    *count = claimed;
    return array;
}

static void take_part(struct frame_reader *in, struct batch_part *part)
{
    take_metric(in, &part->metric);
    part->metric_described = take_below(in, 2) != 0;
    part->window_start_ns = take_i64(in);
    part->window_end_ns = take_i64(in);
    part->n = take_u64(in);
    part->failed = take_u64(in);
    part->sum = take_double(in);
    part->min = take_double(in);
    part->max = take_double(in);
    part->first_ns = take_i64(in);
    part->last_ns = take_i64(in);
    part->samples = take_array(in, sizeof *part->samples, &part->sample_count);
    for (size_t i = 0; i < part->sample_count; i++) {
        part->samples[i].time_ns = take_i64(in);
        part->samples[i].value = take_double(in);
    }
    part->buckets = take_array(in, sizeof *part->buckets, &part->bucket_count);
    for (size_t i = 0; i < part->bucket_count; i++) {
        part->buckets[i].index = (int32_t)take_i64(in);
        part->buckets[i].count = take_u64(in);
    }
}

static enum tare_status not_a_batch(struct tare_error *error)
{
    return error_set(error, TARE_E_CORRUPT, "a frame does not hold a batch");
}

static enum tare_status payload_decode(const char *payload, size_t size, struct batch *batch,
                                       struct tare_error *error)
{
    struct frame_reader in = {payload, payload + size, false};
    struct batch read;
    batch_init(&read);
    take_short(&in, read.id, sizeof read.id);
    take_session(&in, &read.session);
    uint64_t parts = take_u64(&in);
    for (uint64_t i = 0; i < parts && !in.failed; i++) {
        struct batch_part *part = batch_part_add(&read);
        if (part == NULL)
            in.failed = true;
        else
            take_part(&in, part);
    }
    if (in.failed || in.at != in.end) {
        batch_release(&read);
        return not_a_batch(error);
    }
    *batch = read;
    return TARE_OK;
}

bool frame_name(const void *bytes, size_t size, char id[BATCH_ID_SIZE])
{
    struct frame_head head;
    const char *payload = (const char *)bytes + sizeof head;
    if (size < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    if (memcmp(head.magic, FRAME_MAGIC, MAGIC_SIZE) != 0)
        return false;
    if (le32toh(head.kind) == FRAME_IMAGE)
        return image_frame_name(payload, size - sizeof head, id);
    struct frame_reader in = {payload, (const char *)bytes + size, false};
    if (le32toh(head.kind) != FRAME_BATCH)
        return false;
    take_short(&in, id, BATCH_ID_SIZE);
    return !in.failed && id[0] != '\0';
}

/* How far it is to the next magic, at least one byte on. */
static size_t frame_skip(const char *bytes, size_t size)
{
    const char *next = size > 1 ? memmem(bytes + 1, size - 1, FRAME_MAGIC, MAGIC_SIZE) : NULL;
    return next != NULL ? (size_t)(next - bytes) : size;
}

enum tare_status frame_decode(const void *bytes, size_t size, struct batch *batch, size_t *used,
                              struct tare_error *error)
{
    struct frame_head head;
    const char *payload = (const char *)bytes + sizeof head;
    if (size < sizeof head) {
        *used = size;
        return error_set(error, TARE_E_CORRUPT, "a frame is cut off");
    }
    memcpy(&head, bytes, sizeof head);
    size_t length = le32toh(head.size);
    if (memcmp(head.magic, FRAME_MAGIC, MAGIC_SIZE) != 0 || length > size - sizeof head ||
        frame_checksum(&head, payload) != le32toh(head.checksum)) {
        *used = frame_skip(bytes, size);
        return error_set(error, TARE_E_CORRUPT, "a frame is damaged or cut off");
    }
    *used = sizeof head + length;
    uint32_t kind = le32toh(head.kind);
    if (kind != FRAME_IMAGE && kind != FRAME_BATCH)
        return error_set(error, TARE_E_NEWER,
                         "a frame was written by a newer tare: update this one");
    enum tare_status status = kind == FRAME_IMAGE
                                  ? image_frame_decode(payload, length, batch, error)
                                  : payload_decode(payload, length, batch, error);
    if (status == TARE_OK && !batch_sound(batch)) {
        batch_release(batch);
        status = not_a_batch(error);
    }
    return status;
}
