#include "record/recorder.h"

#include "base/clock.h"
#include "record/pages.h"
#include "record/process.h"
#include "record/undisturbed.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Thread_local struct thread_ring thread_ring
    __attribute__((tls_model("initial-exec"))) = {.epoch = EPOCH_NONE};

#define FORK_WORDS (IMAGE_PAGE / sizeof(struct fork_word))

/* How often the opening of a session is tried again once it failed: every so many samples. */
#define RETRY_SAMPLES 65536

/* One page for all trackers of the process, mapped alone: to cut it out of others' would cost
 * more. Without MADV_WIPEONFORK (kernels before 4.14) fork() is noticed by pthread_atfork() alone.
 */
static struct fork_word *fork_page;
static uint64_t fork_words_used;               /* a bit each */
static struct recorder *recorders[FORK_WORDS]; /* beside their words */
static uint64_t epoch_last = EPOCH_NONE;
static struct fork_word word_of_closed; /* a span may end after the default tracker was closed */

_Static_assert(FORK_WORDS == 64, "a bit each");

static void fork_page_wipe(void)
{
    memset(fork_page, 0, IMAGE_PAGE);
}

static bool fork_page_map(void)
{
    if (__atomic_load_n(&fork_page, __ATOMIC_ACQUIRE) != NULL)
        return true;
    void *page = mmap(NULL, IMAGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
    if (page == MAP_FAILED)
        return false;
    bool wiped = madvise(page, IMAGE_PAGE, MADV_WIPEONFORK) == 0;
    struct fork_word *none = NULL;
    if (!__atomic_compare_exchange_n(&fork_page, &none, page, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        munmap(page, IMAGE_PAGE);
    else if (!wiped && pthread_atfork(NULL, NULL, fork_page_wipe) != 0)
        return false;
    return true;
}

static struct fork_word *fork_word_claim(void)
{
    if (!fork_page_map())
        return NULL;
    uint64_t used = __atomic_load_n(&fork_words_used, __ATOMIC_RELAXED);
    for (;;) {
        if (~used == 0)
            return NULL;
        int bit = __builtin_ctzll(~used);
        if (__atomic_compare_exchange_n(&fork_words_used, &used, used | UINT64_C(1) << bit, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            fork_page[bit] = (struct fork_word){0}; /* to read first would fault twice */
            return &fork_page[bit];
        }
    }
}

void recorder_unmap(struct recorder *recorder)
{
    if (recorder->image != NULL)
        munmap(recorder->image, sizeof *recorder->image);
    recorder->image = NULL;
}

static void temperature_find(struct recorder *recorder)
{
    const char *app = settings_text(&recorder->settings, TEXT_APP);
    stamp_read(recorder->folder, app, &recorder->stamp, &recorder->cold, &recorder->stamp_current);
    if (recorder->settings.temperature != TARE_TEMPERATURE_AUTO)
        recorder->cold = recorder->settings.temperature == TARE_TEMPERATURE_COLD;
}

enum tare_status recorder_open(struct recorder *recorder, const tare_options *options,
                               struct tare_error *error)
{
    enum tare_status status = settings_read(options, &recorder->settings, error);
    if (status != TARE_OK)
        return status;
    if (!runtime_folder_path(recorder->folder))
        return error_set(error, TARE_E_USAGE, "XDG_RUNTIME_DIR is too long");
    recorder->fork_word = fork_word_claim();
    if (recorder->fork_word == NULL)
        return error_set(error, TARE_E_MEMORY,
                         "no memory for a tracker, or %d are open already: close some",
                         (int)FORK_WORDS);
    temperature_find(recorder);
    recorder->handle.clock_ = recorder->stamp.clock;
    __atomic_store_n(&recorders[recorder->fork_word - fork_page], recorder, __ATOMIC_RELEASE);
    return TARE_OK;
}

struct recorder *recorder_each(size_t at)
{
    return at < FORK_WORDS ? __atomic_load_n(&recorders[at], __ATOMIC_ACQUIRE) : NULL;
}

void recorder_release(struct recorder *recorder)
{
    recorder_forget(recorder);
    if (recorder->fork_word != NULL) {
        uint64_t bit = UINT64_C(1) << (recorder->fork_word - fork_page);
        memset(recorder->fork_word, 0, sizeof *recorder->fork_word);
        __atomic_store_n(&recorders[recorder->fork_word - fork_page], NULL, __ATOMIC_RELEASE);
        __atomic_and_fetch(&fork_words_used, ~bit, __ATOMIC_RELEASE);
    }
    recorder->fork_word = &word_of_closed;
    if (recorder->operations != NULL)
        munmap(recorder->operations, sizeof *recorder->operations);
    __atomic_store_n(&recorder->loss, NULL, __ATOMIC_RELEASE);
    losses_close(recorder->losses);
    recorder->losses = NULL;
    free(recorder->gauges);
    recorder->operations = NULL;
    recorder->gauges = NULL;
}

/* Never used twice in a process, whatever else is in it: handles outlive a library that is
 * unloaded and loaded anew, and a program may hold a static copy beside a shared one. So each copy
 * counts from a number of its own. 0 and EPOCH_NONE are none. */
static uint64_t epoch_next(uint64_t ticks)
{
    const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t none = EPOCH_NONE;
    uint64_t first = ((uint64_t)(uintptr_t)&epoch_last ^ ticks * prime) * prime;
    first = (first >> (PLACE_EPOCH_SHIFT + 1)) + EPOCH_NONE; /* leaves as many to count on */
    __atomic_compare_exchange_n(&epoch_last, &none, first, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
    return __atomic_add_fetch(&epoch_last, 1, __ATOMIC_RELAXED);
}

static struct session_image *session_in_folder(const struct recorder *recorder)
{
    return session_create(recorder->folder, &recorder->settings, recorder->handle.clock_,
                          recorder->cold);
}

/* XDG_RUNTIME_DIR may be another user's, as after su(1), or not be there, or the folder be the one
 * of whom the process was before setuid(2): then where programs go that have none. NULL, with
 * errno of the first folder. */
static __attribute__((noinline, cold)) struct session_image *
session_elsewhere(struct recorder *recorder)
{
    char first[RUNTIME_FOLDER_SIZE], other[RUNTIME_FOLDER_SIZE];
    int saved = errno;
    if (recorder->settings.in_memory || saved == EDQUOT || !runtime_folder_fallback(other) ||
        strcmp(other, recorder->folder) == 0)
        return NULL;
    memcpy(first, recorder->folder, sizeof first);
    memcpy(recorder->folder, other, sizeof other);
    temperature_find(recorder);
    struct session_image *image = session_in_folder(recorder);
    if (image == NULL)
        memcpy(recorder->folder, first, sizeof first);
    errno = saved;
    return image;
}

static struct losses *losses_somewhere(const struct recorder *recorder)
{
    char other[RUNTIME_FOLDER_SIZE];
    struct losses *losses = losses_open(recorder->folder);
    if (losses == NULL && runtime_folder_fallback(other))
        losses = losses_open(other);
    return losses;
}

bool recorder_loss_find(struct recorder *recorder)
{
    if (recorder->settings.in_memory)
        return false;
    if (recorder->losses == NULL)
        recorder->losses = losses_somewhere(recorder);
    if (recorder->losses != NULL && recorder->loss == NULL)
        __atomic_store_n(&recorder->loss, losses_slot(recorder->losses, &recorder->settings),
                         __ATOMIC_RELEASE);
    if (recorder->loss != NULL)
        loss_note_time(recorder->loss);
    return recorder->loss != NULL;
}

static void loss_add(struct recorder *recorder)
{
    struct loss_slot *loss = __atomic_load_n(&recorder->loss, __ATOMIC_ACQUIRE);
    if (loss != NULL)
        loss_count(loss, 1);
    else
        count_up(&recorder->fork_word->untold);
    count_up(&recorder->fork_word->lost);
}

/* What no file counts, the session does from now on. */
static uint64_t losses_untold(struct fork_word *word)
{
    uint64_t untold = __atomic_exchange_n(&word->untold, 0, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&word->lost, untold, __ATOMIC_RELAXED);
    return untold;
}

static bool session_begin(struct recorder *recorder)
{
    struct session_image *image = session_in_folder(recorder);
    if (image == NULL)
        image = session_elsewhere(recorder);
    if (image == NULL) {
        recorder->fork_word->lost_errno = errno;
        (void)recorder_loss_find(recorder);
        return false;
    }
    struct operations *operations = __atomic_load_n(&recorder->operations, __ATOMIC_ACQUIRE);
    if (operations != NULL)
        memset(operations, 0, sizeof *operations);
    memset(&recorder->index, 0, sizeof recorder->index);
    recorder->image = image;
    recorder->opened_ticks = image->header.card.opened.ticks;
    recorder->opened_computed_ns = process_computed_ns();
    if (!recorder->settings.in_memory && !recorder->stamp_current) {
        stamp_write(recorder->folder, settings_text(&recorder->settings, TEXT_APP),
                    &recorder->stamp);
        losses_make(recorder->folder); /* as rarely, and while there is room */
        recorder->stamp_current = true;
    }
    image->header.dropped = losses_untold(recorder->fork_word);
    return true;
}

/* Opens the session unless another thread is at it. Signals wait meanwhile, some 50 microseconds.
 */
static bool session_try(struct recorder *recorder, uint64_t *epoch)
{
    struct fork_word *word = recorder->fork_word;
    struct undisturbed before;
    uint32_t opener = 0;
    int saved = errno;
    undisturbed_begin(&before);
    bool ours = __atomic_compare_exchange_n(&word->opener, &opener, (uint32_t)gettid(), false,
                                            __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    if (ours) {
        *epoch = __atomic_load_n(&word->epoch, __ATOMIC_ACQUIRE);
        if (*epoch == 0 && session_begin(recorder))
            *epoch = epoch_next(recorder->opened_ticks);
        __atomic_store_n(&word->epoch, *epoch, __ATOMIC_RELEASE);
        __atomic_store_n(&word->opener, 0, __ATOMIC_RELEASE);
    }
    undisturbed_end(&before);
    errno = saved;
    return ours;
}

uint64_t recorder_session(struct recorder *recorder)
{
    struct fork_word *word = recorder->fork_word;
    for (;;) {
        uint64_t epoch = __atomic_load_n(&word->epoch, __ATOMIC_ACQUIRE);
        if (epoch != 0)
            return epoch;
        uint64_t lost = __atomic_load_n(&word->lost, __ATOMIC_RELAXED);
        if (lost % RETRY_SAMPLES != 0 || recorder->handle.clock_ == CLOCK_OFF)
            break;
        if (session_try(recorder, &epoch) && epoch == 0)
            break;
        if (epoch == 0)
            sched_yield();
    }
    loss_add(recorder);
    return 0;
}

void recorder_forget(struct recorder *recorder)
{
    if (recorder->fork_word != NULL)
        __atomic_store_n(&recorder->fork_word->epoch, 0, __ATOMIC_RELEASE);
}

bool hand_over_lock(struct recorder *recorder)
{
    uint32_t holder = 0, self = (uint32_t)gettid();
    int cancel = undisturbed_cancel_defer();
    while (!__atomic_compare_exchange_n(&recorder->fork_word->hand_over, &holder, self, false,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        if (holder == self) {
            undisturbed_cancel_restore(cancel);
            return false;
        }
        holder = 0;
        sched_yield();
    }
    recorder->hand_over_cancel = cancel;
    return true;
}

void hand_over_unlock(struct recorder *recorder)
{
    int cancel = recorder->hand_over_cancel;
    __atomic_store_n(&recorder->fork_word->hand_over, 0, __ATOMIC_RELEASE);
    undisturbed_cancel_restore(cancel);
}

static bool thread_ended(uint32_t tid)
{
    return tgkill(getpid(), (pid_t)tid, 0) != 0 && errno == ESRCH;
}

/* The ring that this thread had when it last used the tracker; else one that nobody has; else one
 * of a thread that has ended. `*left`: somebody else had it before. */
static struct ring_control *ring_find(struct session_image *image, uint32_t self, bool *left)
{
    enum { OWN, FREE, ENDED, PASSES };
    for (int pass = OWN; pass < PASSES; pass++)
        for (uint32_t ring = 0; ring < RING_OWNED; ring++) {
            struct ring_control *control = &image->control[ring];
            uint32_t owner = __atomic_load_n(&control->owner, __ATOMIC_RELAXED);
            bool fits = pass == OWN ? owner == self : pass == FREE ? owner == 0 : owner != 0;
            if (!fits || (pass == ENDED && !thread_ended(owner)))
                continue;
            *left = pass == ENDED;
            if (__atomic_compare_exchange_n(&control->owner, &owner, self, false, __ATOMIC_ACQ_REL,
                                            __ATOMIC_RELAXED))
                return control;
        }
    return NULL;
}

bool thread_attach(struct recorder *recorder, uint64_t epoch)
{
    struct thread_ring *own = &thread_ring;
    if (own->epoch == epoch)
        return true;
    if (own->shared_epoch == epoch || own->attaching)
        return false;
    int saved = errno;
    own->attaching = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct session_image *image = recorder->image;
    bool new_here = own->tid == 0, left = false; /* or of one that ended and had our number */
    own->tid = (uint32_t)gettid();
    struct ring_control *control = ring_find(image, own->tid, &left);
    uint32_t number = control != NULL ? (uint32_t)(control - image->control) : 0;
    struct record *ring = control != NULL ? ring_at(image, number) : NULL;
    if (ring != NULL && (left || new_here))
        operations_inherit(recorder, number);
    if (ring != NULL && pages_reserve(image, ring, sizeof image->first_ring)) {
        own->epoch = EPOCH_NONE;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        own->control = control;
        own->ring = ring;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        own->epoch = epoch;
    } else {
        own->shared_epoch = epoch;
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    own->attaching = 0;
    errno = saved;
    return own->epoch == epoch;
}

enum tare_status recorder_put(struct recorder *recorder, uint64_t epoch, int entry, uint64_t value,
                              uint64_t end, uint64_t flags)
{
    struct session_image *image = recorder->image;
    uint64_t opened = recorder->opened_ticks;
    uint64_t commit = commit_of(recorder, (uint32_t)entry, end > opened ? end : opened) | flags;
    struct thread_ring *own = &thread_ring;
    if (thread_attach(recorder, epoch))
        do {
            if (ring_push(own->control, own->ring, value, commit))
                return TARE_OK;
        } while (ring_fold(image, (uint32_t)(own->control - image->control)));
    if (ring_push_shared(image, value, commit))
        return TARE_OK;
    count_up(&image->header.dropped);
    return TARE_E_FULL;
}
