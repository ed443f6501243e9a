#include "kept.h"

#include "app/config.h"
#include "app/intake.h"
#include "base/crc32.h"
#include "expect.h"
#include "kept_seed.h"
#include "model/card.h"
#include "record/frame.h"
#include "record/image.h"
#include "record/image_frame.h"
#include "record/layout.h"
#include "record/losses_take.h"
#include "record/settings.h"
#include "record/yaml_scalars.h"
#include "store/packing.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- batches ---- */

/* What the store got can be read back. */
static void kept_read(struct store *store, const char *session_id)
{
    const struct store_filter filter = {.session_id = session_id};
    struct measurement *list = NULL;
    size_t count = 0;
    EXPECT(store_measurement_list(store, &filter, &list, &count, NULL) == TARE_OK);
    for (size_t i = 0; i < count; i++) {
        struct batch_part part = {0};
        EXPECT(store_samples_read(store, list[i].series_id, session_id, list[i].window_start_ns,
                                  &part, NULL) == TARE_OK);
        batch_part_release(&part);
    }
    free(list);
}

/* A batch that was read is taken by the store: of one that is refused every later command would
 * stumble again. What names no environment comes from this one: so does the inbox's reader. */
static void batch_keep(struct batch *batch)
{
    static struct store *store;
    static struct config config;
    static unsigned kept;
    struct intake intake;
    struct tare_error error = {0};
    if (kept++ % 2048 == 0) {
        store_close(store);
        config_release(&config);
        EXPECT(store_open(":memory:", &(struct store_options){.create = true}, &store, &error) ==
               TARE_OK);
        EXPECT(config_read("/dev/null", &config, &error) == TARE_OK);
    }
    if (batch->session.environment.key == NULL)
        EXPECT(environment_key(&batch->session.environment, NULL, &error) == TARE_OK);
    intake_init(&intake, store, &config);
    enum tare_status status = intake_take(&intake, batch, 1, &error);
    if (status == TARE_OK)
        status = intake_finish(&intake, &error);
    if (status != TARE_OK)
        fprintf(stderr, "%s\n", error.message);
    EXPECT(status == TARE_OK);
    intake_release(&intake);
    kept_read(store, batch->session.id);
}

static void payload_run(enum frame_kind kind, const void *bytes, size_t size)
{
    struct strbuf frame;
    struct batch batch;
    struct tare_error error = {0};
    size_t used = 0;
    strbuf_init(&frame);
    batch_init(&batch);
    size_t start = frame_begin(&frame);
    strbuf_add(&frame, bytes, size);
    EXPECT(frame_end(&frame, start, kind, &error) == TARE_OK);
    enum tare_status status = frame_decode(frame.text, frame.length, &batch, &used, &error);
    EXPECT(used == frame.length);
    if (status == TARE_OK)
        batch_keep(&batch);
    else
        expect_refusal(status, &error);
    batch_release(&batch);
    strbuf_release(&frame);
}

static void batch_frame_run(const uint8_t *bytes, size_t size)
{
    payload_run(FRAME_BATCH, bytes, size);
}

static void image_frame_run(const uint8_t *bytes, size_t size)
{
    payload_run(FRAME_IMAGE, bytes, size);
}

/* Whatever lies in an inbox is stepped through to its end. */
static void inbox_run(const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        struct batch batch;
        struct tare_error error = {0};
        size_t used = 0;
        batch_init(&batch);
        enum tare_status status = frame_decode(bytes, size, &batch, &used, &error);
        EXPECT(used > 0 && used <= size);
        if (status != TARE_OK)
            expect_refusal(status, &error);
        batch_release(&batch);
        bytes += used;
        size -= used;
    }
}

/* ---- session files ---- */

static void image_read(struct session_image *image)
{
    const struct image_reading reading = {
        .outcome = OUTCOME_CRASHED, .now = image->header.last, .cut_window = UINT32_MAX};
    struct batch batch;
    struct strbuf frame;
    struct tare_error error = {0};
    strbuf_init(&frame);
    batch_init(&batch);
    image_settle(image);
    enum tare_status status = image_batch(image, &reading, &batch, &error);
    if (status == TARE_OK && batch_sound(&batch))
        batch_keep(&batch);
    else if (status != TARE_OK)
        expect_refusal(status, &error);
    EXPECT(image_frame_encode(image, &reading, &frame, &error) == TARE_OK);
    batch_release(&batch);
    strbuf_release(&frame);
}

static void session_file_run(const uint8_t *bytes, size_t size)
{
    struct session_image *image = aligned_alloc(IMAGE_PAGE, sizeof *image);
    struct tare_error error = {0};
    EXPECT(image != NULL);
    memset(image, 0, sizeof *image);
    memcpy(image, bytes, size < sizeof *image ? size : sizeof *image);
    image->header.card_checksum = crc32c(0, &image->header.card, sizeof image->header.card);
    enum tare_status status = image_check(image, sizeof *image, "a session file", &error);
    if (status == TARE_OK)
        image_read(image);
    else
        expect_refusal(status, &error);
    free(image);
}

/* ---- counts of losses ---- */

