/* The process that delivers behind a command's back. */
#include "app/deliver.h"
#include "base/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_WAIT_MS 250                        /* the command is not */
#define LOCK_WAIT_MS 5000                       /* the process itself may be patient */
#define LIFE_NS      (60 * CLOCK_NS_PER_SECOND) /* nothing is begun after that */

/* Looks without a lock; a store that cannot be read has nothing due. */
static bool anything_due(const char *store_url, const struct config *config)
{
    struct store *store = NULL;
    const struct store_options options = {.read_only = true, .wait_ms = LOOK_WAIT_MS};
    size_t count = 0;
    if (store_open(store_url, &options, &store, NULL) != TARE_OK)
        return false;
    for (size_t i = 0; i < config->sink_count && count == 0; i++) {
        const struct sink *sink = &config->sinks[i];
        const struct store_claim claim = {.sink = sink->name, .now_ns = clock_now_ns()};
        if (sink_is_queued(sink) && sink_ready(sink, NULL) == TARE_OK)
            (void)store_delivery_due(store, &claim, &count, NULL);
    }
    store_close(store);
    return count > 0;
}

/* Keeps nothing of the caller's but the end of the pipe that says when it is over: no pipe that a
 * shell waits for, no lock that a script holds. */
static void let_go(int over)
{
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2 && nothing >= 0; fd++)
        dup2(nothing, fd);
    dup2(over, 3);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    close_range(4, ~0u, 0);
}

static void deliver_and_end(const char *store_url, const struct config *config, int over)
{
    struct deliver_result result;
    const struct deliver_options options = {.wait_ms = LOCK_WAIT_MS, .within_ns = LIFE_NS};
    let_go(over);
    (void)deliver_run(store_url, config, &options, &result, NULL);
    _exit(0);
}

/* Twice removed, so that nobody has to wait for it. */
static bool process_start(const char *store_url, const struct config *config, const int over[2])
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        pid_t heir = fork();
        if (heir == 0)
            deliver_and_end(store_url, config, over[1]);
        _exit(heir < 0);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

void deliver_behind(const char *store_url, const struct config *config)
{
    int over[2];
    int64_t until_ns = clock_monotonic_ns() + DELIVER_WAIT_MS * INT64_C(1000000);
    if (config->sink_count == 0 || strcmp(store_url, ":memory:") == 0 || !config_notifies() ||
        !anything_due(store_url, config) || pipe2(over, O_CLOEXEC) != 0)
        return;
    bool started = process_start(store_url, config, over);
    close(over[1]);
    struct pollfd end = {.fd = over[0], .events = POLLIN};
    int64_t left_ms = (until_ns - clock_monotonic_ns()) / 1000000;
    while (started && left_ms > 0 && poll(&end, 1, (int)left_ms) < 0)
        left_ms = (until_ns - clock_monotonic_ns()) / 1000000;
    close(over[0]);
}
