/* One binary a folder: every test file says TEST(file__behaviour) and the suite finds it.
 * Output is TAP, one line a test. */
#ifndef UNIT_SUITE_H
#define UNIT_SUITE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

void suite_add(const char *name, CMUnitTestFunction function);

#define TEST(test_name)                                                                           \
    static void test_name(void **state);                                                          \
    __attribute__((constructor)) static void add_##test_name(void)                                \
    {                                                                                             \
        suite_add(#test_name, test_name);                                                         \
    }                                                                                             \
    static void test_name(void **state __attribute__((unused)))

/* The folder tests/data of the source tree. */
#define TEST_DATA TARE_TEST_DATA

/* |actual − expected| ≤ tolerance·max(1, |expected|); NaN only equals NaN. */
#define assert_close(actual, expected, tolerance)                                                 \
    suite_assert_close((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)
void suite_assert_close(double actual, double expected, double tolerance, const char *text,
                        const char *file, int line);

#endif
