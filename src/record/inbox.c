#include "record/inbox.h"

#include "base/crc32.h"
#include "base/file.h"
#include "base/text.h"
#include "record/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* So often, at most, a file to append to is moved aside under the hands of one writer. */
#define FRAMES_TRIES 1000

static bool store_path(const char *store, const char *suffix, char path[INBOX_PATH_SIZE])
{
    int size;
    if (strstr(store, "://") == NULL) {
        return text_join(path, INBOX_PATH_SIZE, store, suffix, NULL);
    } else {
        const char *state = secure_getenv("XDG_STATE_HOME"), *home = secure_getenv("HOME");
        uint32_t name = crc32c(0, store, strlen(store));
        if (state != NULL && state[0] != '\0')
            size = snprintf(path, INBOX_PATH_SIZE, "%s/tare/%08x%s", state, name, suffix);
        else
            size = snprintf(path, INBOX_PATH_SIZE, "%s/.local/state/tare/%08x%s",
                            home != NULL ? home : "", name, suffix);
    }
    return size > 0 && size < INBOX_PATH_SIZE;
}

bool inbox_folder(const char *store, char path[INBOX_PATH_SIZE])
{
    return store_path(store, ".inbox", path);
}

bool inbox_card_path(const char *store, char path[INBOX_PATH_SIZE])
{
    return store_path(store, ".card", path);
}

/* Another store's name, where this one is a symbolic link to that; else NULL. The caller frees. */
static char *store_behind(const char *store)
{
    char first;
    bool link = strstr(store, "://") == NULL && readlink(store, &first, sizeof first) >= 0;
    return link ? file_real_path(store) : NULL;
}

bool store_same(const char *one, const char *other)
{
    if (strcmp(one, other) == 0)
        return true;
    if (one[0] != '/' || other[0] != '/')
        return false;
    char *first = file_real_path(one), *second = file_real_path(other);
    bool same = first != NULL && second != NULL && strcmp(first, second) == 0;
    free(first);
    free(second);
    return same;
}

bool inbox_find(const char *store, char path[INBOX_PATH_SIZE])
{
    bool found = inbox_folder(store, path);
    char *behind = found && !file_exists(path) ? store_behind(store) : NULL;
    if (behind != NULL)
        found = inbox_folder(behind, path);
    free(behind);
    return found;
}

static int64_t inbox_limit(void)
{
    const char *given = getenv("TARE_INBOX_LIMIT");
    long long limit = given != NULL ? strtoll(given, NULL, 10) : 0;
    return limit > 0 ? limit : INBOX_LIMIT_BYTES;
}

int inbox_file_open(const char *path, int flags)
{
    for (;;) {
        int fd = open(path, flags | O_CLOEXEC);
        if (fd >= 0 || errno != ENOENT)
            return fd;
        fd = open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0)
            file_share_as_folder(fd, path);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
}

/* Whether the file is still where it was opened. Who takes its lock at once need not ask: a reader
 * that moves it aside has the lock then, and again as long as it reads. */
static bool still_there(int fd, const char *path)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

static bool frames_lock(int fd, const char *path)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    return errno == EWOULDBLOCK && still_there(fd, path) && flock(fd, LOCK_EX) == 0 &&
           still_there(fd, path);
}

/* Opens `frames`, takes its lock and tells its size; again if a reader moved it aside in between,
 * or has removed it. Where the system refuses one of these calls for good it is no use to try for
 * ever. -1 with errno. */
static int frames_open(const char *path, int64_t *size)
{
    int failed = EBUSY;
    for (int tries = 0; tries < FRAMES_TRIES; tries++) {
        int fd = inbox_file_open(path, O_WRONLY | O_APPEND);
        if (fd < 0)
            return -1;
        struct stat info;
        errno = EBUSY;
        if (frames_lock(fd, path) && fstatat(fd, "", &info, AT_EMPTY_PATH) == 0 &&
            info.st_nlink > 0) {
            *size = info.st_size;
            return fd;
        }
        failed = errno;
        close(fd);
    }
    errno = failed;
    return -1;
}

