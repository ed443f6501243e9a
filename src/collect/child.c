#include "collect/child.h"

#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who a signal is passed on to; a handler has nothing else to look at. */
static volatile sig_atomic_t running_child, asked_to_stop;

/* The terminal sends it to the child as well. */
static void note(int number)
{
    asked_to_stop = number;
}

static void pass_on(int number)
{
    asked_to_stop = number;
    if (running_child > 0)
        kill(running_child, number);
}

static const struct {
    int number;
    void (*handler)(int number);
} stopping[] = {{SIGINT, note}, {SIGQUIT, note}, {SIGTERM, pass_on}, {SIGHUP, pass_on}};

#define STOPPING (sizeof stopping / sizeof stopping[0])

struct dispositions {
    struct sigaction actions[STOPPING];
    sigset_t mask;
};

/* The signals wait until child_begun(), when there is a child to have them. Who ignores one, as
 * nohup(1) does, goes on to. */
static void dispositions_take(struct dispositions *before)
{
    sigset_t wait;
    sigemptyset(&wait);
    asked_to_stop = 0;
    for (size_t i = 0; i < STOPPING; i++) {
        const struct sigaction ours = {.sa_handler = stopping[i].handler, .sa_flags = SA_RESTART};
        sigaddset(&wait, stopping[i].number);
        sigaction(stopping[i].number, NULL, &before->actions[i]);
        if (before->actions[i].sa_handler != SIG_IGN)
            sigaction(stopping[i].number, &ours, NULL);
    }
    sigprocmask(SIG_BLOCK, &wait, &before->mask);
}

static void child_begun(pid_t pid, const struct dispositions *before)
{
    running_child = pid;
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static void dispositions_restore(const struct dispositions *before)
{
    for (size_t i = 0; i < STOPPING; i++)
        sigaction(stopping[i].number, &before->actions[i], NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* In the child: becomes the command, or reports errno through the pipe, which a successful exec
 * closes. */
static void become(char *const argv[], const char *const environment[],
                   const struct dispositions *before, int report)
{
    dispositions_restore(before);
    signal(SIGPIPE, SIG_DFL);
    for (; environment != NULL && *environment != NULL; environment++)
        putenv((char *)*environment);
    execvp(argv[0], argv);
    int reason = errno;
    if (write(report, &reason, sizeof reason) != sizeof reason)
        _exit(CHILD_NOT_RUN);
    _exit(reason == ENOENT ? CHILD_NOT_FOUND : CHILD_NOT_RUN);
}

static int64_t io_field(const char *text, const char *key)
{
    long long value = -1;
    const char *at = strstr(text, key);
    if (at != NULL)
        sscanf(at + strlen(key), "%lld", &value);
    return value;
}

/* While the child is a zombie its counters can still be read. */
static void io_read(pid_t pid, struct child_usage *usage)
{
    char path[64], text[512];
    usage->read_bytes = usage->written_bytes = -1;
    snprintf(path, sizeof path, "/proc/%ld/io", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    if (size <= 0)
        return;
    text[size] = '\0';
    usage->read_bytes = io_field(text, "rchar: ");
    usage->written_bytes = io_field(text, "wchar: ");
}

static int64_t timeval_ns(struct timeval time)
{
    return (int64_t)time.tv_sec * CLOCK_NS_PER_SECOND + (int64_t)time.tv_usec * 1000;
}

static void usage_take(const struct rusage *used, int status, struct child_usage *usage)
{
    usage->user_ns = timeval_ns(used->ru_utime);
    usage->system_ns = timeval_ns(used->ru_stime);
    usage->peak_memory_bytes = (int64_t)used->ru_maxrss * 1024;
    usage->major_faults = used->ru_majflt;
    usage->involuntary_switches = used->ru_nivcsw;
    usage->killed = WIFSIGNALED(status);
    usage->exit_status = usage->killed ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static enum tare_status wait_for(pid_t pid, int64_t begin_ns, struct child_usage *usage,
                                 struct tare_error *error)
{
    siginfo_t info;
    struct rusage used;
    int status = 0;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
        if (errno != EINTR)
            return error_set_errno(error, errno, "cannot wait for the command");
    usage->wall_ns = clock_monotonic_ns() - begin_ns;
    usage->ended_ns = usage->started_ns + usage->wall_ns;
    io_read(pid, usage);
    while (wait4(pid, &status, 0, &used) < 0)
        if (errno != EINTR)
            return error_set_errno(error, errno, "cannot wait for the command");
    usage_take(&used, status, usage);
    return TARE_OK;
}

/* What the child said before it could become the command; 0 when it did. */
static int exec_reason(int report)
{
    int reason = 0;
    ssize_t got;
    do
        got = read(report, &reason, sizeof reason);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof reason ? reason : 0;
}

static enum tare_status exec_failed(const char *name, int reason, struct child_usage *usage,
                                    struct tare_error *error)
{
    usage->exit_status = reason == ENOENT ? CHILD_NOT_FOUND : CHILD_NOT_RUN;
    return error_set_errno(error, reason, "cannot run '%.200s'", name);
}

enum tare_status child_run(char *const argv[], const char *const environment[],
                           struct child_usage *usage, struct tare_error *error)
{
    struct dispositions before;
    int report[2];
    *usage = (struct child_usage){.exit_status = CHILD_NOT_RUN};
    if (pipe2(report, O_CLOEXEC) != 0)
        return error_set_errno(error, errno, "cannot run '%.200s'", argv[0]);
    dispositions_take(&before);
    usage->started_ns = clock_now_ns();
    int64_t begin_ns = clock_monotonic_ns();
    pid_t pid = fork();
    if (pid == 0)
        become(argv, environment, &before, report[1]);
    int fork_errno = errno;
    close(report[1]);
    enum tare_status status;
    if (pid < 0) {
        status = error_set_errno(error, fork_errno, "cannot run '%.200s'", argv[0]);
    } else {
        child_begun(pid, &before);
        int reason = exec_reason(report[0]);
        status = wait_for(pid, begin_ns, usage, error);
        running_child = 0;
        usage->interrupted = asked_to_stop;
        if (reason != 0)
            status = exec_failed(argv[0], reason, usage, error);
    }
    close(report[0]);
    dispositions_restore(&before);
    return status;
}
