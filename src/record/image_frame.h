/* A session's mapping as a frame for the inbox: what of it is in use, as it lies in memory. That
 * is what a program hands over, without making a batch of it first: whoever takes the frame in has
 * more time. For readers on the same machine, of the same SESSION_VERSION. */
#ifndef RECORD_IMAGE_FRAME_H
#define RECORD_IMAGE_FRAME_H

#include "base/strbuf.h"
#include "record/image.h"

/* Appends the frame of a settled image to `out`. */
enum tare_status image_frame_encode(const struct session_image *image,
                                    const struct image_reading *reading, struct strbuf *out,
                                    struct tare_error *error);

/* Makes a batch of the payload of such a frame. TARE_E_CORRUPT, TARE_E_NEWER, TARE_E_MEMORY. */
enum tare_status image_frame_decode(const char *payload, size_t size, struct batch *batch,
                                    struct tare_error *error);

/* The id of the batch whose frame begins so: its first bytes are enough. */
bool image_frame_name(const char *payload, size_t size, char id[BATCH_ID_SIZE]);

#endif
