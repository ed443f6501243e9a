#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static enum tare_status read_all(int fd, size_t limit, char **bytes, size_t *size,
                                 const char *path, struct tare_error *error)
{
    size_t capacity = 4096, used = 0;
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
        capacity = (size_t)info.st_size + 1;
    char *text = malloc(capacity + 1);
    while (text != NULL) {
        if (limit > 0 && used > limit) {
            free(text);
            return error_set(error, TARE_E_FULL, "%s is larger than %zu bytes", path, limit);
        }
        ssize_t got = read(fd, text + used, capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(text);
            return error_set_errno(error, errno, "cannot read %s", path);
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used == capacity) {
            capacity *= 2;
            char *larger = realloc(text, capacity + 1);
            if (larger == NULL)
                free(text);
            text = larger;
        }
    }
    if (text == NULL)
        return error_memory(error);
    text[used] = '\0';
    *bytes = text;
    if (size != NULL)
        *size = used;
    return TARE_OK;
}

enum tare_status file_read_owned(const char *path, size_t limit, char **bytes, size_t *size,
                                 uid_t *owner, struct tare_error *error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(error, errno, "cannot open %s", path);
    enum tare_status status = fstat(fd, &info) == 0
                                  ? read_all(fd, limit, bytes, size, path, error)
                                  : error_set_errno(error, errno, "cannot read %s", path);
    if (status == TARE_OK)
        *owner = info.st_uid;
    close(fd);
    return status;
}

enum tare_status file_read(const char *path, size_t limit, char **bytes, size_t *size,
                           struct tare_error *error)
{
    uid_t owner;
    return file_read_owned(path, limit, bytes, size, &owner, error);
}

enum tare_status file_write_all(int fd, const void *bytes, size_t size, const char *path,
                                struct tare_error *error)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t wrote = write(fd, at, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return error_set_errno(error, errno, "cannot write %s", path);
        at += wrote;
        size -= (size_t)wrote;
    }
    return TARE_OK;
}

/* Whether a file has the group of the example now; made by root, its owner, too. */
static bool owner_set(int fd, const struct stat *made, const struct stat *example)
{
    bool root = geteuid() == 0;
    if (made->st_gid == example->st_gid && (!root || made->st_uid == example->st_uid))
        return true;
    return fchown(fd, root ? example->st_uid : (uid_t)-1, example->st_gid) == 0;
}

/* `may`: what group and others may, where the group is the example's. */
static void share(int fd, const struct stat *example, mode_t may)
{
    struct stat made;
    if (fstat(fd, &made) != 0)
        return;
    if (!owner_set(fd, &made, example))
        may &= S_IRWXO;
    mode_t mode = S_IRUSR | S_IWUSR | may;
    if (S_ISDIR(made.st_mode))
        mode |= S_IXUSR | (made.st_mode & S_ISGID) | ((may & (S_IRGRP | S_IROTH)) >> 2);
    if ((made.st_mode & 07777) != mode)
        (void)fchmod(fd, mode);
}

/* False: there is none, or it is everybody's. */
static bool folder_example(const char *path, struct stat *example)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    if (length == 0 || length >= sizeof folder)
        return false;
    memcpy(folder, path, length);
    folder[length] = '\0';
    return stat(folder, example) == 0 && (example->st_mode & S_ISVTX) == 0;
}

void file_share_as_folder(int fd, const char *path)
{
    struct stat example;
    if (!folder_example(path, &example))
        return;
    mode_t write = example.st_mode & (S_IWGRP | S_IWOTH);
    share(fd, &example, write | write << 1);
}

void file_share_as_file(int fd, const char *other)
{
    struct stat example;
    if (stat(other, &example) == 0)
        share(fd, &example, example.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH));
}

int file_make_owned(const char *path)
{
    struct stat made, example;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 && geteuid() == 0 && fstat(fd, &made) == 0 && folder_example(path, &example))
        (void)owner_set(fd, &made, &example);
    return fd;
}

