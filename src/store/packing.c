#include "store/packing.h"

#include "base/array.h"
#include "base/error.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define FORM_MICROSECONDS 1 /* times are whole microseconds */
#define FORM_MILLIONTHS   2 /* values are whole millionths */
#define FORM_RANGE        4 /* values lie behind the times, as distances from the smallest */

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

/* Whole numbers in the order of the doubles they stand for. */
static uint64_t order_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | UINT64_C(1) << 63;
}

static double of_order(uint64_t order)
{
    uint64_t bits = order >> 63 != 0 ? order & ~(UINT64_C(1) << 63) : ~order;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Where all values of some samples lie, as orders. */
struct order_range {
    uint64_t low;
    unsigned width; /* bits of the distance from the smallest to the largest */
};

static struct order_range range_of(const struct sample *samples, size_t count)
{
    uint64_t low = UINT64_MAX, high = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t order = order_of(samples[i].value);
        low = order < low ? order : low;
        high = order > high ? order : high;
    }
    struct order_range range = {low, 0};
    while (range.width < 64 && (high - low) >> range.width != 0)
        range.width++;
    return range;
}

/* The bytes that add_double() takes. */
static size_t plain_size(const struct sample *samples, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &samples[i].value, sizeof bits);
        for (size++; bits != 0; bits <<= 8)
            size++;
    }
    return size;
}

#define RANGE_HEAD_SIZE 9

static void add_range(struct strbuf *buf, struct order_range range, const struct sample *samples,
                      size_t count)
{
    unsigned byte = 0, used = 0;
    for (unsigned shift = 0; shift < 64; shift += 8)
        strbuf_add_char(buf, (char)(range.low >> shift));
    strbuf_add_char(buf, (char)range.width);
    for (size_t i = 0; i < count; i++) {
        uint64_t distance = order_of(samples[i].value) - range.low;
        for (unsigned left = range.width; left > 0;) {
            unsigned take = left < 8 - used ? left : 8 - used;
            byte |= (unsigned)(distance & ((1U << take) - 1)) << used;
            distance >>= take;
            left -= take;
            used += take;
            if (used == 8) {
                strbuf_add_char(buf, (char)byte);
                byte = used = 0;
            }
        }
    }
    if (used > 0)
        strbuf_add_char(buf, (char)byte);
}

void packing_samples_encode(struct strbuf *buf, const struct sample *samples, size_t count)
{
    unsigned form = form_of(samples, count);
    int64_t time = 0, step = 0, value = 0;
    struct order_range range = {0};
    if ((form & FORM_MILLIONTHS) == 0) {
        range = range_of(samples, count);
        if (RANGE_HEAD_SIZE + (count * range.width + 7) / 8 < plain_size(samples, count))
            form |= FORM_RANGE;
    }
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
        } else if ((form & FORM_RANGE) == 0) {
            add_double(buf, samples[i].value);
        }
    }
    if (form & FORM_RANGE)
        add_range(buf, range, samples, count);
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
    return error_damaged(error, "packed samples of the store are damaged");
}

/* The values of `count` samples that have their times already. */
static void read_range(struct byte_reader *reader, struct sample *samples, size_t count)
{
    uint64_t low = 0;
    unsigned used = 0;
    if (reader->end - reader->at < RANGE_HEAD_SIZE) {
        reader->bad = true;
        return;
    }
    for (unsigned shift = 0; shift < 64; shift += 8)
        low |= (uint64_t)*reader->at++ << shift;
    unsigned width = *reader->at++;
    if (width > 64 || (size_t)(reader->end - reader->at) != (count * width + 7) / 8) {
        reader->bad = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t distance = 0;
        for (unsigned have = 0; have < width;) {
            unsigned take = width - have < 8 - used ? width - have : 8 - used;
            distance |= (uint64_t)((unsigned)*reader->at >> used & ((1U << take) - 1)) << have;
            have += take;
            used += take;
            reader->at += used / 8;
            used %= 8;
        }
        samples[i].value = of_order(low + distance);
    }
    reader->at = reader->end;
}

/* A value that stands behind its time. */
static double read_value(struct byte_reader *reader, unsigned form, int64_t *millionths)
{
    if (form & FORM_RANGE)
        return 0; /* comes later */
    if ((form & FORM_MILLIONTHS) == 0)
        return read_double(reader);
    *millionths = wrapping_plus(*millionths, unzigzag(read_varint(reader)));
    return (double)*millionths / 1e6;
}

enum tare_status packing_samples_decode(const void *bytes, size_t size, size_t count,
                                        struct batch_part *part, struct tare_error *error)
{
    struct byte_reader reader = {bytes, (const unsigned char *)bytes + size, size == 0};
    unsigned form = reader.bad ? 0 : *reader.at++;
    int64_t time = 0, step = 0, millionths = 0;
    size_t first = part->sample_count;
    for (size_t i = 0; i < count && !reader.bad; i++) {
        struct sample sample;
        int64_t next_step = wrapping_plus(step, unzigzag(read_varint(&reader)));
        time = wrapping_plus(time, next_step);
        step = i == 0 ? 0 : next_step;
        sample.time_ns = form & FORM_MICROSECONDS ? (int64_t)((uint64_t)time * 1000) : time;
        sample.value = read_value(&reader, form, &millionths);
        if (reader.bad)
            break;
        struct sample *slot = array_add(&part->samples, &part->sample_count,
                                        sizeof *part->samples);
        if (slot == NULL)
            return error_memory(error);
        *slot = sample;
    }
    if ((form & FORM_RANGE) && count > 0 && !reader.bad)
        read_range(&reader, part->samples + first, count);
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
        if (!histogram_bucket_add(&part->buckets, &part->bucket_count, bucket.index, bucket.count))
            return error_memory(error);
    }
    return reader.bad ? damaged(error) : TARE_OK;
}
