#include "store/packing.h"

#include "base/array.h"
#include "base/error.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define FORM_MICROSECONDS 1 /* times are whole microseconds */
#define FORM_MILLIONTHS   2 /* values are whole millionths */

static void add_varint(struct strbuf *buf, uint64_t value)
{
    unsigned char bytes[10];
    size_t length = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[length++] = (unsigned char)(value | 0x80);
    bytes[length++] = (unsigned char)value;
    strbuf_add(buf, bytes, length);
}

/* Small numbers of either sign become small numbers. */
static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* Differences wrap around as unsigned numbers do, and wrap back when they are added up. */
static int64_t wrapping_minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t wrapping_plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static bool in_millionths(double value, int64_t *millionths)
{
    double scaled = value * 1e6;
    if (!(fabs(scaled) < 4e15))
        return false;
    *millionths = llround(scaled);
    double back = (double)*millionths / 1e6;
    return memcmp(&back, &value, sizeof back) == 0;
}

static unsigned form_of(const struct sample *samples, size_t count)
{
    unsigned form = FORM_MICROSECONDS | FORM_MILLIONTHS;
    int64_t ignored;
    for (size_t i = 0; i < count && form != 0; i++) {
        if (samples[i].time_ns % 1000 != 0)
            form &= ~(unsigned)FORM_MICROSECONDS;
        if (!in_millionths(samples[i].value, &ignored))
            form &= ~(unsigned)FORM_MILLIONTHS;
    }
    return form;
}

/* The double's bytes from the sign down; trailing zero bytes are not written. */
static void add_double(struct strbuf *buf, double value)
{
    uint64_t bits;
    unsigned char bytes[9];
    unsigned length = 0;
    memcpy(&bits, &value, sizeof bits);
    for (; bits != 0; bits <<= 8)
        bytes[++length] = (unsigned char)(bits >> 56);
    bytes[0] = (unsigned char)length;
    strbuf_add(buf, bytes, length + 1);
}

void packing_samples_encode(struct strbuf *buf, const struct sample *samples, size_t count)
{
    unsigned form = form_of(samples, count);
    int64_t time = 0, step = 0, value = 0;
    strbuf_add_char(buf, (char)form);
    for (size_t i = 0; i < count; i++) {
        int64_t now = form & FORM_MICROSECONDS ? samples[i].time_ns / 1000 : samples[i].time_ns;
        int64_t next_step = wrapping_minus(now, time), millionths = 0;
        add_varint(buf, zigzag(wrapping_minus(next_step, step)));
        step = i == 0 ? 0 : next_step;
        time = now;
        if (form & FORM_MILLIONTHS) {
            in_millionths(samples[i].value, &millionths);
            add_varint(buf, zigzag(millionths - value));
            value = millionths;
        } else {
            add_double(buf, samples[i].value);
        }
    }
}

struct byte_reader {
    const unsigned char *at, *end;
    bool bad;
};

static uint64_t read_varint(struct byte_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (reader->at == reader->end)
            break;
        unsigned char byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    reader->bad = true;
    return 0;
}

static double read_double(struct byte_reader *reader)
{
    uint64_t bits = 0;
    double value;
    unsigned length = reader->at < reader->end ? *reader->at++ : 9;
    if (length > 8 || (size_t)(reader->end - reader->at) < length) {
        reader->bad = true;
        return 0;
    }
    for (unsigned i = 0; i < length; i++)
        bits |= (uint64_t)*reader->at++ << (56 - 8 * i);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static enum tare_status damaged(struct tare_error *error)
{
    return error_set(error, TARE_E_CORRUPT,
                     "packed samples of the store are damaged; run 'tare doctor'");
}

enum tare_status packing_samples_decode(const void *bytes, size_t size, size_t count,
                                        struct batch_part *part, struct tare_error *error)
{
    struct byte_reader reader = {bytes, (const unsigned char *)bytes + size, size == 0};
    unsigned form = reader.bad ? 0 : *reader.at++;
    int64_t time = 0, step = 0, millionths = 0;
    for (size_t i = 0; i < count && !reader.bad; i++) {
        struct sample sample;
        int64_t next_step = wrapping_plus(step, unzigzag(read_varint(&reader)));
        time = wrapping_plus(time, next_step);
        step = i == 0 ? 0 : next_step;
        sample.time_ns = form & FORM_MICROSECONDS ? (int64_t)((uint64_t)time * 1000) : time;
        if (form & FORM_MILLIONTHS) {
            millionths = wrapping_plus(millionths, unzigzag(read_varint(&reader)));
            sample.value = (double)millionths / 1e6;
        } else {
            sample.value = read_double(&reader);
        }
        if (reader.bad)
            break;
        struct sample *slot = array_add(&part->samples, &part->sample_count,
                                        sizeof *part->samples);
        if (slot == NULL)
            return error_memory(error);
        *slot = sample;
    }
    return reader.bad || reader.at != reader.end ? damaged(error) : TARE_OK;
}

void packing_buckets_encode(struct strbuf *buf, const struct histogram_bucket *buckets,
                            size_t count)
{
    int64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        add_varint(buf, zigzag(buckets[i].index - before));
        add_varint(buf, buckets[i].count);
        before = buckets[i].index;
    }
}

/* Adds to the bucket with this index, or inserts it in order. */
static bool bucket_merge(struct batch_part *part, struct histogram_bucket bucket)
{
    size_t at = part->bucket_count;
    while (at > 0 && part->buckets[at - 1].index > bucket.index)
        at--;
    if (at > 0 && part->buckets[at - 1].index == bucket.index) {
        part->buckets[at - 1].count += bucket.count;
        return true;
    }
    if (array_add(&part->buckets, &part->bucket_count, sizeof *part->buckets) == NULL)
        return false;
    memmove(part->buckets + at + 1, part->buckets + at,
            (part->bucket_count - 1 - at) * sizeof *part->buckets);
    part->buckets[at] = bucket;
    return true;
}

enum tare_status packing_buckets_decode(const void *bytes, size_t size, struct batch_part *part,
                                        struct tare_error *error)
{
    struct byte_reader reader = {bytes, (const unsigned char *)bytes + size, false};
    int64_t index = 0;
    while (reader.at < reader.end && !reader.bad) {
        index = wrapping_plus(index, unzigzag(read_varint(&reader)));
        struct histogram_bucket bucket = {(int32_t)index, read_varint(&reader)};
        if (reader.bad || index < INT32_MIN || index > INT32_MAX)
            return damaged(error);
        if (!bucket_merge(part, bucket))
            return error_memory(error);
    }
    return reader.bad ? damaged(error) : TARE_OK;
}
