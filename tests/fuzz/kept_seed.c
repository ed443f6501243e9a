#include "kept_seed.h"

#include "app/config_template.h"
#include "expect.h"
#include "model/card.h"
#include "record/frame.h"
#include "record/image.h"
#include "record/image_frame.h"
#include "record/losses.h"
#include "record/recorder.h"
#include "store/packing.h"
#include "tare/tare.h"

#include <string.h>

#define SPANS 400 /* more than a ring holds: some are folded */

/* A session with a span that was folded, values of several kinds and a failure, as it lies in
 * memory. The caller frees. */
static struct session_image *image_make(void)
{
    static tare_metric query = TARE_METRIC("orders.query", .unit = "ms", .target = 3);
    const tare_options options = {.store = ":memory:",
                                  .app = "fuzz",
                                  .version = "1.2",
                                  .labels = "region=north",
                                  .commit = "0123456789abcdef0123456789abcdef01234567",
                                  .branch = "main"};
    tare_tracker *tracker = NULL;
    struct session_image *copy = aligned_alloc(IMAGE_PAGE, sizeof *copy);
    EXPECT(copy != NULL && tare_tracker_open(&options, &tracker, NULL) == TARE_OK);
    for (int i = 0; i < SPANS; i++) {
        tare_span_end(tare_span_begin(tracker, &query));
        tare_metric_record(tracker, "rows", 1.5 * i);
    }
    tare_span_fail(tare_span_begin(tracker, &query));
    tare_metric_record_in(tracker, "size", 12, "KiB");
    memcpy(copy, recorder_of(tracker)->image, sizeof *copy);
    tare_tracker_close(tracker, NULL);
    copy->header.last = copy->header.card.opened;
    copy->header.last.ticks += 1000000;
    copy->header.last.monotonic_ns += 400000;
    copy->header.last.real_ns += 400000;
    return copy;
}

static struct image_reading reading_of(const struct session_image *image)
{
    return (struct image_reading){.outcome = OUTCOME_OK,
                                  .now = image->header.last,
                                  .ended_ns = image->header.last.real_ns,
                                  .cut_window = UINT32_MAX};
}

void seed_session_file(struct strbuf *out)
{
    struct session_image *image = image_make();
    strbuf_add(out, image, sizeof *image);
    free(image);
}

void seed_losses(struct strbuf *out)
{
    const tare_options options = {
        .store = ":memory:", .app = "fuzz", .labels = "region=north", .branch = "main"};
    struct settings settings;
    struct losses losses = {.head = {LOSSES_MAGIC, LOSSES_VERSION, sizeof losses}};
    EXPECT(settings_read(&options, &settings, NULL) == TARE_OK);
    struct loss_slot *slot = losses_slot(&losses, &settings);
    loss_count(slot, 500);
    slot->told = 100;
    slot->pending = 400;
    slot->since_ns = 1769817600000000000;
    slot->last_ns = 1769817660000000000;
    uuid_generate_text(slot->session);
    strbuf_add(out, &losses, sizeof losses);
}

static void image_frame_add(struct strbuf *out)
{
    struct session_image *image = image_make();
    const struct image_reading reading = reading_of(image);
    image_settle(image);
    EXPECT(image_frame_encode(image, &reading, out, NULL) == TARE_OK);
    free(image);
}

static void batch_frame_add(struct strbuf *out)
{
    struct session_image *image = image_make();
    const struct image_reading reading = reading_of(image);
    struct batch batch;
    batch_init(&batch);
    image_settle(image);
    EXPECT(image_batch(image, &reading, &batch, NULL) == TARE_OK);
    EXPECT(frame_encode(&batch, out, NULL) == TARE_OK);
    batch_release(&batch);
    free(image);
}

void seed_inbox(struct strbuf *out)
{
    image_frame_add(out);
    batch_frame_add(out);
}

/* What stands behind a frame's head. */
static void payload_add(struct strbuf *out, void (*frame_add)(struct strbuf *))
{
    struct strbuf head, frame;
    strbuf_init(&head);
    strbuf_init(&frame);
    (void)frame_begin(&head);
    frame_add(&frame);
    strbuf_add(out, frame.text + head.length, frame.length - head.length);
    strbuf_release(&frame);
    strbuf_release(&head);
}

void seed_image_frame(struct strbuf *out)
{
    payload_add(out, image_frame_add);
}

void seed_batch_frame(struct strbuf *out)
{
    payload_add(out, batch_frame_add);
}

void seed_card(struct strbuf *out)
{
    struct card card;
    card_init(&card);
    card.written_ns = 1769817600000000000;
    for (int i = 0; i < 2; i++) {
        struct card_entry *entry = card_entry_add(&card);
        EXPECT(entry != NULL);
        EXPECT(metric_name(&entry->metric, i == 0 ? "orders.query" : "APP-001", NULL, "ms",
                           NULL) == TARE_OK);
        entry->app = strdup("fuzz");
        entry->environment = strdup("here\tand there");
        entry->baseline.state = BASELINE_ACTIVE;
        entry->baseline.centre = 12.5;
        entry->baseline.n = 20;
        entry->recent_count = 2;
        entry->recent[0] = 12;
        entry->recent[1] = 1e-300;
    }
    char *text = card_encode(&card);
    const char *end = text != NULL ? strstr(text, "\nend ") : NULL;
    EXPECT(end != NULL);
    strbuf_add(out, text, (size_t)(end + 1 - text));
    free(text);
    card_release(&card);
}

void seed_samples(struct strbuf *out)
{
    struct sample samples[200];
    const size_t count = sizeof samples / sizeof samples[0];
    for (size_t i = 0; i < count; i++)
        samples[i] = (struct sample){1769817600000000000 + (int64_t)i * 1250,
                                     i % 3 == 0 ? 1.0 / (double)(i + 1) : (double)i * 0.000125};
    strbuf_add_char(out, (char)count);
    strbuf_add_char(out, 0);
    packing_samples_encode(out, samples, count);
}

void seed_buckets(struct strbuf *out)
{
    const struct histogram_bucket buckets[] = {{-70000, 3}, {-1, 1}, {0, 900}, {66000, 1}};
    packing_buckets_encode(out, buckets, sizeof buckets / sizeof buckets[0]);
}

void seed_tare_yml(struct strbuf *out)
{
    char *text = config_template("app", "fuzz", NULL);
    EXPECT(text != NULL);
    strbuf_add_text(out, text);
    free(text);
}
