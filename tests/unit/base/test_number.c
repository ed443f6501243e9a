#include "base/number.h"
#include "suite.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void check(double value, const char *expected)
{
    char text[NUMBER_TEXT_SIZE];
    size_t length = number_write(value, text);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

TEST(number__has_the_fewest_digits)
{
    check(0, "0");
    check(-0.0, "-0.0");
    check(1, "1");
    check(-387.25, "-387.25");
    check(0.1, "0.1");
    check(0.001, "0.001");
    check(0.0001, "0.0001");
    check(100, "100");
    check(1e14, "100000000000000");
    check(999999999999999, "999999999999999");
    check(1e15, "1e+15");
    check(1e300, "1e+300");
    check(1e-9, "1e-09");
    check(0.1 + 0.2, "0.30000000000000004");
    check(1.0 / 3, "0.3333333333333333");
    check(123456.789012, "123456.789012");
    check(0.000123456789012345, "0.000123456789012345");
    check(DBL_MAX, "1.7976931348623157e+308");
    check(5e-324, "5e-324");
}

/* How many digits say something. */
static size_t digits_of(const char *text)
{
    size_t count = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text == '0' && count > 0)
            zeros++;
        else if (*text >= '1' && *text <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

/* Doubles of every size, and decimals of every length. */
TEST(number__reads_back_as_the_same_and_is_the_shortest)
{
    uint64_t bits = 88172645463325252;
    char text[NUMBER_TEXT_SIZE], shortest[64];
    for (int i = 0; i < 200000; i++) {
        double value;
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0)
            value = (double)(int64_t)(bits >> (i % 60)) / pow(10, i % 17);
        if (!isfinite(value))
            continue;
        size_t length = number_write(value, text);
        assert_true(strlen(text) == length);
        if (strtod(text, NULL) != value)
            fail_msg("%s is not %.17g", text, value);
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(shortest, sizeof shortest, "%.*g", digits, value);
            if (strtod(shortest, NULL) == value)
                break;
        }
        if (digits_of(text) > digits_of(shortest))
            fail_msg("%s, though %s says it", text, shortest);
    }
}

TEST(number__whole_ones_go_to_the_end)
{
    char text[NUMBER_TEXT_SIZE];
    assert_int_equal(number_write_whole(0, text), 1);
    assert_string_equal(text, "0");
    assert_int_equal(number_write_whole(UINT64_MAX, text), 20);
    assert_string_equal(text, "18446744073709551615");
}

TEST(number__is_read_as_far_as_it_goes)
{
    static const char text[] = "0.25s";
    char *end;
    assert_close(number_read(text, &end), 0.25, 0);
    assert_ptr_equal(end, text + 4);
    number_read("s", &end);
    assert_string_equal(end, "s");
}
