#include "record/session_file.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/machine.h"
#include "record/clock_source.h"
#include "record/fold.h"
#include "record/inbox.h"
#include "record/owner.h"
#include "record/session.h"
#include "record/stamp.h"
#include "record/take.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEEK_TRIES             200
#define UNFINISHED_AGE_SECONDS 60 /* then nobody is about to write the header */
#define ASIDE_SUFFIX           ".damaged"

/* One session file: its mapping, and a private copy of it. */
struct session_file {
    char path[SESSION_PATH_SIZE + 256];
    const char *folder;
    int fd;
    struct session_image *live, *copy;
};

static void file_release(struct session_file *file)
{
    if (file->live != NULL)
        munmap(file->live, sizeof *file->live);
    free(file->copy);
    if (file->fd >= 0)
        close(file->fd);
}

/* Reads what is there without making holes into pages. `quiet`: nobody writes to it. */
static enum tare_status file_copy(struct session_file *file, bool quiet, struct tare_error *error)
{
    if (file->copy == NULL)
        file->copy = aligned_alloc(4096, sizeof *file->copy);
    if (file->copy == NULL)
        return error_memory(error);
    ssize_t size = pread(file->fd, file->copy, sizeof *file->copy, 0);
    if (size < 0)
        return error_set_errno(error, errno, "cannot read %s", file->path);
    memset((char *)file->copy + size, 0, sizeof *file->copy - (size_t)size);
    return quiet ? image_check(file->copy, (size_t)size, file->path, error)
                 : image_check_header(file->copy, (size_t)size, file->path, error);
}

static bool file_unfinished(const struct session_file *file)
{
    struct stat info;
    return fstat(file->fd, &info) == 0 &&
           clock_now_ns() / CLOCK_NS_PER_SECOND - info.st_mtim.tv_sec > UNFINISHED_AGE_SECONDS;
}

static bool file_in_use(const struct session_file *file)
{
    return owner_alive(&file->copy->header.card, file->fd, strrchr(file->path, '/') + 1);
}

