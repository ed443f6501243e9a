/* What an export costs: a million measurements as CSV, held against `sqlite3 -csv` on the same
 * rows by the same join (in whatever order it likes best, with times as bare numbers and fifteen
 * digits where we write RFC 3339 and all of them); the other formats beside it; and the memory
 * that the export of a hundredth, a tenth and all of it takes. Time is that of the processor, in
 * the program and for it; rounds take turns, and a figure is the smallest of its rounds. */
#include "base/clock.h"
#include "stats/summary.h"
#include "store/store.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS       3
#define METRICS      20
#define SESSIONS     50000 /* × METRICS: a million */
#define OBSERVATIONS 10    /* that a measurement sums up */

static struct tare_error oops;
static char folder[] = "/tmp/tare-export-XXXXXX";
static const char *tare;

static void need(enum tare_status status)
{
    if (status == TARE_OK)
        return;
    fprintf(stderr, "export_bench: %s\n", oops.message);
    exit(3);
}

static uint32_t seed = 1;

static double random_unit(void)
{
    seed = seed * 1664525 + 1013904223;
    return (double)(seed >> 8) / 16777216.0;
}

/* Durations around 1.2 ms in whole nanoseconds, as spans give them. */
static struct measurement measurement_of(int64_t series_id, const struct session *session)
{
    double values[OBSERVATIONS];
    for (size_t i = 0; i < OBSERVATIONS; i++)
        values[i] = floor((1 + random_unit() * 0.4) * 1e6) / 1e6;
    struct summary summary = summary_of_values(values, OBSERVATIONS);
    struct measurement one = {.series_id = series_id,
                              .time_ns = session->started_ns + (int64_t)(random_unit() * 1e9),
                              .window_start_ns = session->started_ns,
                              .n = summary.n,
                              .value = summary.p50,
                              .min = summary.min,
                              .max = summary.max,
                              .mean = summary.mean,
                              .p50 = summary.p50,
                              .p95 = summary.p95,
                              .p99 = summary.p99,
                              .final = true};
    memcpy(one.session_id, session->id, sizeof one.session_id);
    return one;
}

static int64_t series_of(struct store *store, int number, const struct session *session)
{
    char id[32];
    int64_t series_id = 0;
    struct metric metric;
    metric_init(&metric);
    snprintf(id, sizeof id, "orders.query.%d", number);
    need(metric_name(&metric, id, NULL, "ms", &oops));
    need(store_metric_put(store, &metric, false, &oops));
    struct series series = {.metric_id = id,
                            .app = session->app,
                            .environment = session->environment.key,
                            .labels = session->labels};
    need(store_series_put(store, &series, &series_id, &oops));
    metric_release(&metric);
    return series_id;
}

static void fill(const char *path, int sessions)
{
    struct store *store = NULL;
    int64_t series[METRICS];
    need(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    need(store_begin(store, &oops));
    for (int i = 0; i < sessions; i++) {
        char commit[41];
        struct session session;
        session_init(&session);
        snprintf(session.id, sizeof session.id, "%08x-1111-4000-8000-%012x", i * 7919, i);
        snprintf(commit, sizeof commit, "%040x", i / 10);
        session.app = (char *)"shop";
        session.labels = (char *)"";
        session.environment.key = (char *)"AMD EPYC, 2 cores, 24 GB, Linux 6, x86_64";
        session.commit = commit;
        session.branch = (char *)"main";
        session.started_ns = (1700000000 + (int64_t)i * 600) * CLOCK_NS_PER_SECOND + i * 1000;
        session.ended_ns = session.started_ns + CLOCK_NS_PER_SECOND;
        need(store_session_put(store, &session, &oops));
        for (int m = 0; m < METRICS; m++) {
            if (i == 0)
                series[m] = series_of(store, m, &session);
            struct measurement one = measurement_of(series[m], &session);
            need(store_measurement_put(store, &one, &oops));
        }
    }
    need(store_commit(store, &oops));
    store_close(store);
}

static void verdict(const char *what, double ratio, double limit)
{
    printf("%-52s %7.3f  to reach %5.2f  %s\n", what, ratio, limit,
           ratio <= limit ? "yes" : "NO ");
}

struct cost {
    double seconds, memory_kb;
};

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* Runs a program with its output thrown away. */
static struct cost run(const char *const *words)
{
    struct rusage usage;
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_WRONLY);
        if (dup2(nothing, STDOUT_FILENO) >= 0)
            execvp(words[0], (char *const *)words);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "export_bench: %s failed\n", words[0]);
        exit(3);
    }
    return (struct cost){seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime),
                         (double)usage.ru_maxrss};
}

