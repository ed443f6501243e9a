/* What a program pays that records 100 samples and ends, to the bare program; and the memory of a
 * busy one (DESIGN.md section 15). Each round runs all programs once, in an order of its own; a
 * figure is the lower tenth of its runs. A program's first runs do not count: they make what the
 * later ones find, session file and inbox.
 *
 * The programs are copies, each written at once: of a file that a linker wrote here and there the
 * kernel maps its pages one by one, and that alone makes a tenth. They are copied anew now and
 * then, for how the pages of a copy lie in memory makes a fiftieth. All start with three open
 * files, as from a shell.
 *   start_bench: the programs are beside it */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS       8  /* with a copy of the programs each */
#define RUNS_WARM    3  /* of each that do not count */
#define RUNS         75 /* of each that do */
#define RUNS_ALL     (ROUNDS * RUNS)
#define SESSION_SIZE (20 * 4096) /* of start_calls */

enum program {
    BARE_STATIC,
    CALLS_STATIC,
    TARE_STATIC,
    BARE,
    TARE_ARCHIVE,
    TARE_SHARED,
    PROGRAM_COUNT
};

static const char *const names[] = {"start_bare_static",  "start_calls_static",
                                    "start_tare_static",  "start_bare",
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

static long memory_of(const char *name)
{
    char command[64];
    long kb = -1;
    snprintf(command, sizeof command, "./%s", name);
    FILE *output = popen(command, "r");
    if (output == NULL || fscanf(output, "%ld", &kb) != 1)
        kb = -1;
    if (output != NULL)
        pclose(output);
    return kb;
}

static void copy_here(const char *folder, const char *name)
{
    char path[1024];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int from = open(path, O_RDONLY), to = open(name, O_WRONLY | O_CREAT | O_EXCL, 0700);
    bool copied = from >= 0 && to >= 0 && fstat(from, &info) == 0;
    char *bytes = copied ? malloc((size_t)info.st_size) : NULL;
    copied = bytes != NULL && read(from, bytes, (size_t)info.st_size) == info.st_size &&
             write(to, bytes, (size_t)info.st_size) == info.st_size;
    free(bytes);
    close(from);
    close(to);
    if (!copied) {
        fprintf(stderr, "%s cannot be copied\n", path);
        exit(3);
    }
}

/* A folder on tmpfs for the session files, and in it one for the control, allocated. */
static void runtime_folder(char folder[64])
{
    static const char zeroes[SESSION_SIZE];
    char path[128];
    if (mkdtemp(folder) == NULL)
        exit(3);
    setenv("TARE_RUNTIME_DIR", folder, 1);
    snprintf(path, sizeof path, "%s/calls.session", folder);
    setenv("START_CALLS_SESSION", path, 1);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, zeroes, sizeof zeroes) != (ssize_t)sizeof zeroes || close(fd) != 0)
        exit(3);
}

static void surroundings(const char *here, char folder[64])
{
    static const char *const others[] = {"libtare_here.so", "memory_bare", "memory_tare"};
    char path[128];
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        exit(3);
    snprintf(path, sizeof path, "%s/tare.db", folder);
    setenv("TARE_STORE", path, 1);
    setenv("TARE_INGEST", "never", 1);
    unsetenv("TARE_DISABLE");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        copy_here(here, others[i]);
}

static void programs_copy(const char *here)
{
    for (int program = 0; program < PROGRAM_COUNT; program++) {
        unlink(names[program]);
        copy_here(here, names[program]);
    }
}

static void shuffle(int order[PROGRAM_COUNT])
{
    for (int i = 0; i < PROGRAM_COUNT; i++) {
        int other = (int)(random() % (i + 1));
        order[i] = order[other];
        order[other] = i;
    }
}

int main(int count, char **arguments)
{
    static double us[PROGRAM_COUNT][RUNS_ALL];
    int turns[PROGRAM_COUNT];
    char here[512], path[1024], folder[64] = "/tmp/tare-bench-XXXXXX";
    char runtime[64] = "/dev/shm/tare-bench-XXXXXX";
    (void)count;
    if (realpath(arguments[0], path) == NULL)
        return 3;
    snprintf(here, sizeof here, "%.*s", (int)(strrchr(path, '/') - path), path);
    closefrom(STDERR_FILENO + 1);
    runtime_folder(runtime);
    surroundings(here, folder);
    for (int run = 0; run < ROUNDS * (RUNS_WARM + RUNS); run++) {
        int counted = run % (RUNS_WARM + RUNS) - RUNS_WARM;
        if (counted == -RUNS_WARM)
            programs_copy(here);
        shuffle(turns);
        for (int i = 0; i < PROGRAM_COUNT; i++) {
            snprintf(path, sizeof path, "./%s", names[turns[i]]);
            double taken = run_once(path);
            if (counted >= 0)
                us[turns[i]][run / (RUNS_WARM + RUNS) * RUNS + counted] = taken;
        }
    }
    for (int program = 0; program < PROGRAM_COUNT; program++)
        qsort(us[program], RUNS_ALL, sizeof us[program][0], order);
#define LEAST(program) us[program][RUNS_ALL / 10]
    say("whole run, static program, to the bare one", LEAST(TARE_STATIC) / LEAST(BARE_STATIC),
        1.10, LEAST(TARE_STATIC), LEAST(BARE_STATIC));
    printf("%-52s %7.3f\n", "  control: the system calls of a session, alone",
           LEAST(CALLS_STATIC) / LEAST(BARE_STATIC));
    say("whole run, libtare.a in a dynamic program", LEAST(TARE_ARCHIVE) / LEAST(BARE), 1.10,
        LEAST(TARE_ARCHIVE), LEAST(BARE));
    say("whole run, libtare.so", LEAST(TARE_SHARED) / LEAST(BARE), 1.35, LEAST(TARE_SHARED),
        LEAST(BARE));
    long with = memory_of("memory_tare"), bare = memory_of("memory_bare");
    printf("%-52s %4ld KB  to reach   100  %s   (%ld KB to %ld KB)\n",
           "private memory, 8 threads, 21 metrics", with - bare,
           with - bare <= 100 ? "yes" : "NO ", with, bare);
    snprintf(path, sizeof path, "rm -rf '%s' '%s'", folder, runtime);
    return pclose(popen(path, "w")) == 0 ? 0 : 3;
}
