#include "store/sqlite.h"

#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_WAIT_MS 1000

static bool bytes_copy(int from, int to, const char *path)
{
    char bytes[65536];
    for (;;) {
        ssize_t size = read(from, bytes, sizeof bytes);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size == 0;
        if (file_write_all(to, bytes, (size_t)size, path, NULL) != TARE_OK)
            return false;
    }
}

/* Under a name of its own first: a copy that was cut short must not pass for one. */
static bool file_copy(const char *from, const char *to)
{
    char *partial = NULL;
    if (asprintf(&partial, "%s.partial", to) < 0)
        return false;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in >= 0 ? open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    bool done = out >= 0 && bytes_copy(in, out, partial) && fsync(out) == 0;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    done = done && rename(partial, to) == 0;
    if (!done && out >= 0)
        unlink(partial);
    free(partial);
    return done;
}

/* When file or log were changed last; 0: there is no file. An empty log says nothing: whoever
 * opens the store makes one. */
static int64_t changed_ns(const char *path, const char *log)
{
    struct stat file, wal;
    if (stat(path, &file) != 0)
        return 0;
    int64_t ns = file.st_mtim.tv_sec * CLOCK_NS_PER_SECOND;
    if (stat(log, &wal) == 0 && wal.st_size > 0 && wal.st_mtim.tv_sec * CLOCK_NS_PER_SECOND > ns)
        ns = wal.st_mtim.tv_sec * CLOCK_NS_PER_SECOND;
    return ns;
}

/* The copy is named by the last change, so that a store that is opened again and again is copied
 * once. */
static char *copy_make(const struct sqlite_store *self, const char *log)
{
    char when[CLOCK_TEXT_SIZE], *copy = NULL, *log_copy = NULL;
    struct stat info;
    int64_t ns = changed_ns(self->path, log);
    clock_format(ns, when);
    if (ns == 0 || asprintf(&copy, "%s.damaged-%s", self->path, when) < 0)
        return NULL;
    if (asprintf(&log_copy, "%s-wal", copy) >= 0) {
        if (stat(log, &info) == 0 && info.st_size > 0 && access(log_copy, F_OK) != 0)
            file_copy(log, log_copy);
        free(log_copy);
    }
    if (access(copy, F_OK) == 0 || file_copy(self->path, copy))
        return copy;
    free(copy);
    return NULL;
}

void sqlite_damage_note(struct sqlite_store *self)
{
    char *log = NULL;
    self->damaged = true;
    if (sqlite_in_memory(self) || self->damaged_copy != NULL ||
        asprintf(&log, "%s-wal", self->path) < 0)
        return;
    bool locked = !self->in_transaction && sqlite_lock_take(self, COPY_WAIT_MS, NULL) == TARE_OK;
    self->damaged_copy = copy_make(self, log);
    if (locked)
        sqlite_lock_release(self);
    free(log);
}
