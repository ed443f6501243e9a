#include "base/text_map.h"

#include "suite.h"

#include <stdio.h>

TEST(text_map__finds_what_was_added_and_nothing_else)
{
    struct text_map map;
    size_t number = 7;
    text_map_init(&map);
    assert_false(text_map_find(&map, "a", &number));
    assert_true(text_map_add(&map, "a", 1));
    assert_true(text_map_add(&map, "", 2));
    assert_true(text_map_find(&map, "a", &number));
    assert_int_equal(number, 1);
    assert_true(text_map_find(&map, "", &number));
    assert_int_equal(number, 2);
    assert_false(text_map_find(&map, "b", &number));
    assert_int_equal(number, 2);
    text_map_release(&map);
    assert_false(text_map_find(&map, "a", &number));
}

TEST(text_map__holds_thousands)
{
    struct text_map map;
    char text[32];
    size_t number;
    text_map_init(&map);
    for (size_t i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "bench/%zu.time", i);
        assert_true(text_map_add(&map, text, i));
    }
    assert_int_equal(map.count, 5000);
    for (size_t i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "bench/%zu.time", i);
        assert_true(text_map_find(&map, text, &number));
        assert_int_equal(number, i);
    }
    assert_false(text_map_find(&map, "bench/5000.time", &number));
    text_map_release(&map);
}