/* TARE_E_NOT_FOUND: it is gone, or another reader has it. */
static enum tare_status file_open(const char *folder, const char *name, bool write,
                                  struct session_file *file, struct tare_error *error)
{
    *file = (struct session_file){.folder = folder};
    snprintf(file->path, sizeof file->path, "%s/%s", folder, name);
    file->fd = open(file->path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);
    if (file->fd < 0)
        return errno == ENOENT ? TARE_E_NOT_FOUND
                               : error_set_errno(error, errno, "cannot open %s", file->path);
    struct stat info;
    if (write && (flock(file->fd, LOCK_EX | LOCK_NB) != 0 || fstat(file->fd, &info) != 0 ||
                  info.st_nlink == 0))
        return TARE_E_NOT_FOUND;
    enum tare_status status = file_copy(file, false, error);
    if (status != TARE_OK || !write)
        return status;
    void *live = mmap(NULL, sizeof *file->live, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
    if (live == MAP_FAILED)
        return error_set_errno(error, errno, "cannot map %s", file->path);
    file->live = live;
    return TARE_OK;
}

static uint32_t window_now(const struct session_image *image)
{
    struct anchor now;
    anchor_take(image->header.card.clock, &now);
    uint64_t opened = image->header.card.opened.ticks;
    uint64_t passed = now.ticks > opened ? now.ticks - opened : 0;
    return window_of(image->header.card.window_ns, image_rate(image, &now), passed >> COARSE_SHIFT,
                     NULL);
}

static enum tare_status ended_take(struct session_file *file, struct sweep *sweep,
                                   struct tare_error *error)
{
    struct session_header *header = &file->live->header;
    bool closed = header->closed != 0;
    enum session_outcome outcome = closed ? (enum session_outcome)header->outcome
                                          : OUTCOME_CRASHED;
    if (outcome > OUTCOME_CRASHED)
        outcome = OUTCOME_CRASHED;
    const struct take take = {file->live, file->folder, file->fd};
    enum tare_status status = take_finish(&take, error);
    if (status == TARE_OK)
        status = file_copy(file, true, error);
    if (status == TARE_E_CORRUPT && session_idle(file->copy))
        return TARE_OK; /* its owner was there before us after all */
    if (status == TARE_OK)
        status = take_rest(&take, file->copy, outcome, closed ? header->last.real_ns : 0, error);
    if (status != TARE_OK)
        return status;
    take_clear(file->folder, file->live);
    session_remove(file->live, file->folder, true);
    sweep->ended++;
    sweep->crashed += outcome == OUTCOME_CRASHED;
    return TARE_OK;
}

static enum tare_status running_take(struct session_file *file, struct sweep *sweep,
                                     struct tare_error *error)
{
    const struct take take = {file->live, file->folder, file->fd};
    sweep->running++;
    uint32_t window = window_now(file->copy);
    if (window == 0)
        return TARE_OK;
    if (window > file->live->header.cut_done)
        return take_windows(&take, window, error);
    return take_windows(&take, TAKE_PENDING, error);
}

/* A file without a header is of a program that was killed before it recorded anything. What else
 * is no session may have been one: it is kept for whoever wants to look. */
static void file_put_aside(const struct session_file *file)
{
    char aside[sizeof file->path + UUID_TEXT_SIZE + sizeof ASIDE_SUFFIX], uuid[UUID_TEXT_SIZE];
    uuid_generate_text(uuid);
    snprintf(aside, sizeof aside, "%s.%s" ASIDE_SUFFIX, file->path, uuid);
    if (!file_unfinished(file) || file_held(file->fd))
        return;
    if (file->copy->header.card.magic == 0 || file->copy->header.card_checksum == 0)
        unlink(file->path);
    else
        rename(file->path, aside);
}

/* A file that is no session, which goes when it has lain there for long: idle, or one whose maker
 * was killed at it, or damaged. Whether it is that. */
static bool none_clear(const struct session_file *file)
{
    bool idle = session_idle(file->copy);
    if (!idle)
        file_put_aside(file);
    else if (session_idle_for_long(file->copy))
        unlink(file->path);
    return !idle && file->copy->header.card.magic != 0;
}

static void file_sweep(const char *folder, const char *name, const char *store,
                       struct sweep *sweep)
{
    struct session_file file;
    struct tare_error error = {0};
    enum tare_status status = file_open(folder, name, true, &file, &error);
    if (status == TARE_E_NOT_FOUND) {
        status = TARE_OK;
    } else if (status == TARE_E_CORRUPT) {
        sweep->damaged += none_clear(&file);
        status = TARE_OK;
    } else if (status == TARE_OK &&
               (store == NULL || store_same(store, image_text(file.copy, TEXT_STORE)))) {
        bool alive = !file.copy->header.closed && file_in_use(&file);
        status = alive ? running_take(&file, sweep, &error) : ended_take(&file, sweep, &error);
    }
    bool told = sweep->first.status != TARE_OK && sweep->first.status != TARE_E_BUSY;
    if (status != TARE_OK && !told)
        sweep->first = error;
    sweep->failed += status != TARE_OK;
    file_release(&file);
}

static bool name_ends(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length >= end && strcmp(name + length - end, suffix) == 0;
}

static bool session_name(const char *name)
{
    size_t length = strlen(name), suffix = sizeof SESSION_SUFFIX - 1;
    return (length == UUID_TEXT_SIZE - 1 + suffix || length == STAMP_NAME_SIZE - 1 + suffix) &&
           name_ends(name, SESSION_SUFFIX);
}

/* What is to be done with each file there; the folder itself comes last, as NULL. */
typedef enum tare_status (*file_visit)(const char *folder, const char *name, void *context,
                                       struct tare_error *error);

static enum tare_status folder_walk(const char *folder, bool only, file_visit visit, void *context,
                                    struct tare_error *error)
{
    DIR *entries = opendir(folder);
    if (entries == NULL && errno == EACCES && !only)
        return TARE_OK; /* another user's: ours are in the other */
    if (entries == NULL)
        return errno == ENOENT ? TARE_OK : error_set_errno(error, errno, "cannot read %s", folder);
    enum tare_status status = TARE_OK;
    for (struct dirent *entry; status == TARE_OK && (entry = readdir(entries)) != NULL;)
        status = visit(folder, entry->d_name, context, error);
    closedir(entries);
    return status == TARE_OK ? visit(folder, NULL, context, error) : status;
}

static enum tare_status folders_walk(file_visit visit, void *context, struct tare_error *error)
{
    char folder[RUNTIME_FOLDER_SIZE], other[RUNTIME_FOLDER_SIZE];
    if (!runtime_folder_path(folder))
        return error_set(error, TARE_E_USAGE, "XDG_RUNTIME_DIR is too long");
    bool only = !runtime_folder_fallback(other) || strcmp(other, folder) == 0;
    enum tare_status status = folder_walk(folder, only, visit, context, error);
    if (status == TARE_OK && !only)
        status = folder_walk(other, only, visit, context, error);
    return status;
}

struct sweep_visit {
    const char *store;
    struct sweep *sweep;
};

static enum tare_status sweep_visit(const char *folder, const char *name, void *context,
                                    struct tare_error *error)
{
    const struct sweep_visit *visit = context;
    (void)error;
    if (name == NULL)
        visit->sweep->damaged += losses_take(folder, visit->store, NULL) == TARE_E_CORRUPT;
    else if (session_name(name))
        file_sweep(folder, name, visit->store, visit->sweep);
    return TARE_OK;
}

enum tare_status sessions_sweep(const char *store, struct sweep *sweep, struct tare_error *error)
{
    struct sweep swept = {0};
    struct sweep_visit visit = {store, &swept};
    enum tare_status status = folders_walk(sweep_visit, &visit, error);
    if (status == TARE_OK)
        *sweep = swept;
    return status;
}

/* Whether it is a session that nobody goes on with, and of this store. */
static bool file_waits(const char *folder, const char *name, const char *store)
{
    struct session_file file;
    bool waits = file_open(folder, name, false, &file, NULL) == TARE_OK &&
                 (file.copy->header.closed != 0 || !file_in_use(&file)) &&
                 (store == NULL || store_same(store, image_text(file.copy, TEXT_STORE)));
    file_release(&file);
    return waits;
}

struct leftovers_visit {
    const char *store;
    struct leftovers *left;
    enum tare_status status;
    struct tare_error *error;
};

static enum tare_status leftovers_visit(const char *folder, const char *name, void *context,
                                        struct tare_error *error)
{
    struct leftovers_visit *visit = context;
    (void)error;
    if (name != NULL) {
        visit->left->aside += name_ends(name, ASIDE_SUFFIX);
        visit->left->waiting += session_name(name) && file_waits(folder, name, visit->store);
        return TARE_OK;
    }
    enum tare_status status = losses_peek(folder, visit->store, &visit->left->losses,
                                          visit->status == TARE_OK ? visit->error : NULL);
    visit->status = visit->status == TARE_OK ? status : visit->status;
    return TARE_OK;
}

enum tare_status sessions_leftovers(const char *store, struct leftovers *left,
                                    struct tare_error *error)
{
    struct leftovers_visit visit = {store, left, TARE_OK, error};
    *left = (struct leftovers){0};
    enum tare_status status = folders_walk(leftovers_visit, &visit, error);
    return status == TARE_OK ? visit.status : status;
}

void leftovers_release(struct leftovers *left)
{
    loss_list_release(&left->losses);
    left->aside = 0;
}

struct peek_visit {
    const char *store;
    struct live_sessions *live;
};

/* Whether nobody folded or took while the copy was made: its first page, which was read first,
 * still holds, and no lock was taken then. */
static bool copy_quiet(const struct session_file *file)
{
    struct session_header header;
    struct ring_control controls[RING_COUNT];
    off_t at = offsetof(struct session_image, control);
    if (pread(file->fd, &header, sizeof header, 0) != (ssize_t)sizeof header ||
        pread(file->fd, controls, sizeof controls, at) != (ssize_t)sizeof controls)
        return false;
    bool quiet = header.card_checksum == file->copy->header.card_checksum &&
                 header.sequence == file->copy->header.sequence;
    for (int ring = 0; ring < RING_COUNT; ring++)
        quiet = quiet && file->copy->control[ring].lock == RING_FREE &&
                file->copy->control[ring].folded == controls[ring].folded;
    return quiet;
}

/* TARE_E_BUSY: a quiet moment was not found in many tries. */
static enum tare_status copy_quietly(struct session_file *file, struct tare_error *error)
{
    for (int tries = 0; tries < PEEK_TRIES; tries++) {
        enum tare_status status = file_copy(file, false, error);
        if (status != TARE_OK)
            return status;
        if (copy_quiet(file))
            return image_check(file->copy, sizeof *file->copy, file->path, error);
    }
    return error_set(error, TARE_E_BUSY, "%s changes faster than it can be read", file->path);
}

static enum tare_status peek_add(struct session_file *file, struct live_sessions *live,
                                 struct tare_error *error)
{
    enum tare_status status = copy_quietly(file, error);
    if (status != TARE_OK)
        return status;
    image_settle(file->copy);
    struct image_reading reading = {.outcome = OUTCOME_RUNNING, .cut_window = 0};
    anchor_take(file->copy->header.card.clock, &reading.now);
    struct batch *batch = array_add(&live->batches, &live->count, sizeof *batch);
    if (batch == NULL)
        return error_memory(error);
    batch_init(batch);
    status = image_batch(file->copy, &reading, batch, error);
    if (status == TARE_OK)
        batch->session.dropped = file->copy->header.dropped;
    return status;
}

static enum tare_status peek_visit(const char *folder, const char *name, void *context,
                                   struct tare_error *error)
{
    const struct peek_visit *visit = context;
    struct session_file file;
    if (name == NULL || !session_name(name))
        return TARE_OK;
    enum tare_status status = file_open(folder, name, false, &file, NULL);
    if (status == TARE_OK && file_in_use(&file) &&
        (visit->store == NULL || store_same(visit->store, image_text(file.copy, TEXT_STORE))))
        status = peek_add(&file, visit->live, error);
    file_release(&file);
    return status == TARE_E_MEMORY ? status : TARE_OK;
}

enum tare_status sessions_peek(const char *store, struct live_sessions *live,
                               struct tare_error *error)
{
    struct live_sessions seen = {0};
    struct peek_visit visit = {store, &seen};
    enum tare_status status = folders_walk(peek_visit, &visit, error);
    if (status == TARE_OK)
        *live = seen;
    else
        live_sessions_release(&seen);
    return status;
}

void live_sessions_release(struct live_sessions *live)
{
    for (size_t i = 0; i < live->count; i++)
        batch_release(&live->batches[i]);
    free(live->batches);
    *live = (struct live_sessions){0};
}
