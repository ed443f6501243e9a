/* What a program pays that records 100 samples and ends, to the bare program; and the memory of a
 * busy one (DESIGN.md section 15). Programs take turns; a figure is the lower tenth of its runs.
 *   start_bench: the programs are beside it */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS 400

enum program { BARE_STATIC, TARE_STATIC, BARE, TARE_ARCHIVE, TARE_SHARED, PROGRAM_COUNT };

static const char *const names[] = {"start_bare_static", "start_tare_static", "start_bare",
                                    "start_tare_archive", "start_tare_shared"};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double run_once(const char *path)
{
    char *const arguments[] = {(char *)path, NULL};
    pid_t child;
    int status = 0;
    double start = now_us();
    if (posix_spawn(&child, path, NULL, NULL, arguments, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "%s does not run\n", path);
        exit(3);
    }
    return now_us() - start;
}

static int order(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void say(const char *what, double ratio, double limit, double us, double bare_us)
{
    printf("%-52s %7.3f  to reach %5.2f  %s   (%.0f us to %.0f us)\n", what, ratio, limit,
           ratio <= limit ? "yes" : "NO ", us, bare_us);
}

static long memory_of(const char *folder, const char *name)
{
    char command[1200];
    long kb = -1;
    snprintf(command, sizeof command, "'%s/%s'", folder, name);
    FILE *output = popen(command, "r");
    if (output == NULL || fscanf(output, "%ld", &kb) != 1)
        kb = -1;
    if (output != NULL)
        pclose(output);
    return kb;
}

static void surroundings(char folder[64])
{
    char path[128];
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        exit(3);
    snprintf(path, sizeof path, "%s/tare.db", folder);
    setenv("TARE_STORE", path, 1);
    setenv("TARE_INGEST", "never", 1);
    unsetenv("TARE_DISABLE");
}

int main(int count, char **arguments)
{
    static double us[PROGRAM_COUNT][RUNS];
    char here[512], path[1024], folder[64] = "/tmp/tare-bench-XXXXXX";
    (void)count;
    if (realpath(arguments[0], path) == NULL)
        return 3;
    snprintf(here, sizeof here, "%.*s", (int)(strrchr(path, '/') - path), path);
    surroundings(folder);
    for (int run = -5; run < RUNS; run++)
        for (int program = 0; program < PROGRAM_COUNT; program++) {
            snprintf(path, sizeof path, "%s/%s", here, names[program]);
            double taken = run_once(path);
            if (run >= 0)
                us[program][run] = taken;
        }
    for (int program = 0; program < PROGRAM_COUNT; program++)
        qsort(us[program], RUNS, sizeof us[program][0], order);
#define LEAST(program) us[program][RUNS / 10]
    say("whole run, static program, to the bare one", LEAST(TARE_STATIC) / LEAST(BARE_STATIC),
        1.10, LEAST(TARE_STATIC), LEAST(BARE_STATIC));
    say("whole run, libtare.a in a dynamic program", LEAST(TARE_ARCHIVE) / LEAST(BARE), 1.10,
        LEAST(TARE_ARCHIVE), LEAST(BARE));
    say("whole run, libtare.so", LEAST(TARE_SHARED) / LEAST(BARE), 1.35, LEAST(TARE_SHARED),
        LEAST(BARE));
    long with = memory_of(here, "memory_tare"), bare = memory_of(here, "memory_bare");
    printf("%-52s %4ld KB  to reach   100  %s   (%ld KB to %ld KB)\n",
           "private memory, 8 threads, 21 metrics", with - bare,
           with - bare <= 100 ? "yes" : "NO ", with, bare);
    snprintf(path, sizeof path, "rm -rf '%s'", folder);
    return pclose(popen(path, "w")) == 0 ? 0 : 3;
}
