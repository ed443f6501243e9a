#include "record/owner.h"

#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define STAT_START_FIELD 22
#define ZOMBIES          "ZXx"

/* Field 2 is the program's name in parentheses and may hold anything. */
int64_t process_began_ns(uint32_t pid)
{
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    if (size <= 0)
        return -1;
    text[size] = '\0';
    const char *at = strrchr(text, ')');
    if (at == NULL || at[1] == '\0' || strchr(ZOMBIES, at[2]) != NULL)
        return -1;
    for (int field = 2; field < STAT_START_FIELD && at != NULL; field++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return -1;
    long per_second = sysconf(_SC_CLK_TCK);
    return strtoll(at, NULL, 10) * (CLOCK_NS_PER_SECOND / (per_second > 0 ? per_second : 100));
}

/* The fifth field of a line of /proc/<pid>/maps; 0: none. */
static ino_t line_inode(const char *line)
{
    for (int field = 0; field < 4 && line != NULL; field++)
        line = strchr(line + (field > 0), ' ');
    return line != NULL ? (ino_t)strtoull(line, NULL, 10) : 0;
}

enum mapped { MAPPED_NOT = 0, MAPPED, MAPPED_UNKNOWN };

/* By the list of its mappings, unless that cannot be read, or looks like none. */
static enum mapped file_mapped(const char *pid, const char *file_name, ino_t inode)
{
    char path[64], line[512];
    bool any = false, found = false;
    snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        any = true;
        found = strstr(line, file_name) != NULL || line_inode(line) == inode;
    }
    if (maps != NULL)
        fclose(maps);
    return found ? MAPPED : any ? MAPPED_NOT : MAPPED_UNKNOWN;
}

/* /proc counts from boot, suspended time included; the anchor is of CLOCK_MONOTONIC. */
static bool number_alive(const struct session_card *card, const char *file_name, ino_t inode)
{
    char pid[16];
    int64_t began_ns = process_began_ns(card->pid);
    if (began_ns < 0)
        return false;
    struct timespec boot;
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int64_t boot_ns = (int64_t)boot.tv_sec * CLOCK_NS_PER_SECOND + boot.tv_nsec;
    int64_t suspended_ns = boot_ns - clock_monotonic_ns();
    snprintf(pid, sizeof pid, "%u", card->pid);
    return began_ns <= card->opened.monotonic_ns + suspended_ns &&
           file_mapped(pid, file_name, inode) != MAPPED_NOT;
}

enum holders { HOLDERS_UNKNOWN, HOLDERS_NONE, HOLDERS_SOME };

/* Before 5.3 a write lease is refused on tmpfs whoever has the file. */
static bool kernel_tells(void)
{
    struct utsname system;
    char *end;
    if (uname(&system) != 0)
        return false;
    unsigned long major = strtoul(system.release, &end, 10);
    unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
    return major > 5 || (major == 5 && minor >= 3);
}

/* A file system whose leases know of mappings: behind an overlay's it is another file that has
 * them, and over a network nobody knows. */
static bool leases_told(int fd)
{
    static const long known[] = {TMPFS_MAGIC, EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,
                                 BTRFS_SUPER_MAGIC};
    struct statfs info;
    bool told = false;
    if (kernel_tells() && fstatfs(fd, &info) == 0)
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            told = told || (long)info.f_type == known[i];
    return told;
}

/* Whether others have the file open or mapped, in whatever namespace: then the kernel grants no
 * lease on it. Whoever opens the file in the moment of ours
 * breaks it, of which we are told by a signal that by default is ignored. */
static enum holders file_holders(int fd)
{
    bool reading = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY;
    if (!leases_told(fd) || fcntl(fd, F_SETSIG, SIGURG) != 0)
        return HOLDERS_UNKNOWN;
    if (fcntl(fd, F_SETLEASE, reading ? F_RDLCK : F_WRLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return HOLDERS_NONE;
    }
    return errno == EAGAIN ? HOLDERS_SOME : HOLDERS_UNKNOWN;
}

bool file_held(int fd)
{
    return file_holders(fd) == HOLDERS_SOME;
}

/* The number of a process in its own namespace; 0: not known. */
static uint32_t number_within(const char *pid)
{
    char path[64], line[512];
    unsigned long number = 0;
    snprintf(path, sizeof path, "/proc/%.20s/status", pid);
    FILE *status = fopen(path, "re");
    while (status != NULL && number == 0 && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "NSpid:", 6) == 0)
            number = strtoul(strrchr(line, '\t') != NULL ? strrchr(line, '\t') : "", NULL, 10);
    if (status != NULL)
        fclose(status);
    return (uint32_t)number;
}

enum holder { HOLDER_UNSEEN, HOLDER_OTHER, HOLDER_OWNER };

/* Who has the file mapped, of all the processes that can be seen from here. */
static enum holder holder_find(uint32_t number, const char *file_name, ino_t inode)
{
    enum holder holder = HOLDER_UNSEEN;
    DIR *processes = opendir("/proc");
    long self = (long)getpid();
    for (struct dirent *entry;
         processes != NULL && holder != HOLDER_OWNER && (entry = readdir(processes)) != NULL;) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid > 0 && pid != self && file_mapped(entry->d_name, file_name, inode) == MAPPED)
            holder = number_within(entry->d_name) == number ? HOLDER_OWNER : HOLDER_OTHER;
    }
    if (processes != NULL)
        closedir(processes);
    return holder;
}

#define GLANCE_TRIES    5
#define GLANCE_PAUSE_NS 1000000

bool owner_alive(const struct session_card *card, int fd, const char *file_name)
{
    const struct timespec pause = {0, GLANCE_PAUSE_NS};
    struct stat info;
    if (fstat(fd, &info) != 0)
        return true;
    for (int tries = 0; tries < GLANCE_TRIES; tries++) {
        enum holders holders = file_holders(fd);
        if (holders == HOLDERS_NONE)
            return false;
        if (number_alive(card, file_name, info.st_ino))
            return true;
        enum holder holder = holder_find(card->pid, file_name, info.st_ino);
        if (holder != HOLDER_UNSEEN || holders == HOLDERS_UNKNOWN)
            return holder == HOLDER_OWNER;
        nanosleep(&pause, NULL); /* another `tare` that looks whether there is something to take */
    }
    return true;
}
