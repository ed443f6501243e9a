#include "record/process.h"

#include "base/clock.h"
#include "record/owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS       1e6
#define GROWTH_AFTER_NS (60 * CLOCK_NS_PER_SECOND) /* growth an hour, told from less, is noise */
#define IO_AFTER_NS     (10 * CLOCK_NS_PER_SECOND / 1000) /* to look costs 20 microseconds */
#define START_GRAIN_NS  (10 * CLOCK_NS_PER_SECOND / 1000) /* of /proc/<pid>/stat */

#define FILES_USUAL 64 /* room that every process has for open files */
#define FILES_FEW   256

#define EXEC_SWITCHES 4 /* that exec and the loader take without waiting for anything */

/* At the moment the library was loaded: usually right before main(). */
static struct {
    uint32_t pid;
    int64_t monotonic_ns;
    int64_t cpu_ns;
    bool waited; /* it has slept before, so that more time has passed than was computed */
} loaded;

static int64_t cpu_ns(const struct rusage *usage)
{
    return ((int64_t)usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * CLOCK_NS_PER_SECOND +
           ((int64_t)usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000;
}

__attribute__((constructor)) static void process_note_load(void)
{
    struct rusage usage;
    loaded.monotonic_ns = clock_monotonic_ns();
    loaded.pid = (uint32_t)getpid();
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        loaded.cpu_ns = cpu_ns(&usage);
        loaded.waited = usage.ru_majflt + usage.ru_inblock > 0 || usage.ru_nvcsw > EXEC_SWITCHES;
    }
}

/* When the process began, on CLOCK_MONOTONIC. The kernel tells it to 10 ms only; a process that
 * has not waited before the library was loaded began as long before as it has computed. */
static int64_t process_began(void)
{
    int64_t began_ns = loaded.monotonic_ns - loaded.cpu_ns;
    if (loaded.pid == (uint32_t)getpid() && !loaded.waited)
        return began_ns;
    struct timespec boot;
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int64_t suspended_ns = (int64_t)boot.tv_sec * CLOCK_NS_PER_SECOND + boot.tv_nsec -
                           clock_monotonic_ns();
    int64_t grain_ns = process_began_ns((uint32_t)getpid()) - suspended_ns;
    if (grain_ns + suspended_ns < 0)
        return began_ns;
    if (began_ns < grain_ns)
        return grain_ns;
    return began_ns < grain_ns + START_GRAIN_NS ? began_ns : grain_ns + START_GRAIN_NS;
}

int64_t process_computed_ns(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? cpu_ns(&usage) : 0;
}

static void startup_record(struct recorder *recorder, int64_t now_ns, int64_t computed_ns)
{
    uint32_t none = 0;
    if (!__atomic_compare_exchange_n(&recorder->fork_word->startup_done, &none, 1, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return;
    int64_t began_ns = process_began();
    struct session_header *header = &recorder->image->header;
    header->process_start_ns = header->card.opened.real_ns -
                               (header->card.opened.monotonic_ns - began_ns);
    tare_metric_record(&recorder->handle, "APP-001", (double)(now_ns - began_ns) / NS_PER_MS);
    tare_metric_record(&recorder->handle, "CPU-001", (double)computed_ns / NS_PER_MS);
}

void process_record_startup(struct recorder *recorder)
{
    int64_t now_ns = clock_monotonic_ns();
    if (recorder_session(recorder) != 0)
        startup_record(recorder, now_ns, process_computed_ns());
}

/* Whether no file of `limit` or above is open. A process has room for 64, 128, … and select()
 * ignores what it has none for (select(2), BUGS); a kernel that does not says that it is bad. */
static bool files_below(int limit)
{
    struct timeval at_once = {0, 0};
    fd_set above;
    FD_ZERO(&above);
    FD_SET(limit, &above);
    return select(limit + 1, &above, NULL, NULL, &at_once) == 0 && fcntl(limit, F_GETFD) < 0;
}

static int files_count(int limit)
{
    struct pollfd files[FILES_FEW];
    int count = limit;
    for (int fd = 0; fd < limit; fd++)
        files[fd] = (struct pollfd){.fd = fd};
    if (poll(files, (nfds_t)limit, 0) < 0)
        return -1;
    for (int fd = 0; fd < limit; fd++)
        count -= (files[fd].revents & POLLNVAL) != 0;
    return count;
}

/* To ask /proc makes the kernel build the folder, and take it down at the end of the process: that
 * costs a short run as much as its hand-over. Since Linux 6.2 the folder's size is the number of
 * its entries. */
static double files_open(void)
{
    int few = files_below(FILES_USUAL) ? FILES_USUAL : files_below(FILES_FEW) ? FILES_FEW : 0;
    int known = few > 0 ? files_count(few) : -1;
    if (known >= 0)
        return known;
    struct stat info;
    if (stat("/proc/self/fd", &info) == 0 && info.st_size > 0)
        return (double)info.st_size;
    DIR *folder = opendir("/proc/self/fd");
    int count = -3; /* ".", ".." and this one */
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

/* A small file of /proc, with its end. */
static bool proc_read(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

static double resident_bytes(void)
{
    char text[128];
    const char *second = NULL;
    if (proc_read("/proc/self/statm", text, sizeof text))
        second = strchr(text, ' ');
    return second != NULL ? strtod(second, NULL) * (double)sysconf(_SC_PAGESIZE) : -1;
}

/* From the first look, a minute or more into the session, to this one. */
static void growth_record(struct recorder *recorder)
{
    int64_t now_ns = clock_monotonic_ns();
    if (now_ns - recorder->image->header.card.opened.monotonic_ns < GROWTH_AFTER_NS)
        return;
    double bytes = resident_bytes();
    if (bytes < 0)
        return;
    struct memory_look *first = &recorder->first_look;
    if (first->bytes == 0 || first->pid != (uint32_t)getpid()) {
        *first = (struct memory_look){(uint32_t)getpid(), now_ns, bytes};
        return;
    }
    double hours = (double)(now_ns - first->monotonic_ns) / 1e9 / 3600;
    if (now_ns - first->monotonic_ns >= GROWTH_AFTER_NS)
        tare_metric_record(&recorder->handle, "MEM-002", (bytes - first->bytes) / 1e6 / hours);
}

/* "rchar: 4711" and "wchar: 815": bytes that were asked of the system, as `tare run` counts them.
 * What of it came from a disk depends on what was in memory before. */
static void io_record(tare_tracker *tracker)
{
    static const char read[] = "rchar: ", written[] = "\nwchar: ";
    char text[512];
    if (!proc_read("/proc/self/io", text, sizeof text))
        return;
    const char *behind = strstr(text, written);
    if (behind == NULL || strncmp(text, read, sizeof read - 1) != 0)
        return;
    double bytes = (double)strtoull(text + sizeof read - 1, NULL, 10) +
                   (double)strtoull(behind + sizeof written - 1, NULL, 10);
    tare_metric_record_in(tracker, "IOB-001", bytes, "B");
}

/* glibc knows of a process that has never had a second thread. */
static double threads_running(void)
{
    struct stat tasks;
    if (__libc_single_threaded)
        return 1;
    return stat("/proc/self/task", &tasks) == 0 ? (double)tasks.st_nlink - 2 : 0;
}

void process_record(struct recorder *recorder, int64_t now_ns, bool ends)
{
    tare_tracker *tracker = &recorder->handle;
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        if (ends)
            startup_record(recorder, recorder->image->header.card.opened.monotonic_ns,
                           recorder->opened_computed_ns);
        else
            startup_record(recorder, now_ns, cpu_ns(&usage));
        tare_metric_record_in(tracker, "MEM-001", (double)usage.ru_maxrss, "KiB");
        tare_metric_record(tracker, "FLT-001", (double)usage.ru_majflt);
        tare_metric_record(tracker, "CTX-001", (double)usage.ru_nivcsw);
    }
    tare_metric_record(tracker, "FDS-001", files_open());
    double threads = threads_running();
    if (threads > 0)
        tare_metric_record(tracker, "THR-001", threads);
    if (now_ns - loaded.monotonic_ns >= IO_AFTER_NS)
        io_record(tracker);
    growth_record(recorder);
}
