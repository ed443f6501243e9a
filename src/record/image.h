/* Reading a session's mapping: making good for a process that was killed at any instruction, and
 * turning what is there into a batch. Images are private copies, or the mapping of a session to
 * which nobody writes any more. */
#ifndef RECORD_IMAGE_H
#define RECORD_IMAGE_H

#include "model/batch.h"
#include "record/layout.h"

/* Whether `size` bytes are a session of this version, with a header that is whole, and no index in
 * it leads out of it. TARE_E_CORRUPT, TARE_E_NEWER. */
enum tare_status image_check(const struct session_image *image, size_t size, const char *name,
                             struct tare_error *error);

/* The header alone: the rest of a copy of a session that is recorded into need not fit together.
 */
enum tare_status image_check_header(const struct session_image *image, size_t size,
                                    const char *name, struct tare_error *error);

/* Undoes a fold that did not come to its end; afterwards every tally's totals[0] counts. */
void image_settle(struct session_image *image);

/* Copies a session that is recorded into, without making holes into pages, at a moment at which
 * nobody folds or takes. False: there was none in many tries. */
bool image_copy(const struct session_image *live, struct session_image *copy);

/* What state the session is in, as the reader found it. */
struct image_reading {
    enum session_outcome outcome;
    struct anchor now;   /* of the reader, or the end */
    int64_t ended_ns;    /* 0: not ended */
    uint32_t cut_window; /* windows from this on go on; UINT32_MAX: all are complete */
};

/* How far a settled image has been read, at this moment of its clock. */
double image_rate(const struct session_image *image, const struct anchor *now);

/* The batch number `header.sequence` of a settled image, into an initialised `batch`. */
enum tare_status image_batch(const struct session_image *image,
                             const struct image_reading *reading, struct batch *batch,
                             struct tare_error *error);

/* What that batch is called. */
void image_batch_name(const struct session_image *image, char id[BATCH_ID_SIZE]);

static inline const char *image_text(const struct session_image *image, enum header_text which)
{
    return image->header.card.text + image->header.card.text_at[which];
}

/* Whether a settled image has no sample at all. */
bool image_empty(const struct session_image *image);

/* Wall-clock time of a coarse time of this session. */
int64_t image_time(const struct session_image *image, double ms_per_tick, uint64_t coarse);

/* The last observation in it, 0: none. */
int64_t image_last_ns(const struct session_image *image, double ms_per_tick);

#endif
