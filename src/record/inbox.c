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

#define PATH_SIZE (INBOX_PATH_SIZE + 64)

static bool store_path(const char *store, const char *suffix, char path[INBOX_PATH_SIZE])
{
    int size;
    if (strstr(store, "://") == NULL) {
        return text_join(path, INBOX_PATH_SIZE, store, suffix, NULL);
    } else {
        const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
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

static int64_t inbox_limit(void)
{
    const char *given = getenv("TARE_INBOX_LIMIT");
    long long limit = given != NULL ? strtoll(given, NULL, 10) : 0;
    return limit > 0 ? limit : INBOX_LIMIT_BYTES;
}

/* Opens `frames` and takes its lock; again if a reader moved it aside in between. -1 with errno.
 */
static int frames_open(const char *folder)
{
    char path[PATH_SIZE];
    (void)text_join(path, sizeof path, folder, "/frames", NULL);
    for (;;) {
        int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return -1;
        struct stat ours, there;
        if (flock(fd, LOCK_EX) == 0 && fstat(fd, &ours) == 0 && stat(path, &there) == 0 &&
            ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
            return fd;
        close(fd);
    }
}

static enum tare_status frame_append(int fd, const struct strbuf *frame, const char *folder,
                                     struct tare_error *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return error_set_errno(error, errno, "cannot look at the inbox %s", folder);
    if (info.st_size + (int64_t)frame->length > inbox_limit())
        return error_set(error, TARE_E_FULL,
                         "the inbox %s is full: run `tare ingest`, it says why nobody did",
                         folder);
    enum tare_status status = file_write_all(fd, frame->text, frame->length, folder, error);
    if (status != TARE_OK && ftruncate(fd, info.st_size) != 0)
        return status; /* the torn frame stays, and readers step over it */
    return status;
}

enum tare_status inbox_append_frame(const char *store, const struct strbuf *frame,
                                    struct tare_error *error)
{
    char folder[INBOX_PATH_SIZE];
    if (!inbox_folder(store, folder))
        return error_set(error, TARE_E_USAGE, "the path of the store is too long: %.80s…", store);
    enum tare_status status = TARE_OK;
    int fd = frames_open(folder);
    if (fd < 0 && errno == ENOENT) {
        status = file_make_folders(folder, error);
        fd = status == TARE_OK ? frames_open(folder) : -1;
    }
    if (fd >= 0) {
        status = frame_append(fd, frame, folder, error);
        close(fd);
    } else if (status == TARE_OK) {
        status = error_set_errno(error, errno, "cannot write to the inbox %s", folder);
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