static struct cost export_as(const char *path, const char *format)
{
    const char *const words[] = {tare, "export", "--store", path, "--format", format, NULL};
    return run(words);
}

static const char control[] =
    "SELECT s.session_id, r.app, s.started_at, s.ended_at, s.outcome, r.temperature, "
    "s.git_commit, s.git_branch, s.dirty, s.version, e.key, r.labels, r.metric_id, x.unit, "
    "x.better, m.time, m.n, m.failed, m.value, m.min, m.max, m.mean, m.p50, m.p95, m.p99, "
    "m.excluded FROM performance_sessions s "
    "JOIN performance_measurements m ON m.session_id = s.id "
    "JOIN performance_series r ON r.id = m.series_id "
    "JOIN performance_metrics x ON x.id = r.metric_id "
    "JOIN performance_environments e ON e.id = r.environment_id";

static void keep_least(struct cost *least, struct cost cost)
{
    if (cost.seconds < least->seconds)
        *least = cost;
}

static void bench_speed(const char *path)
{
    static const char *const others[] = {"jsonl", "openmetrics"};
    struct cost csv = {INFINITY, 0}, bare = csv, other[2] = {csv, csv};
    const char *const words[] = {"sqlite3", "-readonly", "-csv", "-header", path, control, NULL};
    for (int round = 0; round < ROUNDS; round++) {
        keep_least(&csv, export_as(path, "csv"));
        keep_least(&bare, run(words));
        for (size_t i = 0; i < 2; i++)
            keep_least(&other[i], export_as(path, others[i]));
    }
    verdict("a million measurements as CSV, to sqlite3 -csv", csv.seconds / bare.seconds, 2.0);
    printf("%-52s %7s  (%.2f s to %.2f s; jsonl %.2f s, openmetrics %.2f s)\n", "", "",
           csv.seconds, bare.seconds, other[0].seconds, other[1].seconds);
}

/* The smaller store, too, is larger than the cache, which fills up as it is read. */
static void bench_memory(char path[3][64])
{
    static const char *const formats[] = {"csv", "jsonl", "openmetrics"};
    for (size_t f = 0; f < 3; f++) {
        char what[64];
        double memory_kb[3];
        for (size_t i = 0; i < 3; i++)
            memory_kb[i] = export_as(path[i], formats[f]).memory_kb;
        snprintf(what, sizeof what, "memory of 10^6 measurements as %s, to 3*10^5", formats[f]);
        verdict(what, memory_kb[2] / memory_kb[1], 1.25);
        printf("%-52s %7s  (10^4, 3*10^5, 10^6: %.1f, %.1f, %.1f MB, 16 MB the store's cache)\n",
               "", "", memory_kb[0] / 1e3, memory_kb[1] / 1e3, memory_kb[2] / 1e3);
    }
}

/* The binary lies in the build folder, two above this program. */
static const char *tare_find(const char *own)
{
    static char path[4096];
    const char *slash = strrchr(own, '/');
    snprintf(path, sizeof path, "%.*s/../../tare", slash != NULL ? (int)(slash - own) : 1,
             slash != NULL ? own : ".");
    return path;
}

int main(int argc, char **argv)
{
    static const int sizes[] = {SESSIONS / 100, SESSIONS * 3 / 10, SESSIONS};
    char path[3][64];
    if (mkdtemp(folder) == NULL)
        return 3;
    tare = argc > 1 ? argv[1] : tare_find(argv[0]);
    setenv("TARE_CONFIG", "/dev/null", 1);
    for (int i = 0; i < 3; i++) {
        snprintf(path[i], sizeof path[i], "%s/%d.db", folder, i);
        fill(path[i], sizes[i]);
    }
    bench_speed(path[2]);
    bench_memory(path);
    for (int i = 0; i < 3; i++) {
        static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
        for (size_t k = 0; k < 4; k++) {
            char file[280];
            snprintf(file, sizeof file, "%s%s", path[i], endings[k]);
            unlink(file);
        }
    }
    return rmdir(folder);
}
