#include "record/handover.h"

#include "base/clock.h"
#include "record/inbox.h"
#include "record/process.h"
#include "record/take.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CLOSE_TRIES    200
#define CLOSE_PAUSE_NS 50000

/* A session of this very process. */
static bool session_own(const struct recorder *recorder)
{
    return recorder_epoch(recorder) != 0 && recorder->image->header.card.pid == (uint32_t)getpid();
}

static void gauges_read(struct recorder *recorder)
{
    for (uint32_t i = 0; i < recorder->gauge_count; i++) {
        const struct gauge *gauge = &recorder->gauges[i];
        double value = gauge->read(gauge->context);
        if (!isnan(value))
            tare_sample_record(&recorder->handle, gauge->metric, value);
    }
}

/* What a session gets by itself; and its last moment, by a clock that does not step. */
static void session_complete(struct recorder *recorder, bool ends)
{
    int64_t now_ns = clock_monotonic_ns();
    gauges_read(recorder);
    process_record(recorder, now_ns, ends);
    struct session_header *header = &recorder->image->header;
    anchor_take(recorder->handle.clock_, &header->last);
    header->last.real_ns = header->card.opened.real_ns +
                           (header->last.monotonic_ns - header->card.opened.monotonic_ns);
}

/* Who logs out may lose all that is his in /dev/shm, or $XDG_RUNTIME_DIR, while his programs go
 * on: nobody else finds a file that has no name, and none need be locked out. */
static enum tare_status take_begin(const struct recorder *recorder, struct take *take,
                                   struct tare_error *error)
{
    char path[SESSION_PATH_SIZE];
    session_path(recorder->folder, recorder->image, path);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool gone = fd < 0 && errno == ENOENT && runtime_folder_make(recorder->folder);
    if (fd < 0 && !gone)
        return error_set_errno(error, errno, "cannot open the session file %s", path);
    if (!gone && flock(fd, LOCK_EX) != 0) {
        close(fd);
        return error_set_errno(error, errno, "cannot lock the session file %s", path);
    }
    *take = (struct take){recorder->image, recorder->folder, fd};
    return TARE_OK;
}

static enum tare_status busy(struct tare_error *error)
{
    return error_set(error, TARE_E_BUSY, "this thread is handing over already");
}

/* Samples that found no session file: why there is none, and whether nobody else will hear of it.
 * TARE_OK: there are no such samples. */
static enum tare_status losses_explain(const struct recorder *recorder, uint64_t lost, bool told,
                                       struct tare_error *error)
{
    static const struct {
        int errnum;
        const char *words;
    } reasons[] = {
        {EPERM, "the folder is not this user's alone"},
        {EDQUOT, "it is full of session files, for nobody has run `tare ingest`"},
        {EFBIG, "this program may not make files so large (ulimit -f)"},
    };
    int errnum = recorder->fork_word->lost_errno;
    if (lost == 0)
        return TARE_OK;
    const char *words = strerror(errnum);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].errnum == errnum)
            words = reasons[i].words;
    return error_set(error, error_status_from_errno(errnum),
                     "%llu samples are lost, for no session file can be made in %s: %s; %s"
                     "TARE_RUNTIME_DIR may name another folder in memory",
                     (unsigned long long)lost, recorder->folder, words,
                     told ? "" : "nor can they be counted as dropped anywhere; ");
}

enum tare_status handover_snapshot(struct recorder *recorder, struct tare_error *error)
{
    if (!hand_over_lock(recorder))
        return busy(error);
    enum tare_status status = TARE_OK;
    if (recorder->gauge_count > 0 || recorder_epoch(recorder) != 0)
        recorder_session(recorder);
    if (session_own(recorder)) {
        session_complete(recorder, false);
        if (!recorder->settings.in_memory) {
            struct take take;
            status = take_begin(recorder, &take, error);
            if (status == TARE_OK) {
                status = take_windows(&take, WINDOW_ALL, error);
                if (take.fd >= 0)
                    close(take.fd);
            }
        }
    } else if (recorder_epoch(recorder) == 0) {
        uint64_t lost = __atomic_load_n(&recorder->fork_word->lost, __ATOMIC_RELAXED);
        if (lost > 0 && recorder->loss != NULL)
            loss_note_time(recorder->loss);
        status = losses_explain(recorder, lost, true, error);
    }
    hand_over_unlock(recorder);
    return status;
}

