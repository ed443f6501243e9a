#include "suite.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct CMUnitTest tests[2000];
static size_t test_count;

void suite_add(const char *name, CMUnitTestFunction function)
{
    if (test_count == sizeof tests / sizeof tests[0])
        abort();
    tests[test_count++] = (struct CMUnitTest){.name = name, .test_func = function};
}

void suite_assert_close(double actual, double expected, double tolerance, const char *text,
                        const char *file, int line)
{
    double scale = fabs(expected) > 1 ? fabs(expected) : 1;
    if (isnan(expected) ? isnan(actual)
                        : actual == expected || fabs(actual - expected) <= tolerance * scale)
        return;
    print_error("%s is %.17g, expected %.17g within %g\n", text, actual, expected, tolerance);
    _fail(file, line);
}

/* cmocka writes a skipped test as "not ok N # SKIP", which every reader of TAP takes for a
 * failure. A process of its own puts that right on the way out, so that a crash loses no line. */
static void skips_mend(FILE *from)
{
    char line[4096];
    while (fgets(line, sizeof line, from) != NULL) {
        bool skipped = strncmp(line, "not ok ", 7) == 0 && strstr(line, "# SKIP") != NULL;
        fputs(skipped ? line + 4 : line, stdout);
        fflush(stdout);
    }
}

static pid_t filter_start(void)
{
    int ends[2];
    if (pipe(ends) != 0)
        abort();
    pid_t filter = fork();
    if (filter == 0) {
        close(ends[1]);
        skips_mend(fdopen(ends[0], "r"));
        _exit(0);
    }
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    fcntl(STDOUT_FILENO, F_SETFD, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    return filter;
}

int main(int argc, char **argv)
{
    pid_t filter = filter_start();
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    int failed = _cmocka_run_group_tests("unit", tests, test_count, NULL, NULL);
    fflush(stdout);
    fclose(stdout);
    close(STDOUT_FILENO);
    waitpid(filter, NULL, 0);
    return failed;
}