static void losses_run(const uint8_t *bytes, size_t size)
{
    struct losses losses = {0};
    memcpy(&losses, bytes, size < sizeof losses ? size : sizeof losses);
    for (size_t i = 0; i < LOSSES_SLOTS; i++) {
        struct loss_slot *slot = &losses.slots[i];
        struct batch batch;
        struct tare_error error = {0};
        if (slot->key != 0)
            slot->key = loss_key(slot->text_at, slot->text);
        if (!loss_sound(slot) || slot->pending <= slot->told)
            continue;
        batch_init(&batch);
        enum tare_status status = loss_batch(slot, &batch, &error);
        if (status == TARE_OK)
            batch_keep(&batch);
        else
            expect_refusal(status, &error);
        batch_release(&batch);
    }
}

/* ---- cards ---- */

static void card_run(const uint8_t *bytes, size_t size)
{
    struct strbuf text;
    struct card card;
    struct tare_error error = {0};
    strbuf_init(&text);
    card_init(&card);
    strbuf_add(&text, bytes, strnlen((const char *)bytes, size));
    if (text.length > 0 && text.text[text.length - 1] != '\n')
        strbuf_add_char(&text, '\n');
    strbuf_add_format(&text, "end %08x\n", crc32c(0, text.text, text.length));
    enum tare_status status = card_decode(text.text, &card, &error);
    if (status == TARE_OK) {
        char *again = card_encode(&card);
        struct card back;
        card_init(&back);
        EXPECT(again != NULL && card_decode(again, &back, &error) == TARE_OK);
        EXPECT(back.entry_count == card.entry_count);
        card_release(&back);
        free(again);
    } else {
        expect_refusal(status, &error);
        EXPECT(card.entry_count == 0);
    }
    card_release(&card);
    strbuf_release(&text);
}

/* ---- packed samples ---- */

static void samples_encode_again(const struct batch_part *part)
{
    struct strbuf packed;
    struct batch_part back = {0};
    struct tare_error error = {0};
    strbuf_init(&packed);
    packing_samples_encode(&packed, part->samples, part->sample_count);
    EXPECT(packing_samples_decode(packed.text, packed.length, part->sample_count, &back, &error) ==
           TARE_OK);
    EXPECT(back.sample_count == part->sample_count);
    EXPECT(part->sample_count == 0 ||
           memcmp(back.samples, part->samples, part->sample_count * sizeof *part->samples) == 0);
    batch_part_release(&back);
    strbuf_release(&packed);
}

/* A count of two bytes, and what is packed. */
static void samples_run(const uint8_t *bytes, size_t size)
{
    struct batch_part part = {0};
    struct tare_error error = {0};
    if (size < 2)
        return;
    size_t count = (size_t)bytes[0] | (size_t)bytes[1] << 8;
    enum tare_status status = packing_samples_decode(bytes + 2, size - 2, count, &part, &error);
    if (status == TARE_OK) {
        EXPECT(part.sample_count == count);
        samples_encode_again(&part);
    } else {
        expect_refusal(status, &error);
    }
    batch_part_release(&part);
}

static void buckets_run(const uint8_t *bytes, size_t size)
{
    struct batch_part part = {0};
    struct tare_error error = {0};
    enum tare_status status = packing_buckets_decode(bytes, size, &part, &error);
    if (status != TARE_OK)
        expect_refusal(status, &error);
    for (size_t i = 1; i < part.bucket_count; i++)
        EXPECT(part.buckets[i - 1].index < part.buckets[i].index);
    batch_part_release(&part);
}

/* ---- tare.yml ---- */

/* As the binary and as a program reads it. */
static void tare_yml_run(const uint8_t *bytes, size_t size)
{
    struct config config;
    struct yaml_scalars scalars;
    struct tare_error error = {0};
    char path[64];
    double seconds;
    int fd = memfd_create("tare.yml", MFD_CLOEXEC);
    EXPECT(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    yaml_scalars_read(path, &scalars);
    EXPECT(strnlen(scalars.store, sizeof scalars.store) < sizeof scalars.store);
    EXPECT(strnlen(scalars.labels, sizeof scalars.labels) < sizeof scalars.labels);
    if (window_parse(scalars.window, &seconds))
        EXPECT(seconds >= 0.01 && isfinite(seconds));
    enum tare_status status = config_read(path, &config, &error);
    if (status == TARE_OK)
        config_release(&config);
    else
        expect_refusal(status, &error);
    close(fd);
}

const struct kept_target kept_targets[] = {
    {"batch-frame", batch_frame_run, seed_batch_frame},
    {"image-frame", image_frame_run, seed_image_frame},
    {"inbox", inbox_run, seed_inbox},
    {"session-file", session_file_run, seed_session_file},
    {"losses", losses_run, seed_losses},
    {"card", card_run, seed_card},
    {"samples", samples_run, seed_samples},
    {"buckets", buckets_run, seed_buckets},
    {"tare-yml", tare_yml_run, seed_tare_yml},
};
const size_t kept_target_count = sizeof kept_targets / sizeof kept_targets[0];

const struct kept_target *kept_target_find(const char *name)
{
    for (size_t i = 0; i < kept_target_count; i++)
        if (strcmp(kept_targets[i].name, name) == 0)
            return &kept_targets[i];
    return NULL;
}

#ifdef FUZZ_KEPT
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kept_target_find(FUZZ_KEPT)->run(bytes, size);
    return 0;
}
#endif
