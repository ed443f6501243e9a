#include "record/owner.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* By the list of its mappings. Where that cannot be read, or looks like none, it has the file. */
static bool file_mapped(uint32_t pid, const char *file_name, ino_t inode)
{
    char path[32], line[512];
    bool any = false, found = false;
    snprintf(path, sizeof path, "/proc/%u/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        any = true;
        found = strstr(line, file_name) != NULL || line_inode(line) == inode;
    }
    if (maps != NULL)
        fclose(maps);
    return found || !any;
}

/* /proc counts from boot, suspended time included; the anchor is of CLOCK_MONOTONIC. */
bool owner_alive(const struct session_card *card, const char *file_name, ino_t inode)
{
    int64_t began_ns = process_began_ns(card->pid);
    if (began_ns < 0)
        return false;
    struct timespec boot;
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int64_t boot_ns = (int64_t)boot.tv_sec * CLOCK_NS_PER_SECOND + boot.tv_nsec;
    int64_t suspended_ns = boot_ns - clock_monotonic_ns();
    return began_ns <= card->opened.monotonic_ns + suspended_ns &&
           file_mapped(card->pid, file_name, inode);
}