static enum tare_status frame_append(int fd, int64_t size, const struct strbuf *frame,
                                     const char *folder, struct tare_error *error)
{
    if (size + (int64_t)frame->length > inbox_limit())
        return error_set(error, TARE_E_FULL,
                         "the inbox %s is full: run `tare ingest`, it says why nobody did",
                         folder);
    if (!file_may_grow(size + (int64_t)frame->length))
        return error_set(
            error, TARE_E_FULL,
            "the inbox %s would grow beyond the limit of file sizes that this program "
            "was given (ulimit -f): run `tare ingest`, or raise it",
            folder);
    enum tare_status status = file_write_all(fd, frame->text, frame->length, folder, error);
    if (status != TARE_OK && ftruncate(fd, size) != 0)
        return status; /* the torn frame stays, and readers step over it */
    return status;
}

static enum tare_status real_folder_make(const char *path, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST) {
        status = file_make_folders(path, error);
        made = status == TARE_OK;
    }
    int fd = made ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd >= 0) {
        file_share_as_folder(fd, path);
        close(fd);
    }
    return status;
}

/* Of a store that is a link, what is beside it leads to what is beside the other. */
static enum tare_status folder_make(const char *path, const char *store, struct tare_error *error)
{
    char inbox[INBOX_PATH_SIZE], card[INBOX_PATH_SIZE], own_card[INBOX_PATH_SIZE];
    char *behind = store_behind(store);
    if (behind == NULL)
        return real_folder_make(path, error);
    enum tare_status status = TARE_E_USAGE;
    if (!inbox_folder(behind, inbox) || !inbox_card_path(behind, card) ||
        !inbox_card_path(store, own_card))
        error_set(error, status, "the path of the store is too long: %.80s…", behind);
    else
        status = real_folder_make(inbox, error);
    if (status == TARE_OK && symlink(inbox, path) != 0 && errno != EEXIST)
        status = error_set_errno(error, errno, "cannot make the inbox %s", path);
    if (status == TARE_OK)
        (void)symlink(card, own_card); /* without it a program has none to judge by */
    free(behind);
    return status;
}

enum tare_status inbox_append_frame(const char *store, const struct strbuf *frame,
                                    struct tare_error *error)
{
    static const char name[] = "/frames";
    char path[INBOX_PATH_SIZE + sizeof name];
    if (strcmp(store, ":memory:") == 0)
        return TARE_OK; /* it ends with whoever has it */
    if (!inbox_folder(store, path))
        return error_set(error, TARE_E_USAGE, "the path of the store is too long: %.80s…", store);
    char *slash = path + strlen(path);
    memcpy(slash, name, sizeof name);
    enum tare_status status = TARE_OK;
    int64_t size;
    int fd = frames_open(path, &size);
    if (fd < 0 && errno == ENOENT) {
        *slash = '\0';
        status = folder_make(path, store, error);
        *slash = '/';
        fd = status == TARE_OK ? frames_open(path, &size) : -1;
    }
    int saved = errno;
    *slash = '\0';
    if (fd >= 0) {
        status = frame_append(fd, size, frame, path, error);
        close(fd);
    } else if (status == TARE_OK) {
        bool lockless = saved == ENOLCK || saved == ENOSYS || saved == EOPNOTSUPP;
        status = error_set(error, error_status_from_errno(saved),
                           "cannot write to the inbox %s: %s%s", path, strerror(saved),
                           lockless ? "; keep the store where flock(2) works" : "");
        status = error_of_making(status, error);
    }
    return status;
}

enum tare_status inbox_append(const char *store, const struct batch *batch,
                              struct tare_error *error)
{
    struct strbuf frame;
    strbuf_init(&frame);
    enum tare_status status = frame_encode(batch, &frame, error);
    if (status == TARE_OK)
        status = inbox_append_frame(store, &frame, error);
    strbuf_release(&frame);
    return status;
}
