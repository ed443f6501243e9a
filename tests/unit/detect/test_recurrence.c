#include "detect/recurrence.h"

#include "suite.h"

#include <math.h>
#include <stdio.h>

static struct metric metric_of(enum tare_better better)
{
    static char id[] = "m", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    metric.better = better;
    return metric;
}

/* One letter a measurement, about 100: . 100, n 105 (ok), a 124, b 130, c 150, x none. */
static bool found(enum tare_better better, const char *letters)
{
    struct metric metric = metric_of(better);
    double values[128];
    size_t count = 0;
    for (; *letters; letters++) {
        double worse = *letters == 'n'   ? 5
                       : *letters == 'a' ? 24
                       : *letters == 'b' ? 30
                       : *letters == 'c' ? 50
                                         : 0;
        double value = better == TARE_HIGHER ? 100 - worse : 100 + worse;
        values[count++] = *letters == 'x' ? NAN : value;
    }
    return recurrence_found(&metric, 100, values, count);
}

TEST(recurrence__is_what_was_there_twice_as_long_and_as_bad)
{
    static const enum tare_better better[] = {TARE_LOWER, TARE_HIGHER, TARE_EXACT};
    for (size_t i = 0; i < 3; i++) {
        assert_true(found(better[i], "..bbb....bbb....bb"));
        assert_true(found(better[i], "..bbb....bbb....bbb"));
        assert_false(found(better[i], "..bbb....bbb....bbbb"));
        assert_false(found(better[i], "..bbb....bb....bbb"));
        assert_false(found(better[i], "..bbb....bb"));
    }
}

/* 24 is 0.8 of 30, and 30 1.25 of 24; 30 is 0.6 of 50. */
TEST(recurrence__is_none_that_is_worse_or_less)
{
    assert_true(found(TARE_LOWER, "..aa...aa...bb"));
    assert_true(found(TARE_LOWER, "..bb...bb...aa"));
    assert_false(found(TARE_LOWER, "..bb...bb...cc"));
    assert_false(found(TARE_LOWER, "..cc...cc...bb"));
}

TEST(recurrence__is_not_of_what_lasted_as_a_regression_does)
{
    static const char night[] = "bbbbbbbbbbbbbbbbbbbbbbbb"; /* 24 */
    char letters[128];
    snprintf(letters, sizeof letters, "%s...%s...bb", night, night);
    assert_true(found(TARE_LOWER, letters));
    snprintf(letters, sizeof letters, "%s...%sb...bb", night, night);
    assert_false(found(TARE_LOWER, letters));
}

/* A good one counts to the length, and to the mean: 30 2/3 = 20 is less than 0.8 · 30. */
TEST(recurrence__two_good_ones_in_a_row_end_nothing)
{
    assert_true(found(TARE_LOWER, "bb.b...bb.b...bb.b"));
    assert_false(found(TARE_LOWER, "b..b...b..b...bbb"));
    assert_true(found(TARE_LOWER, "b..b...b..b...b..b"));
    assert_true(found(TARE_LOWER, "cnnc...cnnc...aaa")); /* 110/4 = 27.5 of four, 24 of three */
    assert_false(found(TARE_LOWER, "bb..bb..bb"));       /* all one */
    assert_true(found(TARE_LOWER, "bb...bb...bb.."));
    assert_true(found(TARE_LOWER, "bbxb...xbbb..x.bbxb"));
}

TEST(recurrence__is_none_where_all_is_well_or_nothing_there)
{
    assert_false(found(TARE_LOWER, ""));
    assert_false(found(TARE_LOWER, "xxx"));
    assert_false(found(TARE_LOWER, "..bb...bb...nn"));
    assert_false(found(TARE_LOWER, "..bb...bb...bb..."));
}
