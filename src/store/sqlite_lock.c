#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Whoever may write to the store may take its lock. */
static int lock_file_open(const char *path, const char *store)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            file_share_as_file(fd, store);
        else if (errno == EEXIST)
            fd = open(path, O_RDWR | O_CLOEXEC);
    }
    if (fd < 0 && errno == EACCES) { /* somebody else's need not be written to */
        fd = open(path, O_RDONLY | O_CLOEXEC);
        errno = EACCES;
    }
    return fd;
}

enum tare_status sqlite_lock_open(struct sqlite_store *self, struct tare_error *error)
{
    char *path = NULL, *real = NULL;
    if (sqlite_in_memory(self))
        return TARE_OK;
    real = file_real_path(self->path); /* by whatever name it is opened: one file, one lock */
    int length = asprintf(&path, "%s.lock", real != NULL ? real : self->path);
    free(real);
    if (length < 0)
        return error_memory(error);
    self->lock_fd = lock_file_open(path, self->path);
    enum tare_status status = TARE_OK;
    if (self->lock_fd < 0 && (errno == EACCES || errno == EPERM || errno == EROFS))
        status = error_set(error, TARE_E_READ_ONLY,
                           "cannot write to the store %s: its folder may not be written to; make "
                           "it writable, or name another store",
                           self->path);
    else if (self->lock_fd < 0)
        status = error_set_errno(error, errno, "cannot open the lock %s", path);
    free(path);
    return status;
}

/* The process that /proc/locks names for the lock file; 0: none that can be seen. */
static int lock_holder(int lock_fd)
{
    struct stat info;
    char line[256], place[64];
    int holder = 0, pid;
    FILE *locks = fstat(lock_fd, &info) == 0 ? fopen("/proc/locks", "re") : NULL;
    if (locks == NULL)
        return 0;
    snprintf(place, sizeof place, " %02x:%02x:%llu ", major(info.st_dev), minor(info.st_dev),
             (unsigned long long)info.st_ino);
    while (holder == 0 && fgets(line, sizeof line, locks) != NULL)
        if (strstr(line, place) != NULL && sscanf(line, "%*d: FLOCK %*s %*s %d", &pid) == 1)
            holder = pid;
    fclose(locks);
    return holder;
}

static void process_name(int pid, char *name, size_t size)
{
    char path[64];
    name[0] = '\0';
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    if (fgets(name, (int)size, file) != NULL)
        name[strcspn(name, "\n")] = '\0';
    fclose(file);
}

static enum tare_status locked(const struct sqlite_store *self, int64_t wait_ms,
                               struct tare_error *error)
{
    char who[64] = "another process", name[32];
    int holder = lock_holder(self->lock_fd);
    if (holder > 0) {
        process_name(holder, name, sizeof name);
        snprintf(who, sizeof who, "process %d%s%s%s", holder, name[0] != '\0' ? " (" : "", name,
                 name[0] != '\0' ? ")" : "");
    }
    return error_set(
        error, TARE_E_BUSY,
        "the store %s is locked by %s for over %.1f s; try again, or end that process", self->path,
        who, (double)wait_ms / 1000);
}

enum tare_status sqlite_lock_take(struct sqlite_store *self, int64_t wait_ms,
                                  struct tare_error *error)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    int64_t until_ns = clock_monotonic_ns() + wait_ms * 1000000;
    while (self->lock_fd >= 0 && flock(self->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_set(error, error_status_from_errno(errno),
                             "cannot lock the store %s: %s; keep it where flock(2) works",
                             self->path, strerror(errno));
        if (clock_monotonic_ns() >= until_ns)
            return locked(self, wait_ms, error);
        nanosleep(&pause, NULL);
    }
    return TARE_OK;
}

void sqlite_lock_release(struct sqlite_store *self)
{
    if (self->lock_fd >= 0)
        flock(self->lock_fd, LOCK_UN);
}
