#include "record/inbox.h"

#include "base/array.h"
#include "base/file.h"
#include "base/machine.h"
#include "base/uuid.h"
#include "record/frame.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (INBOX_PATH_SIZE + 300)

/* A file that was moved aside, locked by us. */
struct inbox_file {
    char *path;
    int fd;
    int64_t modified_ns;
    bool read;     /* to the end */
    bool unstored; /* a batch of it was given out and is not stored yet */
    bool newer;    /* holds frames that a newer tare has to take */
    bool torn;     /* holds one of inbox.torn */
    bool stuck;    /* holds what there was no room to set aside */
};

/* Bytes that were a frame of this batch. */
struct torn_frame {
    char id[BATCH_ID_SIZE];
    char *bytes; /* owned */
    size_t size;
    size_t file; /* that holds it */
};

struct inbox {
    char folder[INBOX_PATH_SIZE];
    struct inbox_file *files;
    size_t file_count;
    size_t current;
    char *bytes; /* of the current file; NULL: not read yet */
    size_t size, at;
    size_t damaged, newer;
    struct torn_frame *torn; /* owned */
    size_t torn_count;
    struct machine machine;
    bool machine_known;
};

static bool waits(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && info.st_size > 0;
}

static enum tare_status unreadable(const char *path, int errnum, struct tare_error *error)
{
    return error_set_errno(error, errnum, "cannot take what waits in %s", path);
}

/* Moves `frames` aside under its lock, so that no writer is between opening and appending. */
static enum tare_status frames_set_aside(const struct inbox *inbox, struct tare_error *error)
{
    char path[PATH_SIZE], aside[PATH_SIZE], uuid[UUID_TEXT_SIZE];
    snprintf(path, sizeof path, "%s/frames", inbox->folder);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES && waits(path) ? unreadable(path, EACCES, error) : TARE_OK;
    uuid_generate_text(uuid);
    snprintf(aside, sizeof aside, "%s/frames.%s", inbox->folder, uuid);
    struct stat ours, there;
    if (flock(fd, LOCK_EX) == 0 && fstat(fd, &ours) == 0 && stat(path, &there) == 0 &&
        ours.st_ino == there.st_ino && ours.st_size > 0)
        rename(path, aside);
    close(fd);
    return TARE_OK;
}

/* Takes a file that was set aside, unless another reader has it. */
static enum tare_status file_claim(struct inbox *inbox, const char *name, struct tare_error *error)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", inbox->folder, name);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat info;
    if (fd < 0)
        return errno == EACCES ? unreadable(path, EACCES, error) : TARE_OK;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &info) != 0 || info.st_nlink == 0) {
        close(fd);
        return TARE_OK;
    }
    struct inbox_file *file = array_add(&inbox->files, &inbox->file_count, sizeof *file);
    char *own = file != NULL ? strdup(path) : NULL;
    if (own == NULL) {
        if (file != NULL)
            inbox->file_count--;
        close(fd);
        return error_memory(error);
    }
    *file = (struct inbox_file){
        .path = own,
        .fd = fd,
        .modified_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec,
    };
    return TARE_OK;
}

static int file_order(const void *a, const void *b)
{
    const struct inbox_file *left = a, *right = b;
    return (left->modified_ns > right->modified_ns) - (left->modified_ns < right->modified_ns);
}

