#include "record/ingest.h"

#include "base/clock.h"
#include "record/inbox.h"
#include "record/undisturbed.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_SECONDS 60

/* TARE_BINARY, else the first `tare` in PATH that may be run. */
static bool binary_find(char *path, size_t size)
{
    const char *named = getenv("TARE_BINARY");
    if (named != NULL && named[0] != '\0') {
        snprintf(path, size, "%s", named);
        return access(path, X_OK) == 0;
    }
    for (const char *at = getenv("PATH"); at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ":");
        int made = snprintf(path, size, "%.*s/tare", (int)length, at);
        if (length > 0 && made > 0 && (size_t)made < size && access(path, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

/* The file that tells when somebody started one last. */
static bool started_path(const char *store, char path[INBOX_PATH_SIZE + 16])
{
    static const char name[] = "/started";
    if (!inbox_folder(store, path))
        return false;
    memcpy(path + strlen(path), name, sizeof name);
    return true;
}

/* Whether somebody has within the last minute. */
static bool started_lately(const char *path)
{
    struct stat info;
    time_t now = (time_t)(clock_now_ns() / CLOCK_NS_PER_SECOND);
    return stat(path, &info) == 0 && now - info.st_mtim.tv_sec < PAUSE_SECONDS &&
           info.st_mtim.tv_sec <= now;
}

static bool turn_take(const char *path)
{
    int fd = inbox_file_open(path, O_WRONLY);
    if (fd < 0)
        return false;
    bool touched = futimens(fd, NULL) == 0;
    close(fd);
    return touched;
}

#define BETWEEN_STACK 65536

struct spawn {
    const char *binary, *store;
};

static int spawn_detached(void *context)
{
    const struct spawn *spawn = context;
    const char *const arguments[] = {"tare", "ingest", "--store", spawn->store, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid;
    sigemptyset(&none);
    if (posix_spawn_file_actions_init(&files) != 0)
        return 1;
    if (posix_spawnattr_init(&attributes) == 0) {
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&files, 0, 1);
        posix_spawn_file_actions_adddup2(&files, 0, 2);
        posix_spawn_file_actions_addclosefrom_np(&files, 3);
        (void)posix_spawn(&pid, spawn->binary, &files, &attributes, (char *const *)arguments,
                          environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return 0;
}

/* By a process in between that ends at once, without a signal to the program: where only the
 * library is unloaded, that goes on, and must not come upon a child that it did not start. Signals
 * wait, for the process in between has the program's handlers, and its memory. */
static void spawn_by_another(struct spawn *spawn)
{
    struct undisturbed before;
    void *stack = mmap(NULL, BETWEEN_STACK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0); /* ours may be small */
    if (stack == MAP_FAILED)
        return;
    undisturbed_begin(&before);
    pid_t between = clone(spawn_detached, (char *)stack + BETWEEN_STACK, CLONE_VM | CLONE_VFORK,
                          spawn);
    while (between > 0 && waitpid(between, NULL, __WALL) < 0 && errno == EINTR)
        ;
    undisturbed_end(&before);
    munmap(stack, BETWEEN_STACK);
}

void ingest_start(const struct settings *settings)
{
    char binary[1024], path[INBOX_PATH_SIZE + 16];
    const char *store = settings_text(settings, TEXT_STORE);
    if (settings->in_memory || settings->ingest_never || !started_path(store, path) ||
        started_lately(path))
        return;
    if (binary_find(binary, sizeof binary) && turn_take(path))
        spawn_by_another(&(struct spawn){binary, store});
}