/* Makes the file that is to replace `path`. -1 with errno. */
static int replacement_open(const char *path, mode_t mode, const char *like)
{
    unlink(path); /* one who had our number was killed */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0 && like != NULL)
        file_share_as_file(fd, like);
    return fd;
}

static enum tare_status file_replace(const char *path, const void *bytes, size_t size, mode_t mode,
                                     const char *like, bool durable, struct tare_error *error)
{
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.new", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary)
        return error_set(error, TARE_E_USAGE, "the path %.80s… is too long", path);
    int fd = replacement_open(temporary, mode, like);
    if (fd < 0)
        return error_set_errno(error, errno, "cannot create %s", path);
    enum tare_status status = file_write_all(fd, bytes, size, path, error);
    if (status == TARE_OK && durable && fsync(fd) != 0)
        status = error_set_errno(error, errno, "cannot write %s", path);
    if (close(fd) != 0 && status == TARE_OK)
        status = error_set_errno(error, errno, "cannot write %s", path);
    if (status == TARE_OK && rename(temporary, path) != 0)
        status = error_set_errno(error, errno, "cannot replace %s", path);
    if (status != TARE_OK)
        unlink(temporary);
    return status;
}

enum tare_status file_write_atomic(const char *path, const void *bytes, size_t size, mode_t mode,
                                   bool durable, struct tare_error *error)
{
    return file_replace(path, bytes, size, mode, NULL, durable, error);
}

enum tare_status file_write_shared(const char *path, const void *bytes, size_t size,
                                   const char *like, struct tare_error *error)
{
    return file_replace(path, bytes, size, 0600, like, false, error);
}

enum tare_status file_make_folders(const char *path, struct tare_error *error)
{
    char folder[4096];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof folder)
        return error_set(error, TARE_E_USAGE, "the path '%.80s' cannot be a folder's", path);
    memcpy(folder, path, length + 1);
    for (char *slash = folder + 1;; slash++) {
        if (*slash != '/' && *slash != '\0')
            continue;
        bool last = *slash == '\0';
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return error_of_making(
                error_set_errno(error, errno, "cannot make the folder %s", folder), error);
        if (last)
            return TARE_OK;
        *slash = '/';
    }
}

bool file_may_grow(int64_t size)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || (rlim_t)size <= limit.rlim_cur)
        return true;
    errno = EFBIG;
    return false;
}

enum tare_status file_open_nameless(int *fd, struct tare_error *error)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    *fd = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (*fd >= 0)
        return TARE_OK;
    char path[4096]; /* a file system that knows no unnamed files */
    snprintf(path, sizeof path, "%s/tare-XXXXXX", folder);
    *fd = mkostemp(path, O_CLOEXEC);
    if (*fd < 0)
        return error_set_errno(error, errno, "cannot make a temporary file in %s", folder);
    unlink(path);
    return TARE_OK;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *file_join(const char *folder, const char *name)
{
    if (name[0] == '/' || folder[0] == '\0')
        return strdup(name);
    size_t length = strlen(folder);
    const char *slash = folder[length - 1] == '/' ? "" : "/";
    char *path = NULL;
    return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

char *file_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    if (slash == path)
        return strdup("/");
    return strndup(path, (size_t)(slash - path));
}

/* What a symbolic link that leads nowhere yet points to; NULL: it is none. */
static char *link_target(const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target - 1);
    char *parent = length > 0 ? file_parent(path) : NULL;
    if (parent == NULL)
        return NULL;
    target[length] = '\0';
    char *joined = file_join(parent, target);
    free(parent);
    return joined;
}

char *file_real_path(const char *path)
{
    char *real = realpath(path, NULL), *at = real == NULL ? strdup(path) : NULL;
    for (int links = 0; at != NULL && links < 40; links++) {
        char *next = link_target(at);
        if (next == NULL)
            break;
        free(at);
        at = next;
    }
    char *parent = at != NULL ? file_parent(at) : NULL;
    char *folder = parent != NULL ? realpath(parent, NULL) : NULL;
    if (folder != NULL)
        real = file_join(folder, file_base_name(at));
    free(folder);
    free(parent);
    free(at);
    return real;
}

const char *file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
