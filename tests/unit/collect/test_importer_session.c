#include "collect/importer_session.h"
#include "collect/importer_time.h"
#include "collect/importer_unit.h"
#include "suite.h"

#include "base/clock.h"
#include "model/metric.h"

#include <stdlib.h>

TEST(importer_session__ids_are_valid_whatever_the_name)
{
    char name[401];
    memset(name, 'x', 400);
    name[400] = '\0';
    char *one = import_metric_id(name, "cpu_time");
    char *other = import_metric_id(name, "user_time");
    assert_int_equal(strlen(one), 200);
    assert_true(metric_id_valid(one));
    assert_string_not_equal(one, other);
    free(one);
    free(other);
    one = import_metric_id("a\tb\xff\xc3\xa9", NULL);
    assert_string_equal(one, "a b\xef\xbf\xbd\xc3\xa9");
    free(one);
}

TEST(importer_session__long_ids_are_cut_between_characters)
{
    char name[601];
    for (size_t i = 0; i < 600; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    name[600] = '\0';
    char *id = import_metric_id(name, NULL);
    assert_true(strlen(id) <= 200);
    assert_memory_equal(strchr(id, '~') - 2, "\xc3\xa9", 2);
    free(id);
}

static void assert_unit(const char *unit, const char *base, double factor)
{
    char found[IMPORT_UNIT_SIZE];
    assert_close(import_unit(unit, found), factor, 1e-15);
    assert_string_equal(found, base);
}

TEST(importer_unit__spellings_become_base_units)
{
    assert_unit("ns/op", "ms", 1e-6);
    assert_unit("ns/iter", "ms", 1e-6);
    assert_unit("Megabytes", "MB", 1);
    assert_unit("Percent", "%", 1);
    assert_unit("allocs/op", "count", 1);
    assert_unit("B/op", "MB", 1e-6);
    assert_unit("μs", "ms", 1e-3);
    assert_unit("MB/s", "MB/s", 1);
    assert_unit("req/s", "req/s", 1);
    assert_unit(NULL, "", 1);
    assert_unit("an unknown unit of great length, indeed", "an unknown unit of great length", 1);
}

TEST(importer_unit__rates_are_better_when_higher)
{
    bool sure;
    assert_int_equal(import_unit_better("MB/s", &sure), TARE_HIGHER);
    assert_true(sure);
    assert_int_equal(import_unit_better("ops/ms", &sure), TARE_HIGHER);
    assert_int_equal(import_unit_better("allocs/op", &sure), TARE_EXACT);
    assert_int_equal(import_unit_better("ns/op", &sure), TARE_LOWER);
    assert_true(sure);
    assert_int_equal(import_unit_better("widgets", &sure), TARE_LOWER);
    assert_false(sure);
}

static void assert_time(const char *text, const char *expected)
{
    int64_t time_ns;
    char shown[CLOCK_TEXT_SIZE];
    if (!import_time_parse(text, &time_ns))
        fail_msg("'%s' is no time", text);
    clock_format(time_ns, shown);
    assert_string_equal(shown, expected);
}

TEST(importer_time__reads_what_tables_have)
{
    int64_t time_ns;
    assert_time("2024.01.01 3:00:00 +0100", "2024-01-01T02:00:00Z");
    assert_time("2024-01-01", "2024-01-01T00:00:00Z");
    assert_time("2024/1/2 15:04", "2024-01-02T15:04:00Z");
    assert_time("2024-01-01T00:00:00.25+02:00", "2023-12-31T22:00:00.250Z");
    assert_time("2024-01-01 00:00:00 UTC", "2024-01-01T00:00:00Z");
    assert_time("1700000000", "2023-11-14T22:13:20Z");
    assert_time("1700000000.5", "2023-11-14T22:13:20.500Z");
    assert_time("1700000000123", "2023-11-14T22:13:20.123Z");
    assert_time("1700000000123456789", "2023-11-14T22:13:20.123456789Z");
    assert_false(import_time_parse("yesterday", &time_ns));
    assert_false(import_time_parse("12", &time_ns));
    assert_false(import_time_parse("2024-13-01", &time_ns));
    assert_false(import_time_parse("2024-01-01 25:00", &time_ns));
    assert_false(import_time_parse("", &time_ns));
}
