#include "record/frame.h"

#include "suite.h"

#include <stdlib.h>

static void batch_make(struct batch *batch)
{
    batch_init(batch);
    strcpy(batch->id, "6f9619ff-8b86-4011-b42d-00c04fc964ff.3");
    strcpy(batch->session.id, "6f9619ff-8b86-4011-b42d-00c04fc964ff");
    batch->session.app = strdup("app");
    batch->session.labels = strdup("a=b");
    batch->session.started_ns = 17;
    batch->session.dropped = 5;
    struct batch_part *part = batch_part_add(batch);
    assert_int_equal(metric_name(&part->metric, "X", NULL, "ms", NULL), TARE_OK);
    assert_int_equal(batch_part_sample(part, 100, 1.5, NULL), TARE_OK);
    assert_int_equal(batch_part_sample(part, 200, -2.5, NULL), TARE_OK);
    part->buckets = malloc(sizeof *part->buckets);
    part->buckets[0] = (struct histogram_bucket){-77, 9};
    part->bucket_count = 1;
    part->n = 11;
    part->failed = 4;
}

static void frame_make(struct strbuf *out)
{
    struct batch batch;
    batch_make(&batch);
    assert_int_equal(frame_encode(&batch, out, NULL), TARE_OK);
    batch_release(&batch);
}

TEST(frame__comes_back_as_it_went)
{
    struct strbuf out;
    struct batch back;
    size_t used = 0;
    strbuf_init(&out);
    frame_make(&out);
    batch_init(&back);
    assert_int_equal(frame_decode(out.text, out.length, &back, &used, NULL), TARE_OK);
    assert_int_equal(used, out.length);
    assert_string_equal(back.id, "6f9619ff-8b86-4011-b42d-00c04fc964ff.3");
    assert_string_equal(back.session.app, "app");
    assert_string_equal(back.session.labels, "a=b");
    assert_null(back.session.version);
    assert_int_equal(back.session.dropped, 5);
    assert_int_equal(back.part_count, 1);
    assert_int_equal(back.parts[0].sample_count, 2);
    assert_int_equal(back.parts[0].samples[1].time_ns, 200);
    assert_close(back.parts[0].samples[1].value, -2.5, 0);
    assert_int_equal(back.parts[0].buckets[0].index, -77);
    assert_int_equal(back.parts[0].failed, 4);
    assert_true(isnan(back.parts[0].metric.target));
    batch_release(&back);
    strbuf_release(&out);
}

TEST(frame__every_cut_is_noticed)
{
    struct strbuf out;
    strbuf_init(&out);
    frame_make(&out);
    for (size_t size = 0; size < out.length; size++) {
        struct batch back;
        size_t used = 0;
        batch_init(&back);
        assert_int_equal(frame_decode(out.text, size, &back, &used, NULL), TARE_E_CORRUPT);
        assert_int_equal(used, size);
    }
    strbuf_release(&out);
}

TEST(frame__every_flipped_bit_is_noticed)
{
    struct strbuf out;
    strbuf_init(&out);
    frame_make(&out);
    for (size_t bit = 0; bit < out.length * 8; bit++) {
        struct batch back;
        size_t used = 0;
        batch_init(&back);
        out.text[bit / 8] = (char)(out.text[bit / 8] ^ 1 << bit % 8);
        assert_int_not_equal(frame_decode(out.text, out.length, &back, &used, NULL), TARE_OK);
        assert_true(used > 0);
        out.text[bit / 8] = (char)(out.text[bit / 8] ^ 1 << bit % 8);
    }
    strbuf_release(&out);
}

TEST(frame__the_one_behind_a_torn_one_is_found)
{
    struct strbuf out;
    struct batch back;
    size_t used = 0;
    strbuf_init(&out);
    frame_make(&out);
    size_t whole = out.length, torn = whole / 2;
    out.length = torn;
    frame_make(&out);
    batch_init(&back);
    assert_int_equal(frame_decode(out.text, out.length, &back, &used, NULL), TARE_E_CORRUPT);
    assert_int_equal(used, torn);
    assert_int_equal(frame_decode(out.text + used, out.length - used, &back, &used, NULL),
                     TARE_OK);
    assert_int_equal(used, whole);
    batch_release(&back);
    strbuf_release(&out);
}

/* A frame of a batch that a careless writer spoiled; its checksum is right. */
static enum tare_status spoilt_decode(void (*spoil)(struct batch *batch))
{
    struct strbuf out;
    struct batch batch, back;
    struct tare_error error = {0};
    size_t used = 0;
    strbuf_init(&out);
    batch_make(&batch);
    spoil(&batch);
    assert_int_equal(frame_encode(&batch, &out, NULL), TARE_OK);
    batch_init(&back);
    enum tare_status status = frame_decode(out.text, out.length, &back, &used, &error);
    assert_int_equal(used, out.length);
    batch_release(&back);
    batch_release(&batch);
    strbuf_release(&out);
    return status;
}

static void leave(struct batch *batch)
{
    (void)batch;
}

static void more_than_counted(struct batch *batch)
{
    batch->parts[0].n = 10; /* two samples and nine in a bucket */
}

static void no_number(struct batch *batch)
{
    batch->parts[0].samples[1].value = NAN;
}

static void no_moment(struct batch *batch)
{
    batch->session.started_ns = INT64_MIN;
}

static void no_session(struct batch *batch)
{
    batch->session.id[7] = '\0';
}

static void out_of_order(struct batch *batch)
{
    struct batch_part *part = &batch->parts[0];
    part->n = 12;
    part->buckets = realloc(part->buckets, 2 * sizeof *part->buckets);
    part->buckets[part->bucket_count++] = (struct histogram_bucket){-77, 1};
}

TEST(frame__a_batch_that_does_not_add_up_is_damage)
{
    assert_int_equal(spoilt_decode(leave), TARE_OK);
    assert_int_equal(spoilt_decode(more_than_counted), TARE_E_CORRUPT);
    assert_int_equal(spoilt_decode(no_number), TARE_E_CORRUPT);
    assert_int_equal(spoilt_decode(no_moment), TARE_E_CORRUPT);
    assert_int_equal(spoilt_decode(no_session), TARE_E_CORRUPT);
    assert_int_equal(spoilt_decode(out_of_order), TARE_E_CORRUPT);
}
