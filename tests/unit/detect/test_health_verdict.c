#include "detect/health_verdict.h"

#include "suite.h"

static struct health_criterion of_days(enum health_subject subject, double value, uint32_t days)
{
    const struct health_basis whole = {.days = days, .history_days = days};
    return health_verdict(subject, value, &whole);
}

TEST(health_verdict__goals_of_30_and_of_60_days)
{
    assert_int_equal(of_days(HEALTH_STARTS, 95, 30).standing, HEALTH_MET);
    assert_int_equal(of_days(HEALTH_STARTS, 94.9, 30).standing, HEALTH_NOT_MET);
    assert_int_equal(of_days(HEALTH_STARTS, 98.9, 60).standing, HEALTH_NOT_MET);
    assert_int_equal(of_days(HEALTH_STARTS, 99, 60).standing, HEALTH_MET);
    assert_int_equal(of_days(HEALTH_CATALOGUE, 13, 30).standing, HEALTH_MET);
    assert_int_equal(of_days(HEALTH_CATALOGUE, 20, 60).standing, HEALTH_NOT_MET);
}

TEST(health_verdict__some_goals_are_the_most_it_may_be)
{
    assert_int_equal(of_days(HEALTH_DROPS, 0.1, 30).standing, HEALTH_MET);
    assert_int_equal(of_days(HEALTH_DROPS, 0.11, 30).standing, HEALTH_NOT_MET);
    assert_true(of_days(HEALTH_DROPS, 0, 30).at_most);
    assert_int_equal(of_days(HEALTH_INBOX, 25, 30).standing, HEALTH_NOT_MET);
    assert_false(of_days(HEALTH_STARTS, 0, 30).at_most);
}

TEST(health_verdict__nothing_is_not_zero)
{
    for (int subject = 0; subject < HEALTH_SUBJECTS; subject++)
        assert_int_equal(of_days((enum health_subject)subject, NAN, 30).standing, HEALTH_UNKNOWN);
}

TEST(health_verdict__a_share_takes_the_whole_window_to_know)
{
    struct health_basis basis = {.days = 30, .history_days = 12};
    struct health_criterion starts = health_verdict(HEALTH_STARTS, 100, &basis);
    assert_int_equal(starts.standing, HEALTH_UNKNOWN);
    assert_close(starts.value, 100, 0);
    assert_int_equal(health_verdict(HEALTH_CATALOGUE, 13, &basis).standing, HEALTH_MET);
    assert_int_equal(health_verdict(HEALTH_INBOX, 0, &basis).standing, HEALTH_MET);
    basis.history_days = 29.2; /* today is not over */
    assert_int_equal(health_verdict(HEALTH_STARTS, 100, &basis).standing, HEALTH_MET);
}

TEST(health_verdict__more_measurements_may_take_more_room)
{
    struct health_basis basis = {.days = 30, .history_days = 30, .measurements_a_month = 31500};
    assert_close(health_verdict(HEALTH_GROWTH, 300e3, &basis).goal, 300e3, 0);
    basis.measurements_a_month = 100;
    assert_close(health_verdict(HEALTH_GROWTH, 300e3, &basis).goal, 300e3, 0);
    basis.measurements_a_month = 63000;
    assert_close(health_verdict(HEALTH_GROWTH, 300e3, &basis).goal, 600e3, 1e-12);
    assert_int_equal(health_verdict(HEALTH_GROWTH, 550e3, &basis).standing, HEALTH_MET);
}

TEST(health_verdict__a_baseline_is_good_from_medium_on)
{
    struct baseline baseline;
    baseline_init(&baseline);
    assert_false(health_baseline_good(&baseline));
    baseline.centre = 100;
    baseline.confidence = 0.29;
    assert_false(health_baseline_good(&baseline));
    baseline.confidence = 0.3;
    assert_true(health_baseline_good(&baseline));
}
