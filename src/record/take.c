#include "record/take.h"

#include "base/clock.h"
#include "record/accumulator.h"
#include "record/clock_source.h"
#include "record/fold.h"
#include "record/image_frame.h"
#include "record/inbox.h"
#include "record/seal.h"
#include "record/session.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* The frame of a short run of a program: it ends without having asked for memory. */
#define FRAME_ROOM 4096

/* A hand-over without samples is not worth a frame, unless it tells that the session has ended, or
 * that samples were dropped. */
static enum tare_status deliver(const struct session_image *image,
                                const struct image_reading *reading, struct tare_error *error)
{
    struct strbuf frame;
    char room[FRAME_ROOM];
    if (reading->ended_ns == 0 && image_empty(image) &&
        image->header.dropped == image->header.dropped_told)
        return TARE_OK;
    strbuf_init_in(&frame, room, sizeof room);
    enum tare_status status = image_frame_encode(image, reading, &frame, error);
    if (status == TARE_OK)
        status = inbox_append_frame(image_text(image, TEXT_STORE), &frame, error);
    strbuf_release(&frame);
    return status;
}

static enum tare_status seal_deliver(const struct take *take, uint64_t sequence,
                                     struct tare_error *error)
{
    struct session_header *header = &take->live->header;
    struct seal *seal = seal_open(take->folder, header->card.writer, sequence);
    if (seal == NULL)
        return TARE_OK; /* delivered, and removed, by one who was killed then */
    struct session_image *image = &seal->image;
    image->header.dropped_told = header->dropped_told;
    const struct image_reading reading = {
        .outcome = OUTCOME_RUNNING, .now = image->header.last, .cut_window = seal->cut_window};
    enum tare_status status = deliver(image, &reading, error);
    if (status == TARE_OK) {
        header->dropped_told = image->header.dropped;
        seal_remove(take->folder, header->card.writer, sequence);
    }
    seal_close(seal);
    return status;
}

static enum tare_status seals_deliver(const struct take *take, struct tare_error *error)
{
    struct session_header *header = &take->live->header;
    while (header->pending < header->sequence) {
        enum tare_status status = seal_deliver(take, header->pending, error);
        if (status != TARE_OK) {
            __atomic_fetch_add(&header->undelivered, 1, __ATOMIC_RELAXED);
            return status;
        }
        header->pending++;
    }
    return TARE_OK;
}

static enum tare_status seal_take(const struct take *take, uint32_t cut_window, bool dead,
                                  struct tare_error *error)
{
    struct session_header *header = &take->live->header;
    struct seal *seal = seal_make(take->folder, header->card.writer, header->sequence, cut_window);
    if (seal == NULL)
        return error_set_errno(error, errno, "no room to take samples out of a session in %s",
                               take->folder);
    enum tare_status status = seal_fill(seal, take->live, dead, error);
    if (status == TARE_OK) {
        if (seal->cut_window != WINDOW_ALL)
            header->cut_done = seal->cut_window;
        __atomic_store_n(&header->sequence, seal->sequence + 1, __ATOMIC_RELEASE);
    }
    seal_close(seal);
    return status;
}

enum tare_status take_windows(const struct take *take, uint32_t cut_window,
                              struct tare_error *error)
{
    struct session_header *header = &take->live->header;
    if (cut_window == TAKE_PENDING)
        return seals_deliver(take, error);
    bool killed = __atomic_exchange_n(&header->taking, 1, __ATOMIC_SEQ_CST) != 0;
    enum tare_status status = TARE_E_BUSY;
    if (__atomic_load_n(&header->closed, __ATOMIC_SEQ_CST) != 0)
        error_set(error, TARE_E_BUSY, "the session is ending");
    else
        status = seal_take(take, cut_window, false, error);
    if (killed && status == TARE_OK)
        seal_reclaim(take->live);
    __atomic_store_n(&header->taking, 0, __ATOMIC_SEQ_CST);
    enum tare_status delivered = seals_deliver(take, status == TARE_OK ? error : NULL);
    return status != TARE_OK ? status : delivered;
}

/* A take that died halfway, of a session that died then: the seal has some rings, the session the
 * others. It is brought to its end. */
static enum tare_status seal_finish(const struct take *take, struct tare_error *error)
{
    struct session_header *header = &take->live->header;
    struct seal *seal = seal_open(take->folder, header->card.writer, header->sequence);
    if (seal == NULL)
        return TARE_OK;
    uint32_t cut_window = seal->cut_window;
    seal_close(seal);
    return seal_take(take, cut_window, true, error);
}

enum tare_status take_finish(const struct take *take, struct tare_error *error)
{
    enum tare_status status = seal_finish(take, error);
    return status == TARE_OK ? seals_deliver(take, error) : status;
}

/* Until when somebody saw the process of a session alive: by what it recorded last and nobody has
 * taken, its last snapshot, and the windows that were taken. */
static int64_t seen_last_ns(const struct session_image *image, double rate)
{
    const struct session_header *header = &image->header;
    const struct session_card *card = &header->card;
    int64_t seen_ns = card->opened.real_ns;
    int64_t others_ns[] = {
        image_last_ns(image, rate), header->last.real_ns,
        clock_later(seen_ns, (double)header->cut_done * (double)card->window_ns)};
    for (size_t i = 0; i < sizeof others_ns / sizeof others_ns[0]; i++)
        seen_ns = others_ns[i] > seen_ns ? others_ns[i] : seen_ns;
    return seen_ns;
}

enum tare_status take_rest(const struct take *take, struct session_image *image,
                           enum session_outcome outcome, int64_t ended_ns,
                           struct tare_error *error)
{
    image_settle(image);
    struct image_reading reading = {
        .outcome = outcome, .ended_ns = ended_ns, .cut_window = WINDOW_ALL};
    anchor_take(image->header.card.clock, &reading.now);
    if (outcome != OUTCOME_CRASHED)
        reading.now = image->header.last;
    double rate = image_rate(image, &reading.now);
    if (reading.ended_ns == 0)
        reading.ended_ns = seen_last_ns(image, rate);
    enum tare_status status = deliver(image, &reading, error);
    if (status != TARE_OK)
        __atomic_fetch_add(&take->live->header.undelivered, 1, __ATOMIC_RELAXED);
    return status;
}

void take_clear(const char *folder, const struct session_image *image)
{
    const struct session_header *header = &image->header;
    uint64_t last = header->sequence + (header->taking != 0);
    for (uint64_t k = header->pending; k < last; k++)
        seal_remove(folder, header->card.writer, k);
}
