#include "notify/backoff.h"

#include "base/clock.h"
#include "suite.h"

#define S CLOCK_NS_PER_SECOND

TEST(backoff__doubles_up_to_six_hours)
{
    const int64_t expected_s[] = {30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600};
    for (uint32_t i = 0; i < 11; i++)
        assert_int_equal(backoff_ns(i + 1, 0, 0), expected_s[i] * S);
    assert_int_equal(backoff_ns(1000, 0, 0), 21600 * S);
    assert_int_equal(backoff_ns(UINT32_MAX, 0, 0), 21600 * S);
    assert_int_equal(backoff_ns(0, 0, 0), 30 * S);
}

TEST(backoff__chance_shortens_by_a_quarter_at_most)
{
    assert_int_equal(backoff_ns(1, UINT32_MAX, 0), 30 * S * 3 / 4);
    int64_t half = backoff_ns(1, UINT32_MAX / 2, 0);
    assert_in_range(half, 26 * S, 27 * S);
}

TEST(backoff__what_the_receiver_asks_for_is_granted_up_to_a_day)
{
    assert_int_equal(backoff_ns(1, 0, 3600 * S), 3600 * S);
    assert_int_equal(backoff_ns(1, 0, 5 * S), 30 * S);
    assert_int_equal(backoff_ns(1, 0, INT64_MAX), CLOCK_NS_PER_DAY);
}
