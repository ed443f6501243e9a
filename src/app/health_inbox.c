#include "app/health.h"

#include "base/clock.h"
#include "record/inbox.h"
#include "record/session_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* When a file was made, where its file system knows, else when it was changed last; and its size.
 */
static bool file_look(const char *folder, const char *name, int64_t *bytes, int64_t *since_ns,
                      int64_t *changed_ns)
{
    char path[INBOX_PATH_SIZE + 256];
    struct statx info;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (statx(AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_BTIME, &info) != 0)
        return false;
    const struct statx_timestamp *since = info.stx_mask & STATX_BTIME ? &info.stx_btime
                                                                      : &info.stx_mtime;
    *bytes = (int64_t)info.stx_size;
    *since_ns = since->tv_sec * CLOCK_NS_PER_SECOND + since->tv_nsec;
    *changed_ns = info.stx_mtime.tv_sec * CLOCK_NS_PER_SECOND + info.stx_mtime.tv_nsec;
    return *bytes > 0;
}

/* `frames`, and the `frames.ID` that a reader left aside. */
static bool holds_frames(const char *name)
{
    return strncmp(name, "frames", 6) == 0 && (name[6] == '\0' || name[6] == '.');
}

void health_inbox_look(const char *store_url, struct health_inbox *inbox)
{
    char folder[INBOX_PATH_SIZE];
    *inbox = (struct health_inbox){0};
    DIR *entries = inbox_find(store_url, folder) ? opendir(folder) : NULL;
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        int64_t bytes, since_ns, changed_ns;
        bool damaged = strcmp(entry->d_name, "damaged") == 0;
        if (!(damaged || holds_frames(entry->d_name)) ||
            !file_look(folder, entry->d_name, &bytes, &since_ns, &changed_ns))
            continue;
        if (damaged) {
            inbox->damaged_bytes = bytes;
            inbox->damaged_ns = changed_ns;
            continue;
        }
        inbox->waiting_bytes += bytes;
        if (inbox->waiting_since_ns == 0 || since_ns < inbox->waiting_since_ns)
            inbox->waiting_since_ns = since_ns;
    }
    if (entries != NULL)
        closedir(entries);
}

static void losses_look(const char *store_url, const char *app, struct health_inbox *inbox)
{
    struct leftovers left;
    (void)sessions_leftovers(store_url, &left, NULL);
    for (size_t i = 0; i < left.losses.count; i++) {
        const struct loss *loss = &left.losses.losses[i];
        if (app != NULL && strcmp(app, loss->app) != 0)
            continue;
        inbox->roomless += loss->samples;
        inbox->roomless_apps++;
        if (loss->last_ns > inbox->roomless_ns)
            inbox->roomless_ns = loss->last_ns;
    }
    inbox->unreadable += left.aside;
    leftovers_release(&left);
}

void health_sessions_look(const char *store_url, const char *app, struct health_inbox *inbox)
{
    struct sweep sweep = {0};
    if (sessions_sweep(store_url, &sweep, NULL) != TARE_OK)
        return;
    inbox->running = sweep.running;
    inbox->untaken = sweep.failed;
    inbox->unreadable = sweep.damaged;
    losses_look(store_url, app, inbox);
}
