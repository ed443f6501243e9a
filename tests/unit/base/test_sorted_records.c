#include "base/sorted_records.h"

#include "suite.h"

#include <stdlib.h>

struct record {
    uint32_t key, added;
};

static int by_key(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

static uint32_t scramble(uint32_t i)
{
    return (i * 2654435761u) >> 20; /* 4,096 keys, each many times */
}

/* Adds `count` records, and holds what comes back against the order that was promised. */
static void pass_through(size_t count, size_t held, uint32_t (*key_of)(uint32_t))
{
    struct sorted_records records;
    struct tare_error error;
    struct record record, before = {0, 0};
    bool more = true;
    size_t back = 0;
    sorted_records_init(&records, sizeof record, by_key, held);
    for (uint32_t i = 0; i < count; i++) {
        record = (struct record){key_of(i), i + 1};
        assert_int_equal(sorted_records_add(&records, &record, &error), TARE_OK);
    }
    assert_int_equal(sorted_records_begin(&records, &error), TARE_OK);
    for (;; before = record) {
        assert_int_equal(sorted_records_next(&records, &record, &more, &error), TARE_OK);
        if (!more)
            break;
        back++;
        assert_int_equal(record.key, key_of(record.added - 1));
        assert_true(record.key > before.key ||
                    (record.key == before.key && record.added > before.added));
    }
    assert_int_equal(back, count);
    sorted_records_release(&records);
}

static uint32_t same(uint32_t i)
{
    return i;
}

static uint32_t reversed(uint32_t i)
{
    return 1000000 - i;
}

TEST(sorted_records__nothing_comes_back_of_nothing)
{
    pass_through(0, 16, same);
}

TEST(sorted_records__in_memory_equal_ones_keep_their_order)
{
    pass_through(20000, 1 << 20, scramble);
    pass_through(20000, 1 << 20, same);
    pass_through(20001, 1 << 20, reversed);
}

TEST(sorted_records__beyond_memory_too)
{
    pass_through(50000, 3000, scramble);
    pass_through(50000, 3000, same);
    pass_through(50001, 3000, reversed);
    pass_through(3000, 3000, scramble); /* just full */
    pass_through(3001, 3000, scramble);
    pass_through(7, 1, reversed);
}

TEST(sorted_records__without_a_folder_for_the_rest_it_says_so)
{
    struct sorted_records records;
    struct tare_error error;
    struct record record = {1, 1};
    assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
    sorted_records_init(&records, sizeof record, by_key, 2);
    assert_int_equal(sorted_records_add(&records, &record, &error), TARE_OK);
    assert_int_equal(sorted_records_add(&records, &record, &error), TARE_OK);
    assert_int_not_equal(sorted_records_add(&records, &record, &error), TARE_OK);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
    sorted_records_release(&records);
    unsetenv("TMPDIR");
}