enum tare_status inbox_open(const char *store, struct inbox **inbox, struct tare_error *error)
{
    struct inbox *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return error_memory(error);
    if (!inbox_find(store, opened->folder)) {
        free(opened);
        return error_set(error, TARE_E_USAGE, "the path of the store is too long: %.80s…", store);
    }
    enum tare_status status = frames_set_aside(opened, error);
    DIR *folder = status == TARE_OK ? opendir(opened->folder) : NULL;
    if (folder == NULL && status == TARE_OK && errno != ENOENT)
        status = error_set_errno(error, errno, "cannot read the inbox %s", opened->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (strncmp(entry->d_name, "frames.", 7) == 0 && status == TARE_OK)
            status = file_claim(opened, entry->d_name, error);
    if (folder != NULL)
        closedir(folder);
    if (status != TARE_OK || opened->file_count == 0) {
        inbox_close(opened);
        opened = NULL;
    } else {
        qsort(opened->files, opened->file_count, sizeof *opened->files, file_order);
    }
    if (status == TARE_OK)
        *inbox = opened;
    return status;
}

/* False: there is no room, and all is as it was. */
static bool damage_keep(struct inbox *inbox, const char *bytes, size_t size)
{
    char path[PATH_SIZE];
    struct stat info;
    snprintf(path, sizeof path, "%s/damaged", inbox->folder);
    int fd = inbox_file_open(path, O_WRONLY | O_APPEND);
    if (fd < 0)
        return false;
    bool known = fstat(fd, &info) == 0;
    bool kept = known && file_write_all(fd, bytes, size, path, NULL) == TARE_OK;
    if (known && !kept && ftruncate(fd, info.st_size) != 0)
        kept = true; /* what is there of it stays */
    close(fd);
    inbox->damaged += kept;
    return kept;
}

/* False: it has no name, or there is no memory to keep it. */
static bool torn_note(struct inbox *inbox, const char *bytes, size_t size)
{
    char id[BATCH_ID_SIZE];
    if (!frame_name(bytes, size, id))
        return false;
    char *copy = malloc(size);
    struct torn_frame *torn = copy != NULL
                                  ? array_add(&inbox->torn, &inbox->torn_count, sizeof *torn)
                                  : NULL;
    if (torn == NULL) {
        free(copy);
        return false;
    }
    memcpy(copy, bytes, size);
    memcpy(torn->id, id, sizeof id);
    torn->bytes = copy;
    torn->size = size;
    torn->file = inbox->current;
    inbox->files[inbox->current].torn = true;
    return true;
}

static void environment_describe(struct inbox *inbox, struct environment *environment)
{
    if (environment->cpu == NULL) {
        if (!inbox->machine_known)
            machine_describe(&inbox->machine);
        inbox->machine_known = true;
        environment->cpu = strdup(inbox->machine.cpu);
        environment->os = strdup(inbox->machine.os);
        environment->architecture = strdup(inbox->machine.architecture);
        environment->cores = inbox->machine.cores;
        environment->memory_mb = inbox->machine.memory_mb;
    }
    if (environment->key == NULL)
        (void)environment_key(environment, NULL, NULL);
}

/* Makes the next file that has bytes left the current one. */
static bool file_turn(struct inbox *inbox)
{
    while (inbox->current < inbox->file_count) {
        struct inbox_file *file = &inbox->files[inbox->current];
        if (inbox->bytes == NULL) {
            inbox->at = 0;
            if (file_read(file->path, 0, &inbox->bytes, &inbox->size, NULL) != TARE_OK)
                inbox->size = 0;
        }
        if (inbox->at < inbox->size)
            return true;
        file->read = inbox->bytes != NULL;
        free(inbox->bytes);
        inbox->bytes = NULL;
        inbox->current++;
    }
    return false;
}

bool inbox_next(struct inbox *inbox, struct batch *batch)
{
    while (inbox != NULL && file_turn(inbox)) {
        const char *at = inbox->bytes + inbox->at;
        size_t used = 0;
        enum tare_status status = frame_decode(at, inbox->size - inbox->at, batch, &used, NULL);
        inbox->at += used;
        if (status == TARE_OK) {
            inbox->files[inbox->current].unstored = true;
            environment_describe(inbox, &batch->session.environment);
            return true;
        }
        if (status == TARE_E_NEWER) {
            inbox->newer++;
            inbox->files[inbox->current].newer = true;
        } else if (!torn_note(inbox, at, used)) {
            inbox->files[inbox->current].stuck |= !damage_keep(inbox, at, used);
        }
    }
    return false;
}

size_t inbox_damaged(const struct inbox *inbox)
{
    return inbox != NULL ? inbox->damaged : 0;
}

size_t inbox_newer(const struct inbox *inbox)
{
    return inbox != NULL ? inbox->newer : 0;
}

/* A file goes when it was read to its end and nothing of it is missing in the store. */
static void files_remove(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->file_count; i++) {
        struct inbox_file *file = &inbox->files[i];
        if (file->read && !file->unstored && !file->newer && !file->torn && !file->stuck) {
            unlink(file->path);
            file->read = false;
        }
    }
}

void inbox_stored(struct inbox *inbox)
{
    if (inbox == NULL)
        return;
    for (size_t i = 0; i < inbox->file_count; i++)
        inbox->files[i].unstored = false;
    files_remove(inbox);
}

void inbox_stored_before(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->current && i < inbox->file_count; i++)
        inbox->files[i].unstored = false;
    files_remove(inbox);
}

size_t inbox_torn(const struct inbox *inbox)
{
    return inbox != NULL ? inbox->torn_count : 0;
}

static void torn_forget(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->torn_count; i++)
        free(inbox->torn[i].bytes);
    free(inbox->torn);
    inbox->torn = NULL;
    inbox->torn_count = 0;
}

enum tare_status inbox_settle(struct inbox *inbox, const struct inbox_store *store,
                              struct tare_error *error)
{
    for (size_t i = 0; i < inbox_torn(inbox); i++) {
        const struct torn_frame *torn = &inbox->torn[i];
        bool known = false;
        enum tare_status status = store->known(store->context, torn->id, &known, error);
        if (status != TARE_OK)
            return status;
        if (!known)
            inbox->files[torn->file].stuck |= !damage_keep(inbox, torn->bytes, torn->size);
    }
    if (inbox == NULL)
        return TARE_OK;
    torn_forget(inbox);
    for (size_t i = 0; i < inbox->file_count; i++)
        inbox->files[i].torn = false;
    files_remove(inbox);
    return TARE_OK;
}

void inbox_close(struct inbox *inbox)
{
    if (inbox == NULL)
        return;
    files_remove(inbox);
    torn_forget(inbox);
    for (size_t i = 0; i < inbox->file_count; i++) {
        close(inbox->files[i].fd);
        free(inbox->files[i].path);
    }
    free(inbox->files);
    free(inbox->bytes);
    free(inbox);
}
