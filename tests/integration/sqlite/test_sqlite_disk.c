/* A binary of its own: the process that runs it leaves the system's mounts and users behind. */
#include "application.h"

#include "base/file.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

static bool file_say(const char *file, const char *text)
{
    int fd = open(file, O_WRONLY);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return done;
}

/* Mounts of its own, as whoever this is. */
static bool go_apart(void)
{
    char user[40], group[40];
    snprintf(user, sizeof user, "%u %u 1", getuid(), getuid());
    snprintf(group, sizeof group, "%u %u 1", getgid(), getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0)
        return file_say("/proc/self/uid_map", user) && file_say("/proc/self/setgroups", "deny") &&
               file_say("/proc/self/gid_map", group);
    return getuid() == 0 && unshare(CLONE_NEWNS) == 0;
}

/* A file system of so many bytes over the folder, for this process alone. */
static bool small_disk(const char *folder, const char *size)
{
    return go_apart() && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", folder, "tmpfs", 0, size) == 0;
}

TEST(sqlite_disk__a_full_disk_keeps_what_it_has_and_goes_on_with_room)
{
    struct store *store = NULL;
    bool fresh = false;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    if (!small_disk(folder, "size=1m")) {
        print_message("# skipped: no tmpfs may be mounted here\n");
        folder_remove(folder);
        free(path);
        free(folder);
        skip();
    }
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    int count = fill_store(store);
    assert_true(count > 0);
    assert_store_holds(store, count);
    assert_int_equal(mount("none", folder, NULL, MS_REMOUNT, "size=4m"), 0);
    done(write_batch(store, SESSION_A, &fresh));
    assert_true(fresh);
    store_close(store);
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    assert_store_holds(store, count + 1);
    store_close(store);
    assert_int_equal(umount(folder), 0);
    folder_remove(folder);
    free(path);
    free(folder);
}
