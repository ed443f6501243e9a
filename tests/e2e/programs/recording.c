/* recording COUNT [WAY [MILLISECONDS]]: records COUNT samples of `work` through libtare, waits
 * that long, and ends by WAY: exit, kill, abort, _exit, segv, fork (a child records as many),
 * snapshots (records as many again, with a snapshot behind each). It speaks its user's language.
 */
#include <tare/tare.h>

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void record(long count)
{
    static tare_metric work = TARE_METRIC("work", .unit = "ms");
    tare_tracker *tracker = tare_tracker_default();
    for (long i = 0; i < count; i++)
        tare_sample_record(tracker, &work, 10 + (double)(i % 3));
}

static void end_by(const char *way, long count)
{
    if (strcmp(way, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(way, "abort") == 0)
        abort();
    if (strcmp(way, "_exit") == 0)
        _exit(0);
    if (strcmp(way, "segv") == 0)
        raise(SIGSEGV);
    for (long i = 0; strcmp(way, "snapshots") == 0 && i < count; i++) {
        record(1);
        tare_snapshot_record(tare_tracker_default());
    }
    if (strcmp(way, "fork") != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        record(count);
        exit(0);
    }
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    long wait_ms = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    struct timespec pause = {wait_ms / 1000, wait_ms % 1000 * 1000000};
    setlocale(LC_ALL, "");
    record(count);
    if (wait_ms > 0) {
        puts("recorded");
        fflush(stdout);
        nanosleep(&pause, NULL);
    }
    end_by(argc > 2 ? argv[2] : "exit", count);
    return 0;
}