static enum tare_status losses_hand_over(struct recorder *recorder, uint64_t lost)
{
    const struct settings kept = recorder->settings;
    struct settings settings = kept;
    settings.in_memory = true;
    struct session_image *image = session_create(recorder->folder, &settings,
                                                 recorder->handle.clock_, recorder->cold);
    if (image == NULL)
        return TARE_E_MEMORY;
    image->header.dropped = lost;
    anchor_take(recorder->handle.clock_, &image->header.last);
    const struct take take = {image, recorder->folder, -1};
    enum tare_status status = take_rest(&take, image, OUTCOME_OK, image->header.last.real_ns,
                                        NULL);
    munmap(image, sizeof *image);
    return status;
}

/* No sample could be kept, because no session could be opened: that at least the store is told. By
 * the file that counts them; where there is none, by the inbox; where that is full, by such a file
 * if by now it can be made. False: nobody. */
static bool losses_tell(struct recorder *recorder)
{
    uint64_t untold = __atomic_exchange_n(&recorder->fork_word->untold, 0, __ATOMIC_RELAXED);
    if (recorder->loss != NULL)
        loss_note_time(recorder->loss);
    if (untold == 0 || recorder->settings.in_memory ||
        losses_hand_over(recorder, untold) == TARE_OK)
        return true;
    if (!recorder_loss_find(recorder))
        return false;
    loss_count(recorder->loss, untold);
    return true;
}

/* Threads that go on beside the end of the process must not fold what we read. Whoever holds a
 * ring for longer than we wait holds it for ever. */
static bool rings_stop(struct session_image *image)
{
    const struct timespec pause = {0, CLOSE_PAUSE_NS};
    int tries = 0;
    for (uint32_t ring = 0; ring < RING_COUNT;) {
        uint32_t free = RING_FREE;
        if (__atomic_compare_exchange_n(&image->control[ring].lock, &free, RING_TAKING, false,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            ring++;
        else if (++tries > CLOSE_TRIES)
            return false;
        else
            nanosleep(&pause, NULL);
    }
    return true;
}

/* `closed` and `taking` are each written before the other is read: of a reader that is taking and
 * the owner that ends, at least one sees the other and leaves the rest to later. */
static enum tare_status session_close(struct recorder *recorder, struct tare_error *error)
{
    struct session_image *image = recorder->image;
    recorder_forget(recorder);
    image->header.outcome = recorder->outcome;
    __atomic_store_n(&image->header.closed, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&image->header.taking, __ATOMIC_SEQ_CST) != 0 || !rings_stop(image))
        return TARE_OK;
    const struct take take = {image, recorder->folder, -1};
    enum tare_status status = TARE_OK;
    if (image->header.pending < image->header.sequence)
        status = take_finish(&take, error);
    if (status == TARE_OK)
        status = take_rest(&take, image, (enum session_outcome)recorder->outcome,
                           image->header.last.real_ns, error);
    if (status == TARE_OK) {
        take_clear(recorder->folder, image);
        session_leave(image, recorder->folder);
    }
    return status;
}

enum tare_status handover_close(struct recorder *recorder, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (!hand_over_lock(recorder))
        return busy(error);
    if (session_own(recorder)) {
        session_complete(recorder, true);
        if (recorder->settings.in_memory)
            recorder_forget(recorder);
        else
            status = session_close(recorder, error);
    } else if (recorder_epoch(recorder) == 0) {
        uint64_t lost = __atomic_exchange_n(&recorder->fork_word->lost, 0, __ATOMIC_RELAXED);
        bool told = lost == 0 || losses_tell(recorder);
        status = losses_explain(recorder, lost, told, error);
    }
    hand_over_unlock(recorder);
    return status;
}

void handover_discard(struct recorder *recorder)
{
    if (!hand_over_lock(recorder))
        return;
    if (session_own(recorder)) {
        struct session_image *image = recorder->image;
        recorder_forget(recorder);
        if (!recorder->settings.in_memory) {
            take_clear(recorder->folder, image);
            image->header.card_checksum = 0; /* should the file stay, nothing in it counts */
            session_remove(image, recorder->folder, false);
        }
        recorder_unmap(recorder);
    }
    recorder->gauge_count = 0;
    recorder->outcome = OUTCOME_OK;
    recorder->fork_word->startup_done = 0;
    recorder->fork_word->lost = 0;
    recorder->fork_word->untold = 0;
    hand_over_unlock(recorder);
}
