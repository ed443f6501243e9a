/* A command: run by /bin/sh with the notice as JSON on its standard input and TARE_ALERT_* in its
 * environment, in a process group of its own, which is ended when time is up. Nothing of the
 * notice is ever part of the command line. */
#include "base/clock.h"
#include "base/error.h"
#include "notify/sink_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_KEPT_BYTES 120
#define GRACE_NS        (CLOCK_NS_PER_SECOND / 2) /* from SIGTERM to SIGKILL */

struct errand {
    pid_t pid;
    int in, err; /* −1: closed */
    size_t written;
    char said[SAID_KEPT_BYTES + 1]; /* the beginning of its standard error */
    size_t said_used;
};

/* Its first word: behind it there may be a token. */
static void place(const struct sink *sink, char text[SINK_PLACE_SIZE])
{
    int length = (int)strcspn(sink->command, " \t\n");
    snprintf(text, SINK_PLACE_SIZE, "%.*s%s", length < 100 ? length : 100, sink->command,
             sink->command[length] != '\0' ? " …" : "");
}

static bool names_same(const char *entry, const char *other)
{
    size_t length = strcspn(entry, "=");
    return strncmp(entry, other, length) == 0 && other[length] == '=';
}

/* The caller's environment with the notice's variables in front, which come before what it has of
 * the same names. free() the array alone. */
static char **environment_make(char *const *variables)
{
    static char quiet[] = "TARE_NOTIFY=off"; /* what the command does with tare tells nobody */
    size_t count = 2, used = 0;
    for (char *const *at = variables; *at != NULL; at++)
        count++;
    size_t given = count - 1;
    for (char **at = environ; at != NULL && *at != NULL; at++)
        count++;
    char **all = calloc(count, sizeof *all);
    if (all == NULL)
        return NULL;
    all[used++] = quiet;
    for (char *const *at = variables; *at != NULL; at++)
        all[used++] = *at;
    for (char **at = environ; at != NULL && *at != NULL; at++) {
        bool known = false;
        for (size_t i = 0; i < given && !known; i++)
            known = names_same(all[i], *at);
        if (!known)
            all[used++] = *at;
    }
    return all;
}

/* In the child, after fork(2): only what may be called there. */
static void become(const struct sink *sink, char *const *environment, int in, int err)
{
    char *const arguments[] = {(char *)"sh", (char *)"-c", sink->command, NULL};
    int nothing = open("/dev/null", O_RDWR);
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
        dup2(err, STDERR_FILENO) < 0 || chdir(sink->folder) != 0)
        _exit(126);
    execve("/bin/sh", arguments, environment);
    _exit(127);
}

static bool pipes_open(int in[2], int err[2])
{
    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(err, O_CLOEXEC) == 0) {
        fcntl(in[1], F_SETFL, O_NONBLOCK);
        fcntl(err[0], F_SETFL, O_NONBLOCK);
        return true;
    }
    close(in[0]);
    close(in[1]);
    return false;
}

static void launch(struct courier *courier, struct flight *flight)
{
    (void)courier;
    const struct sink *sink = flight->parcel->sink;
    int in[2], err[2];
    struct errand *errand = calloc(1, sizeof *errand);
    char **environment = environment_make(flight->parcel->variables);
    if (errand == NULL || environment == NULL || !pipes_open(in, err)) {
        free(errand);
        free(environment);
        flight_land(flight, PARCEL_FAILED, "cannot run the command: %s", strerror(errno));
        return;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(sink, environment, in[0], err[1]);
    int reason = errno;
    free(environment);
    close(in[0]);
    close(err[1]);
    *errand = (struct errand){.pid = pid, .in = in[1], .err = err[0]};
    if (pid > 0) {
        setpgid(pid, pid); /* whoever comes first */
        flight->cargo = errand;
        return;
    }
    close(in[1]);
    close(err[0]);
    free(errand);
    flight_land(flight, PARCEL_FAILED, "cannot run the command: %s", strerror(reason));
}

static void end_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* A command need not read what it is given. */
static void notice_give(struct errand *errand, const struct parcel *parcel)
{
    while (errand->in >= 0 && errand->written < parcel->size) {
        ssize_t wrote = write(errand->in, parcel->body + errand->written,
                              parcel->size - errand->written);
        if (wrote < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (wrote < 0)
            break;
        errand->written += (size_t)wrote;
    }
    end_close(&errand->in);
}

static void complaint_take(struct errand *errand)
{
    char bytes[512];
    while (errand->err >= 0) {
        ssize_t got = read(errand->err, bytes, sizeof bytes);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            end_close(&errand->err);
            return;
        }
        size_t room = SAID_KEPT_BYTES - errand->said_used;
        size_t kept = (size_t)got < room ? (size_t)got : room;
        memcpy(errand->said + errand->said_used, bytes, kept);
        errand->said_used += kept;
    }
}

static void errand_end(struct flight *flight)
{
    struct errand *errand = flight->cargo;
    end_close(&errand->in);
    end_close(&errand->err);
    free(errand);
    flight->cargo = NULL;
}

static void step(struct courier *courier, struct flight *flight)
{
    (void)courier;
    struct errand *errand = flight->cargo;
    int status = 0;
    notice_give(errand, flight->parcel);
    complaint_take(errand);
    pid_t ended = waitpid(errand->pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR))
        return;
    complaint_take(errand);
    char *said = errand->said;
    said[strcspn(said, "\n")] = '\0';
    const char *colon = said[0] != '\0' ? ": " : "";
    if (ended < 0)
        flight_land(flight, PARCEL_FAILED, "cannot wait for the command: %s", strerror(errno));
    else if (WIFSIGNALED(status))
        flight_land(flight, PARCEL_FAILED, "signal %d ended the command%s%s", WTERMSIG(status),
                    colon, said);
    else if (WEXITSTATUS(status) != 0)
        flight_land(flight, PARCEL_FAILED, "the command ended with %d%s%s", WEXITSTATUS(status),
                    colon, said);
    else
        flight_land(flight, PARCEL_DELIVERED, "%s", "");
    errand_end(flight);
}

/* Its group is asked to end, and then made to. */
static void abandon(struct courier *courier, struct flight *flight)
{
    (void)courier;
    const struct errand *errand = flight->cargo;
    int64_t until_ns = clock_monotonic_ns() + GRACE_NS;
    kill(-errand->pid, SIGTERM);
    while (waitpid(errand->pid, NULL, WNOHANG) == 0 && clock_monotonic_ns() < until_ns)
        poll(NULL, 0, 10);
    kill(-errand->pid, SIGKILL);
    while (waitpid(errand->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    flight_land(flight, PARCEL_FAILED, "the command did not end within %.3g s",
                flight_seconds(flight));
    errand_end(flight);
}

const struct sink_kind sink_command = {
    .name = "command",
    .queued = true,
    .keys = {"command", NULL},
    .formats = {"tare", NULL},
    .place = place,
    .launch = launch,
    .step = step,
    .abandon = abandon,
};
