#include "record/image_frame.h"

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

static bool unit_used(const struct session_image *image, size_t unit)
{
    return (image->header.pool[unit / 64] >> unit % 64 & 1) != 0;
}

static void pool_put(struct strbuf *out, const struct session_image *image)
{
    for (size_t unit = 0; unit < POOL_UNITS;) {
        size_t end = unit;
        while (end < POOL_UNITS && unit_used(image, end))
            end++;
        if (end > unit)
            stretch_put(out, image, &image->pool[unit], (end - unit) * POOL_UNIT_SIZE);
        unit = end + 1;
    }
}

enum tare_status image_frame_encode(const struct session_image *image,
                                    const struct image_reading *reading, struct strbuf *out,
                                    struct tare_error *error)
{
    size_t start = frame_begin(out);
    strbuf_add(out, reading, sizeof *reading);
    stretch_put(out, image, image, offsetof(struct session_image, rings));
    for (int ring = 0; ring < RING_COUNT; ring++)
        if (image->control[ring].head > image->control[ring].folded)
            stretch_put(out, image, image->rings[ring], sizeof image->rings[ring]);
    stretch_put(out, image, image->registry, image->header.metric_count * sizeof(struct entry));
    pool_put(out, image);
    return frame_end(out, start, FRAME_IMAGE, error);
}

static bool stretches_take(const char *payload, size_t size, struct session_image *image)
{
    while (size > 0) {
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
    return true;
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
        !stretches_take(payload + sizeof reading, size - sizeof reading, image))
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
