/* What taking a history in costs, as ratios: the whole of `tare
 * import` — reading, storing, judging — to jansson parsing the same lines and nothing else; and
 * the memory of a file ten times as long. Times are of the processor, so that what else runs on
 * the machine does not count. Usage: import_bench [measurements, 200000] */
#include <err.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define METRICS 20
#define ROUNDS  3

static char folder[] = "/tmp/tare-bench-XXXXXX";
static uint64_t seed = 1;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void time_write(FILE *file, const char *key, time_t seconds, int milliseconds)
{
    struct tm parts;
    char text[32];
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    fprintf(file, "\"%s\": \"%s.%03dZ\"", key, text, milliseconds);
}

/* A measurement as `tare export` writes it; the noise is 1, 3 or 5 % of its level. */
static void measurement_write(FILE *file, int metric, double level, time_t start)
{
    static const double sizes[] = {0.01, 0.03, 0.05};
    double normal = sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
    double value = level * (1 + sizes[metric % 3] * normal);
    fprintf(file, "%s{\"metric_id\": \"bench-%03d\", \"unit\": \"ms\", \"better\": \"lower\", ",
            metric > 0 ? ", " : "", metric);
    time_write(file, "time", start, metric);
    fprintf(file,
            ", \"n\": 10, \"value\": %.17g, \"min\": %.17g, \"max\": %.17g, \"mean\": %.17g, "
            "\"p50\": %.17g, \"p95\": %.17g, \"p99\": %.17g}",
            value, value * 0.98, value * 1.05, value * 1.001, value, value * 1.03, value * 1.05);
}

/* Sessions of twenty metrics every ten minutes; now and then one of them changes its level. */
static void history_write(const char *path, size_t measurements)
{
    double levels[METRICS];
    FILE *file = fopen(path, "w");
    if (file == NULL)
        err(3, "%s", path);
    for (int m = 0; m < METRICS; m++)
        levels[m] = pow(10, 3.5 * uniform());
    for (size_t s = 0; s < measurements / METRICS; s++) {
        time_t start = 1700000000 + (time_t)s * 600;
        fprintf(file,
                "{\"session\": {\"id\": \"%08zx-0000-4000-8000-%012zx\", \"app\": \"bench\", ", s,
                s);
        time_write(file, "started_at", start, 0);
        fprintf(file, ", ");
        time_write(file, "ended_at", start + 5, 0);
        fprintf(file,
                ", \"outcome\": \"ok\", \"temperature\": \"warm\", \"commit\": \"%040zx\", "
                "\"branch\": \"main\", \"dirty\": false, \"environment\": \"lab\", "
                "\"measurements\": %d}, \"measurements\": [",
                s / 10, METRICS);
        for (int m = 0; m < METRICS; m++) {
            if (uniform() < 0.0005)
                levels[m] *= uniform() < 0.5 ? 1.25 : 0.8;
            measurement_write(file, m, levels[m], start);
        }
        fprintf(file, "]}\n");
    }
    if (fclose(file) != 0)
        err(3, "%s", path);
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double parse_s(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    json_error_t wrong;
    if (file == NULL)
        err(3, "%s", path);
    double began = cpu_s();
    while ((length = getline(&line, &room, file)) > 0) {
        json_t *root = json_loadb(line, (size_t)length, JSON_REJECT_DUPLICATES, &wrong);
        if (root == NULL)
            errx(3, "%s: %s", path, wrong.text);
        json_decref(root);
    }
    double took = cpu_s() - began;
    free(line);
    fclose(file);
    return took;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* `tare import` into a store of its own; what it used. */
static struct rusage import_run(const char *tare, const char *path)
{
    char store[PATH_MAX];
    struct rusage used;
    int status;
    snprintf(store, sizeof store, "%s", path_of("import.db"));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) == NULL)
            _exit(127);
        setenv("TARE_CONFIG", "/dev/null", 1);
        execl(tare, "tare", "import", "--store", store, "jsonl", path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0 || status != 0)
        errx(3, "tare import failed");
    unlink(store);
    return used;
}

static double import_s(const char *tare, const char *path)
{
    struct rusage used = import_run(tare, path);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

int main(int argc, char **argv)
{
    size_t measurements = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 200000;
    char tare[PATH_MAX], large[80], small[80];
    ssize_t length = readlink("/proc/self/exe", tare, sizeof tare - 32);
    if (length < 0 || mkdtemp(folder) == NULL)
        err(3, "import_bench");
    tare[length] = '\0';
    for (int up = 0; up < 3; up++) /* from build/tests/bench to build/tare */
        *strrchr(tare, '/') = '\0';
    memcpy(tare + strlen(tare), "/tare", sizeof "/tare");
    snprintf(large, sizeof large, "%s", path_of("large.jsonl"));
    snprintf(small, sizeof small, "%s", path_of("small.jsonl"));
    history_write(large, measurements);
    history_write(small, measurements / 10);
    double ours = INFINITY, control = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        ours = fmin(ours, import_s(tare, large));
        control = fmin(control, parse_s(large));
    }
    double speed = control / ours, each = 1e6 / (double)measurements;
    printf("%-52s %7.3f  to reach %5.2f  %s   (%.3g us to %.3g us a measurement)\n",
           "speed of import, to the JSON parser alone", speed, 0.5, speed >= 0.5 ? "yes" : "NO ",
           ours * each, control * each);
    double most = (double)import_run(tare, large).ru_maxrss / 1024;
    double less = (double)import_run(tare, small).ru_maxrss / 1024;
    printf("%-52s %7.1f  to reach %5.0f  %s   (of a tenth of the file: %.1f)\n",
           "peak memory of import, MB", most, 64.0, most <= 64 ? "yes" : "NO ", less);
    unlink(large);
    unlink(small);
    rmdir(folder);
    return 0;
}
