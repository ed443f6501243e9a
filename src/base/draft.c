#include "base/draft.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void draft_release(struct draft *draft)
{
    if (draft->fd >= 0)
        close(draft->fd);
    free(draft->path);
    free(draft->temporary);
    *draft = (struct draft){.fd = -1};
}

void draft_drop(struct draft *draft)
{
    if (draft->temporary != NULL)
        unlink(draft->temporary);
    draft_release(draft);
}

static char *temporary_name(const char *path)
{
    char *name = NULL;
    return asprintf(&name, "%s.%ld.new", path, (long)getpid()) < 0 ? NULL : name;
}

/* A file without a name, else one with a temporary name. */
static enum tare_status open_beside(struct draft *draft, mode_t mode, struct tare_error *error)
{
    char *folder = file_parent(draft->path);
    if (folder == NULL)
        return error_memory(error);
    draft->fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
    free(folder);
    if (draft->fd >= 0)
        return TARE_OK;
    draft->temporary = temporary_name(draft->path);
    if (draft->temporary == NULL)
        return error_memory(error);
    draft->fd = open(draft->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (draft->fd >= 0)
        return TARE_OK;
    free(draft->temporary);
    draft->temporary = NULL;
    return error_set_errno(error, errno, "cannot write %s", draft->path);
}

enum tare_status draft_begin(struct draft *draft, const char *path, mode_t mode,
                             struct tare_error *error)
{
    struct stat info;
    enum tare_status status = TARE_OK;
    bool exists = stat(path, &info) == 0;
    *draft = (struct draft){.fd = -1};
    draft->path = exists ? realpath(path, NULL) : strdup(path);
    draft->in_place = exists && !S_ISREG(info.st_mode);
    if (draft->path == NULL)
        return exists ? error_set_errno(error, errno, "cannot write %s", path)
                      : error_memory(error);
    if (draft->in_place) {
        draft->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (draft->fd < 0)
            status = error_set_errno(error, errno, "cannot write %s", path);
    } else {
        status = open_beside(draft, mode, error);
    }
    if (status == TARE_OK && exists && !draft->in_place)
        fchmod(draft->fd, info.st_mode & 07777);
    if (status != TARE_OK)
        draft_release(draft);
    return status;
}

enum tare_status draft_write(struct draft *draft, const void *bytes, size_t size,
                             struct tare_error *error)
{
    return file_write_all(draft->fd, bytes, size, draft->path, error);
}

/* Gives a file without a name the temporary one. */
static enum tare_status name_give(struct draft *draft, struct tare_error *error)
{
    char place[48];
    if (draft->temporary != NULL)
        return TARE_OK;
    draft->temporary = temporary_name(draft->path);
    if (draft->temporary == NULL)
        return error_memory(error);
    snprintf(place, sizeof place, "/proc/self/fd/%d", draft->fd);
    unlink(draft->temporary); /* of a process with our number that was killed */
    if (linkat(AT_FDCWD, place, AT_FDCWD, draft->temporary, AT_SYMLINK_FOLLOW) == 0)
        return TARE_OK;
    return error_set_errno(error, errno, "cannot write %s", draft->path);
}

enum tare_status draft_finish(struct draft *draft, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (!draft->in_place)
        status = name_give(draft, error);
    int fd = draft->fd;
    draft->fd = -1;
    if (close(fd) != 0 && status == TARE_OK)
        status = error_set_errno(error, errno, "cannot write %s", draft->path);
    if (status == TARE_OK && !draft->in_place && rename(draft->temporary, draft->path) != 0)
        status = error_set_errno(error, errno, "cannot replace %s", draft->path);
    if (status == TARE_OK)
        draft_release(draft);
    else
        draft_drop(draft);
    return status;
}
