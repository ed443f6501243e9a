#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return _cmocka_run_group_tests("unit", tests, test_count, NULL, NULL);
}
