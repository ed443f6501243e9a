#include "alarms.h"
#include "further.h"
#include "sets.h"

#include "suite.h"

/* The promise of STATS.md 8. */
static const double variation[] = {0.03, 0.05, 0.10};
static const double promised[] = {0.5, 1, 5};

static struct alarms_plan plan_of(enum course_rule rule, double cv, size_t series, double step)
{
    return (struct alarms_plan){.rule = rule,
                                .cv = cv,
                                .series = series,
                                .length = step > 0 ? 15 : 500,
                                .step = step,
                                .seed = 20240601};
}

static struct alarms simulate(enum course_rule rule, double cv, size_t series, double step)
{
    struct alarms_plan plan = plan_of(rule, cv, series, step);
    return alarms_of_all(&plan);
}

TEST(false_alarms__are_as_rare_as_promised_in_each_noise_alone)
{
    for (size_t v = 0; v < 3; v++)
        for (int kind = 0; kind < NOISE_KINDS; kind++) {
            struct alarms_plan plan = plan_of(COURSE_TARE, variation[v], 60, 0);
            double opened = alarms_of_noise(&plan, (enum noise_kind)kind).opened_per_1000;
            if (opened > promised[v])
                print_error("%s, CV %g: %g per 1000\n", noise_word((enum noise_kind)kind),
                            variation[v], opened);
            assert_true(opened <= promised[v]);
        }
}

TEST(false_alarms__a_step_of_25_percent_is_seen_within_two)
{
    for (size_t v = 0; v < 3; v++) {
        struct alarms alarms = simulate(COURSE_TARE, variation[v], 60, 0.25);
        assert_true(alarms.delay_median <= 2);
        assert_true(alarms.missed_percent <= 2);
    }
}

TEST(false_alarms__a_step_of_15_percent_is_found)
{
    assert_true(simulate(COURSE_TARE, 0.03, 40, 0.15).delay_median <= 2);
    assert_true(simulate(COURSE_TARE, 0.05, 40, 0.15).delay_median <= 3);
    assert_true(simulate(COURSE_TARE, 0.10, 40, 0.15).missed_percent <= 15);
}

/* The simulation can tell: what the controls do is far from the promise. */
TEST(false_alarms__controls_break_the_promise)
{
    assert_true(simulate(COURSE_TREE, 0.10, 4, 0).opened_per_1000 > 20);
    assert_true(simulate(COURSE_TREE, 0.05, 4, 0).opened_per_1000 > 5);
    assert_true(simulate(COURSE_SCORE, 0.05, 4, 0).opened_per_1000 > 5);
}

TEST(false_alarms__none_on_constant_series_and_every_step_at_once)
{
    static char id[] = "m", unit[] = "count";
    double values[300];
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    for (double level = 0; level < 1e7; level = 10 * level + 1) {
        struct course_result result = {0};
        for (size_t i = 0; i < 300; i++)
            values[i] = level;
        course_run(COURSE_TARE, &metric, values, 300, 0, &result);
        assert_int_equal(result.opened, 0);
        for (size_t i = 280; i < 300; i++)
            values[i] = level + (level < 4 ? 1 : level / 4);
        course_run(COURSE_TARE, &metric, values, 300, 280, &result);
        assert_int_equal(result.delay, 1);
    }
}

TEST(false_alarms__a_check_of_many_accuses_the_guilty)
{
    struct check_plan plan = {
        .cv = 0.10, .runs = 20, .metrics = 200, .k = 5, .step = 0.25, .seed = 3};
    struct check_rates null = check_simulate(&plan);
    assert_true(null.runs_with_false_percent <= 20);
    assert_true(null.raw_percent >= 50); /* what it would be without the control */
    plan.worse = 10;
    plan.cv = 0.05;
    struct check_rates some = check_simulate(&plan);
    assert_true(some.found_percent >= 90);
    assert_true(some.false_share_percent <= 10);
}

TEST(false_alarms__intervals_hold_the_truth_as_often_as_they_say)
{
    struct compare_rates null = compare_simulate(0.05, 10, 0, 1000, 4);
    assert_true(null.covered_percent >= 92 && null.covered_percent <= 98.5);
    assert_true(null.regressed_percent + null.improved_percent <= 1);
    assert_true(compare_simulate(0.05, 10, 0.2, 1000, 5).regressed_percent >= 95);
}

TEST(false_alarms__who_knows_of_a_step_is_told_again_of_another_and_of_nothing_else)
{
    static const double most_percent[] = {0.2, 0.5, 3};
    for (size_t v = 0; v < 3; v++) {
        struct further_plan plan = {variation[v], 200, 0.25, 0.25, 5};
        assert_true(further_simulate(&plan).told_percent <= most_percent[v]);
        plan.step = plan.goes_on_to = 0.5;
        assert_true(further_simulate(&plan).told_percent <= most_percent[v] / 2);
        plan.goes_on_to = 1.5;
        struct further further = further_simulate(&plan);
        assert_true(further.found_percent >= 90);
        assert_true(further.delay_median <= 6);
    }
}
