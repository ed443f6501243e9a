#include "record/runtime_folder.h"

#include "base/number.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *absolute(const char *variable)
{
    const char *given = secure_getenv(variable);
    return given != NULL && given[0] == '/' ? given : NULL;
}

bool runtime_folder_fallback(char path[RUNTIME_FOLDER_SIZE])
{
    char user[NUMBER_TEXT_SIZE];
    number_write_whole(geteuid(), user);
    (void)text_join(path, RUNTIME_FOLDER_SIZE, "/dev/shm/tare-", user, NULL);
    return absolute("TARE_RUNTIME_DIR") == NULL;
}

bool runtime_folder_path(char path[RUNTIME_FOLDER_SIZE])
{
    const char *given = absolute("TARE_RUNTIME_DIR");
    if (given == NULL)
        given = absolute("XDG_RUNTIME_DIR");
    if (given == NULL) {
        runtime_folder_fallback(path);
        return true;
    }
    return text_join(path, RUNTIME_FOLDER_SIZE, given, "/tare", NULL);
}

/* A tmpfs counts 20 bytes an entry. On other file systems a folder of that size has about as many.
 */
#define FOLDER_MOST_BYTES (RUNTIME_FOLDER_MOST * 20)

/* /dev/shm is everybody's: somebody else may have put a folder or a link there first. */
bool runtime_folder_make(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        if (errno != ENOENT || (mkdir(path, 0700) != 0 && errno != EEXIST))
            return false;
        if (lstat(path, &info) != 0)
            return false;
    }
    bool ours = S_ISDIR(info.st_mode) && info.st_uid == geteuid() && (info.st_mode & 022) == 0;
    bool room = info.st_size < FOLDER_MOST_BYTES;
    if (!ours || !room)
        errno = ours ? EDQUOT : EPERM;
    return ours && room;
}
