#include "record/image_frame.h"

#include "record/accumulator.h"
#include "record/frame.h"

#include <stdlib.h>
#include <string.h>

/* A stretch of the image; its bytes follow. */
struct stretch {
    uint32_t offset, size;
};

static void stretch_put(struct strbuf *out, const struct session_image *image, const void *from,
                        size_t size)
{
    const struct stretch stretch = {(uint32_t)((const char *)from - (const char *)image),
                                    (uint32_t)size};
    strbuf_add(out, &stretch, sizeof stretch);
    strbuf_add(out, from, size);
}

static size_t text_end(const struct session_card *card)
{
    size_t end = 0;
    for (int which = 0; which < TEXT_COUNT; which++) {
        size_t at = card->text_at[which];
        size_t behind = at + strnlen(card->text + at, HEADER_TEXT_SIZE - at);
        end = behind > end ? behind : end;
    }
    return end;
}

/* Without the unused room for text and words. Other threads may add metrics meanwhile: the words
 * of those that the header counts were there before it was copied. */
static void page_put(struct strbuf *out, const struct session_image *image)
{
    const struct session_header *header = &image->header;
    const char *text = header->card.text, *behind = (const char *)(&header->card + 1);
    stretch_put(out, image, image, (size_t)(text - (const char *)image) + text_end(&header->card));
    stretch_put(out, image, behind, sizeof *header - sizeof header->card);
    for (int ring = 0; ring < RING_COUNT; ring++)
        if (image->control[ring].head > 0)
            stretch_put(out, image, &image->control[ring], offsetof(struct ring_control, room));
    uint32_t used = header->words_used;
    stretch_put(out, image, image->words, used < WORDS_FIRST ? used : WORDS_FIRST);
    if (used > WORDS_FIRST)
        stretch_put(out, image, image->more_words, used - WORDS_FIRST);
}

/* What is in the ring; all of it where it begins anew. */
static void ring_put(struct strbuf *out, const struct session_image *image, uint32_t ring)
{
    const struct ring_control *control = &image->control[ring];
    const struct record *records = ring_at(image, ring);
    uint64_t head = __atomic_load_n(&control->head, __ATOMIC_ACQUIRE);
    size_t from = control->folded % RING_CAPACITY, count = head - control->folded;
    if (from + count > RING_CAPACITY)
        from = 0, count = RING_CAPACITY;
    if (count > 0)
        stretch_put(out, image, records + from, count * sizeof *records);
}

static void accumulators_put(struct strbuf *out, const struct session_image *image)
{
    size_t units = 0;
    for (size_t word = 0; word < POOL_WORDS; word++)
        if (image->header.pool[word] != 0)
            units = word * 64 + 64 - (size_t)__builtin_clzll(image->header.pool[word]);
    stretch_put(out, image, image->heads, sizeof image->heads);
    stretch_put(out, image, image->pool, units * POOL_UNIT_SIZE);
    for (size_t metric = 0; metric < image->header.metric_count; metric++) {
        const struct tally *tally = tally_of(image, metric);
        if (tally != NULL && tally->tag != 0)
            stretch_put(out, image, tally, sizeof *tally);
    }
}

enum tare_status image_frame_encode(const struct session_image *image,
                                    const struct image_reading *reading, struct strbuf *out,
                                    struct tare_error *error)
{
    size_t start = frame_begin(out);
    strbuf_add(out, reading, sizeof *reading);
    page_put(out, image);
    for (uint32_t ring = 0; ring < RING_COUNT; ring++)
        ring_put(out, image, ring);
    stretch_put(out, image, image->registry, image->header.metric_count * sizeof(struct entry));
    if (image_folded(image))
        accumulators_put(out, image);
    return frame_end(out, start, FRAME_IMAGE, error);
}

/* So many of them at most. */
static bool stretches_take(const char *payload, size_t size, size_t most,
                           struct session_image *image)
{
    for (; size > 0 && most > 0; most--) {
        struct stretch stretch;
        if (size < sizeof stretch)
            return false;
        memcpy(&stretch, payload, sizeof stretch);
        payload += sizeof stretch;
        size -= sizeof stretch;
        if (stretch.size > size || stretch.offset > sizeof *image ||
            stretch.size > sizeof *image - stretch.offset)
            return false;
        memcpy((char *)image + stretch.offset, payload, stretch.size);
        payload += stretch.size;
        size -= stretch.size;
    }
    return most == 0 || size == 0;
}

#define STRETCHES_HEADER 2 /* page_put() */

bool image_frame_name(const char *payload, size_t size, char id[BATCH_ID_SIZE])
{
    const size_t before = sizeof(struct image_reading);
    struct session_image *image = aligned_alloc(IMAGE_PAGE, sizeof *image);
    if (image == NULL)
        return false;
    memset(image, 0, sizeof *image);
    bool named = size > before &&
                 stretches_take(payload + before, size - before, STRETCHES_HEADER, image) &&
                 image_check_header(image, sizeof *image, "a frame", NULL) == TARE_OK;
    if (named)
        image_batch_name(image, id);
    free(image);
    return named;
}

enum tare_status image_frame_decode(const char *payload, size_t size, struct batch *batch,
                                    struct tare_error *error)
{
    struct image_reading reading;
    struct session_image *image = aligned_alloc(4096, sizeof *image);
    if (image == NULL)
        return error_memory(error);
    memset(image, 0, sizeof *image);
    enum tare_status status = TARE_OK;
    if (size < sizeof reading ||
        !stretches_take(payload + sizeof reading, size - sizeof reading, SIZE_MAX, image))
        status = error_set(error, TARE_E_CORRUPT, "a frame does not hold a session");
    if (status == TARE_OK)
        status = image_check(image, sizeof *image, "a session in a frame", error);
    if (status == TARE_OK) {
        memcpy(&reading, payload, sizeof reading);
        status = image_batch(image, &reading, batch, error);
    }
    free(image);
    return status;
}
