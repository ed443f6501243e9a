/* Preloaded into a command: trouble when SQLite writes or syncs for the TROUBLE_AT-th time.
 * TROUBLE=kill: the command is gone before it; TROUBLE=full: there is no room for it, nor for
 * anything after it. That it struck is told by making $TROUBLE_TOLD. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Whether there is no room for this one. */
static bool strikes(void)
{
    static long count;
    const char *what = getenv("TROUBLE"), *at = getenv("TROUBLE_AT");
    if (what == NULL || at == NULL || ++count < strtol(at, NULL, 10))
        return false;
    close(open(getenv("TROUBLE_TOLD"), O_WRONLY | O_CREAT, 0600));
    if (strcmp(what, "kill") == 0)
        raise(SIGKILL);
    errno = ENOSPC;
    return true;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
    bool of_index = size == 1; /* as SQLite makes that of its log larger, also to read */
    return !of_index && strikes() ? -1 : real(fd, bytes, size, at);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    return strikes() ? -1 : real(fd);
}
