#include "base/array.h"
#include "suite.h"

#include <stdlib.h>

static bool below(const void *element, const void *key)
{
    return *(const int *)element < *(const int *)key;
}

static size_t place_of(int key, const int *array, size_t count)
{
    return array_place(array, count, sizeof *array, below, &key);
}

TEST(array__grows_one_by_one)
{
    int *array = NULL;
    size_t count = 0;
    for (int i = 0; i < 100; i++) {
        int *element = array_add(&array, &count, sizeof *array);
        assert_ptr_equal(element, array + i);
        *element = i;
    }
    assert_int_equal(count, 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(array[i], i);
    free(array);
}

TEST(array__that_would_be_too_large_stays_as_it_was)
{
    char one, *array = &one;
    size_t count = 1;
    assert_null(array_add(&array, &count, SIZE_MAX / 2 + 1));
    assert_true(array == &one && count == 1);
}

TEST(array__place_is_before_the_first_that_is_not_below)
{
    const int odd[] = {1, 3, 5, 5, 5, 7};
    assert_int_equal(place_of(0, odd, 6), 0);
    assert_int_equal(place_of(1, odd, 6), 0);
    assert_int_equal(place_of(4, odd, 6), 2);
    assert_int_equal(place_of(5, odd, 6), 2);
    assert_int_equal(place_of(6, odd, 6), 5);
    assert_int_equal(place_of(7, odd, 6), 5);
    assert_int_equal(place_of(8, odd, 6), 6);
    assert_int_equal(place_of(8, NULL, 0), 0);
}
