#include "app/size_log.h"

#include "base/clock.h"
#include "suite.h"

static struct store *fresh(void)
{
    struct store *store = NULL;
    const struct store_options options = {.create = true};
    assert_int_equal(store_open(":memory:", &options, &store, NULL), TARE_OK);
    return store;
}

TEST(size_log__once_a_day)
{
    struct size_entry entries[SIZE_LOG_DAYS];
    struct store *store = fresh();
    size_t count = 9;
    int64_t noon_ns = 20000 * CLOCK_NS_PER_DAY + CLOCK_NS_PER_DAY / 2;
    assert_int_equal(size_log_read(store, entries, &count, NULL), TARE_OK);
    assert_int_equal(count, 0);
    size_log_note(store, noon_ns);
    size_log_note(store, noon_ns + 1);
    size_log_note(store, noon_ns + CLOCK_NS_PER_DAY);
    size_log_note(store, noon_ns); /* a clock that went back */
    assert_int_equal(size_log_read(store, entries, &count, NULL), TARE_OK);
    assert_int_equal(count, 2);
    assert_int_equal(entries[0].day_ns, 20000 * CLOCK_NS_PER_DAY);
    assert_int_equal(entries[1].day_ns, 20001 * CLOCK_NS_PER_DAY);
    store_close(store);
}

TEST(size_log__keeps_the_newest_days)
{
    struct size_entry entries[SIZE_LOG_DAYS];
    struct store *store = fresh();
    size_t count = 0;
    for (int64_t day = 20000; day < 20000 + SIZE_LOG_DAYS + 5; day++)
        size_log_note(store, day * CLOCK_NS_PER_DAY);
    assert_int_equal(size_log_read(store, entries, &count, NULL), TARE_OK);
    assert_int_equal(count, SIZE_LOG_DAYS);
    assert_int_equal(entries[0].day_ns, 20005 * CLOCK_NS_PER_DAY);
    store_close(store);
}

TEST(size_log__lines_that_are_none_are_passed_over)
{
    struct size_entry entries[SIZE_LOG_DAYS];
    struct store *store = fresh();
    size_t count = 0;
    assert_int_equal(store_begin(store, NULL), TARE_OK);
    assert_int_equal(
        store_setting_put(store, "sizes", "2026-01-01 5\nnonsense\n\n2026-01-02 7\n", NULL),
        TARE_OK);
    assert_int_equal(store_commit(store, NULL), TARE_OK);
    assert_int_equal(size_log_read(store, entries, &count, NULL), TARE_OK);
    assert_int_equal(count, 2);
    assert_int_equal(entries[1].bytes, 7);
    store_close(store);
}
