/* Files: whole reads, whole writes, paths. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads a whole file, NUL-terminated behind `*size` bytes; the caller frees `*bytes`. Refuses
 * more than `limit` bytes (0: no limit). `size` may be NULL. */
enum tare_status file_read(const char *path, size_t limit, char **bytes, size_t *size,
                           struct tare_error *error);

/* The same, and whose file it was that was read, whoever puts another in its place. */
enum tare_status file_read_owned(const char *path, size_t limit, char **bytes, size_t *size,
                                 uid_t *owner, struct tare_error *error);

/* Replaces `path` in one step (temporary file beside it, fsync when `durable`, rename): a reader
 * sees the old bytes or the new, and a failure leaves the old. */
enum tare_status file_write_atomic(const char *path, const void *bytes, size_t size, mode_t mode,
                                   bool durable, struct tare_error *error);

/* The same, not durable, for whoever may read `like`. */
enum tare_status file_write_shared(const char *path, const void *bytes, size_t size,
                                   const char *like, struct tare_error *error);

/* Gives a file or a folder that was just made, and is its maker's alone, to those who may write to
 * its folder, or who may read another file, whatever the umask; to the owner of that, where root
 * made it. In a folder that is everybody's, as /tmp, it stays its maker's. */
void file_share_as_folder(int fd, const char *path);
void file_share_as_file(int fd, const char *other);

/* Opens a file that is not there yet, for whom the umask lets; made by root it is its folder's
 * owner's, save where that is everybody's. -1 with errno, as EEXIST. */
int file_make_owned(const char *path);

/* Makes `path` and its missing parents, mode 0700 less the umask. Existing ones are fine. */
enum tare_status file_make_folders(const char *path, struct tare_error *error);

/* Writes the whole of `bytes` to `fd`, through short writes and EINTR. */
enum tare_status file_write_all(int fd, const void *bytes, size_t size, const char *path,
                                struct tare_error *error);

/* Whether this process may make a file that large: beyond its limit (RLIMIT_FSIZE) the kernel does
 * not refuse but kills it. False with errno EFBIG. */
bool file_may_grow(int64_t size);

/* Opens a file without a name in $TMPDIR or /tmp, for reading and writing: it is gone with the
 * process, however that ends. */
enum tare_status file_open_nameless(int *fd, struct tare_error *error);

bool file_exists(const char *path);

/* "a/b" from "a" and "b"; `name` alone when it is absolute. The caller frees; NULL: no memory. */
char *file_join(const char *folder, const char *name);

/* The part before the last slash, "." without one, "/" for the root. The caller frees. */
char *file_parent(const char *path);

/* Where a file is, or would be made, once every symbolic link on the way has been followed. NULL:
 * there is no such folder, or no memory. The caller frees. */
char *file_real_path(const char *path);

/* The part behind the last slash; points into `path`. */
const char *file_base_name(const char *path);

#endif
