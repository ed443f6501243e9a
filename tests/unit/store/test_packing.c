#include "store/packing.h"
#include "suite.h"

#include <stdlib.h>

static uint32_t seed = 1;

static uint64_t random_bits(void)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        seed = seed * 1664525 + 1013904223;
        bits = bits << 16 | seed >> 16;
    }
    return bits;
}

/* Packs, unpacks, compares to the bit; how many bytes it took. */
static size_t round_trip(const struct sample *samples, size_t count)
{
    struct strbuf buf;
    struct batch_part part = {0};
    strbuf_init(&buf);
    packing_samples_encode(&buf, samples, count);
    assert_int_equal(packing_samples_decode(buf.text, buf.length, count, &part, NULL), TARE_OK);
    assert_int_equal(part.sample_count, count);
    assert_memory_equal(part.samples, samples, count * sizeof *samples);
    size_t size = buf.length;
    free(part.samples);
    strbuf_release(&buf);
    return size;
}

TEST(packing__any_bits_come_back)
{
    struct sample samples[300];
    for (int round = 0; round < 200; round++) {
        size_t count = 1 + random_bits() % 300;
        uint64_t mask = random_bits() >> random_bits() % 64;
        for (size_t i = 0; i < count; i++) {
            uint64_t bits = random_bits() & mask;
            samples[i].time_ns = (int64_t)(random_bits() >> (round % 2 ? 0 : random_bits() % 64));
            memcpy(&samples[i].value, &bits, sizeof bits);
        }
        round_trip(samples, count);
    }
}

TEST(packing__one_sample_and_equal_samples_come_back)
{
    struct sample samples[1000];
    const double values[] = {0, -0.0, 1.0 / 3, INFINITY, -1e308, 5e-324};
    for (size_t v = 0; v < 6; v++) {
        for (size_t i = 0; i < 1000; i++)
            samples[i] = (struct sample){INT64_MAX, values[v]};
        round_trip(samples, 1);
        assert_true(round_trip(samples, 1000) < 9100);
    }
}

TEST(packing__spans_take_six_bytes_and_any_doubles_ten)
{
    struct sample samples[1000];
    int64_t time_ns = 1700000000000000000;
    for (size_t i = 0; i < 1000; i++) {
        time_ns += (int64_t)(random_bits() % 500000);
        samples[i] = (struct sample){time_ns, (double)(1000000 + random_bits() % 400000) / 1e6};
    }
    assert_true(round_trip(samples, 1000) < 6500);
    for (size_t i = 0; i < 1000; i++)
        samples[i].value *= 1.00000000123;
    assert_true(round_trip(samples, 1000) < 9800);
    for (size_t i = 0; i < 1000; i++)
        samples[i] = (struct sample){(int64_t)i * 1000000000, 42};
    assert_true(round_trip(samples, 1000) < 2100);
}

TEST(packing__damaged_bytes_are_refused_or_read_but_never_more)
{
    struct sample samples[50];
    struct strbuf buf;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < 50; i++)
            samples[i] = (struct sample){(int64_t)(random_bits() >> 20),
                                         round % 2 ? (double)(random_bits() % 9999)
                                                   : 1 + 1.0 / (double)(1 + random_bits() % 99)};
        strbuf_init(&buf);
        packing_samples_encode(&buf, samples, 50);
        size_t size = round % 3 == 0 ? random_bits() % buf.length : buf.length;
        char *bytes = malloc(size + 1); /* of that size, so that a sanitizer sees a byte too far */
        memcpy(bytes, buf.text, size);
        if (size > 0)
            bytes[random_bits() % size] ^= (char)(1 << random_bits() % 8);
        struct batch_part part = {0};
        packing_samples_decode(bytes, size, 50, &part, NULL);
        assert_true(part.sample_count <= 50);
        free(part.samples);
        free(bytes);
        strbuf_release(&buf);
    }
}

TEST(packing__bytes_that_end_early_or_late_are_corrupt)
{
    static const double scales[] = {1, 1.0 / 3};
    struct sample samples[20];
    for (size_t s = 0; s < 2; s++) {
        struct strbuf buf;
        struct batch_part part = {0};
        struct tare_error error;
        for (size_t i = 0; i < 20; i++)
            samples[i] = (struct sample){(int64_t)i * 77, (double)(i + 100) * scales[s]};
        strbuf_init(&buf);
        packing_samples_encode(&buf, samples, 20);
        for (size_t size = 0; size < buf.length; size++) {
            assert_int_equal(packing_samples_decode(buf.text, size, 20, &part, &error),
                             TARE_E_CORRUPT);
            part.sample_count = 0;
            free(part.samples);
            part.samples = NULL;
        }
        assert_non_null(strstr(error.message, "tare doctor"));
        strbuf_add_char(&buf, 1);
        assert_int_equal(packing_samples_decode(buf.text, buf.length, 20, &part, &error),
                         TARE_E_CORRUPT);
        free(part.samples);
        strbuf_release(&buf);
    }
}

TEST(packing__buckets_come_back_merged)
{
    const struct histogram_bucket first[] = {{INT32_MIN, 1}, {-1, UINT32_MAX}, {7, 3}},
                                  second[] = {{-1, 1}, {8, 2}, {INT32_MAX, 9}};
    struct strbuf buf;
    struct batch_part part = {0};
    strbuf_init(&buf);
    packing_buckets_encode(&buf, first, 3);
    assert_int_equal(packing_buckets_decode(buf.text, buf.length, &part, NULL), TARE_OK);
    strbuf_clear(&buf);
    packing_buckets_encode(&buf, second, 3);
    assert_int_equal(packing_buckets_decode(buf.text, buf.length, &part, NULL), TARE_OK);
    assert_int_equal(part.bucket_count, 5);
    assert_true(part.buckets[1].index == -1 && part.buckets[1].count == UINT64_C(4294967296));
    assert_true(part.buckets[2].index == 7 && part.buckets[3].index == 8);
    assert_true(part.buckets[4].index == INT32_MAX && part.buckets[4].count == 9);
    assert_int_equal(packing_buckets_decode(buf.text, buf.length - 1, &part, NULL),
                     TARE_E_CORRUPT);
    free(part.buckets);
    strbuf_release(&buf);
}
