/* Frames: batches as bytes, for the inbox. A frame is its length, a checksum and a payload; a torn
 * or damaged one is told from a whole one wherever it stands. Little-endian on every machine. */
#ifndef RECORD_FRAME_H
#define RECORD_FRAME_H

#include "base/strbuf.h"
#include "model/batch.h"

/* Appends the frame of a batch to `out`. */
enum tare_status frame_encode(const struct batch *batch, struct strbuf *out,
                              struct tare_error *error);

/* What a frame holds: a batch, field by field, or a session as it lay in memory (image_frame.h).
 */
enum frame_kind { FRAME_BATCH = 1, FRAME_IMAGE = 2 };

/* For those who write a payload: frame_begin() leaves room for the head and returns where it is,
 * frame_end() fills it in when the payload has been added. */
size_t frame_begin(struct strbuf *out);
enum tare_status frame_end(struct strbuf *out, size_t start, enum frame_kind kind,
                           struct tare_error *error);

/* Reads the frame that begins at `bytes` into an initialised `batch`, which then is sound
 * (batch_sound); `*used` is its length. TARE_E_CORRUPT: there is no whole frame here; `*used` is
 * then how far to the next place where one may begin, or to the end. TARE_E_NEWER: a frame of a
 * newer tare, `*used` long. */
enum tare_status frame_decode(const void *bytes, size_t size, struct batch *batch, size_t *used,
                              struct tare_error *error);

/* The id of the batch that a frame was of which is damaged, or was cut off when its writer was
 * killed. False: too little of it is there. */
bool frame_name(const void *bytes, size_t size, char id[BATCH_ID_SIZE]);

#endif
