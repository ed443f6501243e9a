#include "baseline/baseline_standing.h"

#include "suite.h"

#include <stdio.h>

/* A series that grows by one measurement at a time. */
struct course {
    struct measurement list[400];
    size_t count;
    struct metric metric;
    struct baseline_rule rule;
    struct baseline_standing standing;
};

static void course_init(struct course *course)
{
    memset(course, 0, sizeof *course);
    metric_init(&course->metric);
    static char id[] = "m", unit[] = "";
    course->metric.id = id;
    course->metric.unit = unit;
    baseline_rule_init(&course->rule);
    baseline_standing_init(&course->standing, 1);
}

static enum baseline_change step(struct course *course, double value, bool held)
{
    struct measurement *last = &course->list[course->count++];
    last->id = (int64_t)course->count;
    last->value = value;
    size_t window[BASELINE_WINDOW_MAX];
    struct baseline_value admitted[BASELINE_WINDOW_MAX];
    size_t n = baseline_window_pick(&course->rule, course->list, course->count,
                                    course->standing.start_after_id, window);
    for (size_t i = 0; i < n; i++)
        admitted[i] = (struct baseline_value){course->list[window[i]].id,
                                              course->list[window[i]].value};
    return baseline_advance(&course->standing, &course->rule, &course->metric, admitted, n, held,
                            (int64_t)course->count);
}

static void steps(struct course *course, size_t n, double value, bool held)
{
    while (n--)
        step(course, value + (double)(course->count % 3), held);
}

TEST(baseline_standing__computed_always_until_full_then_every_tenth)
{
    static struct course course;
    course_init(&course);
    for (unsigned i = 1; i <= 60; i++) {
        enum baseline_change change = step(&course, 100, false);
        bool due = i <= 20 || i % 10 == 0;
        assert_int_equal(change, due ? BASELINE_COMPUTED : BASELINE_UNCHANGED);
        assert_int_equal(course.standing.baseline.n, i < 20 ? i : 20);
        assert_int_equal(course.standing.baseline.state,
                         i < 5 ? BASELINE_LEARNING : BASELINE_ACTIVE);
    }
}

TEST(baseline_standing__freezes_thaws_and_absorbs)
{
    static struct course course;
    course_init(&course);
    steps(&course, 30, 100, false);
    double centre = course.standing.baseline.centre;
    for (int i = 1; i < 100; i++) {
        assert_int_equal(step(&course, 200, true), BASELINE_HELD);
        assert_int_equal(course.standing.baseline.state, BASELINE_FROZEN);
        assert_true(course.standing.baseline.centre == centre);
    }
    assert_int_equal(step(&course, 200, true), BASELINE_ABSORBED);
    assert_int_equal(course.standing.baseline.state, BASELINE_ACTIVE);
    assert_true(course.standing.baseline.centre == 200);
    for (int i = 1; i < 100; i++) /* another step right behind it is held as long */
        assert_int_equal(step(&course, 300, true), BASELINE_HELD);
    assert_int_equal(step(&course, 300, true), BASELINE_ABSORBED);
}

TEST(baseline_standing__a_step_that_went_away_leaves_the_window_before_it_is_computed)
{
    static struct course course;
    course_init(&course);
    steps(&course, 30, 100, false);
    double centre = course.standing.baseline.centre;
    steps(&course, 18, 200, true);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(step(&course, 103, false), BASELINE_UNCHANGED);
        assert_int_equal(course.standing.baseline.state, BASELINE_ACTIVE);
        assert_true(course.standing.baseline.centre == centre);
    }
    assert_int_equal(step(&course, 103, false), BASELINE_COMPUTED);
    assert_true(course.standing.baseline.centre == 103);
    assert_int_equal(course.standing.baseline.last_id, 69);
    assert_int_equal(course.standing.frozen_for, 0);
    for (int i = 1; i < 10; i++)
        assert_int_equal(step(&course, 103, false), BASELINE_UNCHANGED);
    assert_int_equal(step(&course, 103, false), BASELINE_COMPUTED);
}

TEST(baseline_standing__a_step_that_comes_back_is_held_on)
{
    static struct course course;
    course_init(&course);
    steps(&course, 30, 100, false);
    double centre = course.standing.baseline.centre;
    steps(&course, 60, 200, true);
    steps(&course, 8, 100, false);
    for (int i = 1; i < 40; i++) {
        assert_int_equal(step(&course, 200, true), BASELINE_HELD);
        assert_true(course.standing.baseline.centre == centre);
    }
    assert_int_equal(step(&course, 200, true), BASELINE_ABSORBED);
    assert_int_equal(course.standing.frozen_for, 0);
}

TEST(baseline_standing__learning_is_not_frozen)
{
    static struct course course;
    course_init(&course);
    steps(&course, 3, 100, true);
    assert_int_equal(course.standing.baseline.n, 3);
    assert_int_equal(course.standing.baseline.state, BASELINE_LEARNING);
}

TEST(baseline_standing__accept_begins_anew_behind_the_step)
{
    static struct course course;
    course_init(&course);
    steps(&course, 30, 100, false);
    steps(&course, 7, 200, true);
    baseline_restart(&course.standing, &course.rule, &course.metric, course.list, course.count, 30,
                     5);
    assert_int_equal(course.standing.baseline.state, BASELINE_ACTIVE);
    assert_int_equal(course.standing.baseline.n, 7);
    assert_int_equal(course.standing.baseline.first_id, 31);
    step(&course, 200, false);
    assert_int_equal(course.standing.baseline.n, 8);
    assert_int_equal(course.standing.baseline.first_id, 31);
}

TEST(baseline_standing__pin_holds_to_a_commit_and_unpin_lets_go)
{
    static struct course course;
    course_init(&course);
    for (size_t i = 0; i < 8; i++)
        snprintf(course.list[i].commit, sizeof course.list[i].commit, "%s", "1234567890abcdef");
    snprintf(course.list[9].commit, sizeof course.list[9].commit, "%s", "fedcba");
    steps(&course, 40, 100, false);
    struct baseline_standing before = course.standing;
    assert_false(baseline_pin(&course.standing, &course.rule, &course.metric, course.list,
                              course.count, "v0", "fedc", 7));
    assert_memory_equal(&before, &course.standing, sizeof before);
    assert_true(baseline_pin(&course.standing, &course.rule, &course.metric, course.list,
                             course.count, "v1.0", "1234567", 7));
    assert_int_equal(course.standing.baseline.n, 8);
    assert_string_equal(course.standing.pin, "v1.0");
    assert_int_equal(step(&course, 500, true), BASELINE_UNCHANGED);
    assert_int_equal(course.standing.baseline.state, BASELINE_PINNED);
    baseline_unpin(&course.standing, &course.rule, &course.metric, course.list, course.count, 9);
    assert_int_equal(course.standing.baseline.state, BASELINE_ACTIVE);
    assert_int_equal(course.standing.baseline.last_id, 41);
    assert_string_equal(course.standing.pin, "");
}
