#include "base/clock.h"
#include "suite.h"

static void check_round_trip(int64_t time_ns, const char *expected)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(time_ns, text);
    assert_string_equal(text, expected);
    int64_t back = -1;
    assert_true(clock_parse(text, &back));
    assert_true(back == time_ns);
}

TEST(clock__formats_and_parses_rfc3339)
{
    check_round_trip(0, "1970-01-01T00:00:00Z");
    check_round_trip(INT64_C(1700000000123456789), "2023-11-14T22:13:20.123456789Z");
    check_round_trip(INT64_C(1700000000500000000), "2023-11-14T22:13:20.500Z");
    check_round_trip(-1, "1969-12-31T23:59:59.999999999Z");
    check_round_trip(INT64_C(1700000000123456000), "2023-11-14T22:13:20.123456Z");
    check_round_trip(INT64_C(951782400001000000), "2000-02-29T00:00:00.001Z");
}

TEST(clock__parses_offsets_dates_and_spaces)
{
    int64_t time_ns;
    assert_true(clock_parse("2023-11-14T23:13:20+01:00", &time_ns));
    assert_true(time_ns == INT64_C(1700000000000000000));
    assert_true(clock_parse("2023-11-14 22:13:20", &time_ns));
    assert_true(time_ns == INT64_C(1700000000000000000));
    assert_true(clock_parse("2023-11-14", &time_ns));
    assert_true(time_ns == INT64_C(1699920000000000000));
}

TEST(clock__refuses_what_is_not_a_time)
{
    const char *bad[] = {"",
                         "now",
                         "2023-13-01",
                         "2023-02-30",
                         "2023-11-14T",
                         "2023-1-1",
                         "2023-11-14T25:00:00Z",
                         "2023-11-14x",
                         "2023-11-14T22:13:20.Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t time_ns = 7;
        assert_false(clock_parse(bad[i], &time_ns));
        assert_int_equal(time_ns, 7);
    }
}

TEST(clock__refuses_years_that_do_not_fit)
{
    int64_t time_ns = 7;
    assert_false(clock_parse("9999-01-01T00:00:00Z", &time_ns));
    assert_false(clock_parse("2262-01-01", &time_ns));
    assert_false(clock_parse("0001-01-01", &time_ns));
    assert_int_equal(time_ns, 7);
    assert_true(clock_parse("2261-12-31T23:59:59.999999999+23:59", &time_ns));
    assert_true(clock_parse("1678-01-01T00:00:00-23:59", &time_ns));
}

TEST(clock__reads_spans)
{
    int64_t span_ns = 5;
    assert_true(clock_span_parse("12h", &span_ns) && span_ns == CLOCK_NS_PER_DAY / 2);
    assert_true(clock_span_parse("7d", &span_ns) && span_ns == 7 * CLOCK_NS_PER_DAY);
    assert_true(clock_span_parse("2w", &span_ns) && span_ns == 14 * CLOCK_NS_PER_DAY);
    const char *bad[] = {"",    "7",     "d",  "-1d",          "0d",    "1.5d",
                         "7 d", "7days", "7y", "99999999999d", "36500w"};
    span_ns = 5;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(clock_span_parse(bad[i], &span_ns));
    assert_true(span_ns == 5);
}

TEST(clock__later_ends_where_time_does)
{
    assert_true(clock_later(INT64_C(1769817600000000001), 1e9) == INT64_C(1769817601000000001));
    assert_true(clock_later(5, -7) == -2);
    assert_true(clock_later(INT64_C(9000000000000000000), 1e18) == INT64_MAX);
    assert_true(clock_later(INT64_C(-9000000000000000000), -1e18) == INT64_MIN);
    assert_true(clock_later(0, 1e300) == INT64_MAX);
    assert_true(clock_later(0, -1e300) == INT64_MIN);
}
