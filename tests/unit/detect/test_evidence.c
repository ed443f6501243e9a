#include "detect/evidence.h"

#include "detect/measurement_verdict.h"
#include "suite.h"

/* A series judged against one baseline, centre 100, spread 4, n 20. */
struct course {
    struct metric metric;
    struct baseline baseline;
    struct verdict verdicts[200];
    struct evidence_point points[200];
    size_t count;
};

static void course_init(struct course *course)
{
    static char id[] = "m", unit[] = "ms";
    memset(course, 0, sizeof *course);
    metric_init(&course->metric);
    course->metric.id = id;
    course->metric.unit = unit;
    baseline_init(&course->baseline);
    course->baseline.state = BASELINE_ACTIVE;
    course->baseline.centre = 100;
    course->baseline.spread = 4;
    course->baseline.n = 20;
}

static struct evidence see(struct course *course, enum alert_kind kind, double value)
{
    struct verdict verdict = measurement_verdict(&course->metric, &course->baseline, value);
    course->verdicts[course->count] = verdict;
    course->points[course->count++] = evidence_point_of(&verdict, value);
    return evidence_weigh(&course->metric, &course->baseline, kind, &verdict, course->points,
                          course->count);
}

/* Quiet measurements around the centre. */
static void quiet(struct course *course, size_t n, double width)
{
    static const double pattern[] = {-1, 0.5, 1, -0.5, 0, 1, -1.5, 1.5, 0.2, -0.7};
    while (n--)
        see(course, ALERT_BASELINE, 100 + width * pattern[course->count % 10]);
}

TEST(evidence__once_is_not_enough_twice_is)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 40, 4);
    struct evidence evidence = see(&course, ALERT_BASELINE, 130);
    assert_int_equal(evidence.severity, SEVERITY_OK);
    assert_true(evidence.pending);
    assert_int_equal(evidence.bad, 1);
    struct verdict verdict = course.verdicts[course.count - 1];
    evidence_note(&course.metric, &evidence, &verdict);
    assert_non_null(strstr(verdict.reason, "; seen once, alert if it repeats"));
    evidence = see(&course, ALERT_BASELINE, 130);
    assert_int_equal(evidence.severity, SEVERITY_CRITICAL);
    assert_false(evidence.pending);
    assert_int_equal(evidence.first_bad, 1);
    assert_true(evidence.score >= evidence.asked);
}

TEST(evidence__takes_the_lower_of_the_severities)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 119);
    assert_int_equal(see(&course, ALERT_BASELINE, 140).severity, SEVERITY_WARNING);
    assert_int_equal(see(&course, ALERT_BASELINE, 140).severity, SEVERITY_CRITICAL);
}

TEST(evidence__two_of_three_with_a_good_one_between)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 117);
    assert_int_equal(see(&course, ALERT_BASELINE, 109).severity, SEVERITY_OK);
    struct evidence evidence = see(&course, ALERT_BASELINE, 117);
    assert_int_equal(evidence.severity, SEVERITY_WARNING);
    assert_int_equal(evidence.first_bad, 2);
    see(&course, ALERT_BASELINE, 100);
    see(&course, ALERT_BASELINE, 100);
    assert_true(see(&course, ALERT_BASELINE, 140).pending);
}

TEST(evidence__measurements_that_disagree_are_no_level)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 140);
    see(&course, ALERT_BASELINE, 102); /* as good as ever: the other two are spikes */
    struct evidence evidence = see(&course, ALERT_BASELINE, 140);
    assert_int_equal(evidence.bad, 2);
    assert_true(evidence.pending);
    assert_int_equal(see(&course, ALERT_BASELINE, 140).severity, SEVERITY_CRITICAL);
}

TEST(evidence__small_noise_is_asked_for_more)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 111);
    struct evidence evidence = see(&course, ALERT_BASELINE, 111);
    assert_true(evidence.asked > 3.9);
    assert_true(evidence.score > 3 && evidence.score < 3.9);
    assert_true(evidence.pending);
    struct verdict verdict = course.verdicts[course.count - 1];
    evidence_note(&course.metric, &evidence, &verdict);
    assert_non_null(strstr(verdict.reason, "; seen in 2 of the last 3, alert if it goes on"));
    course_init(&course);
    course.baseline.spread = 15;
    quiet(&course, 40, 15);
    see(&course, ALERT_BASELINE, 125);
    assert_true(see(&course, ALERT_BASELINE, 125).asked < 3.2);
}

/* The same values, each three times in a row or with what undoes it behind it. */
TEST(evidence__dependent_neighbours_are_asked_for_more)
{
    static struct course independent, dependent;
    static const double pattern[] = {1, -1, 0.5, -0.5, 1.5, -1.5};
    course_init(&independent);
    course_init(&dependent);
    for (size_t i = 0; i < 108; i++) {
        see(&independent, ALERT_BASELINE, 100 + 4 * pattern[i % 6]);
        see(&dependent, ALERT_BASELINE, 100 + 4 * pattern[i / 3 % 6]);
    }
    for (int i = 0; i < 3; i++) {
        see(&independent, ALERT_BASELINE, 112);
        see(&dependent, ALERT_BASELINE, 112);
    }
    struct evidence calm = see(&independent, ALERT_BASELINE, 112);
    struct evidence slow = see(&dependent, ALERT_BASELINE, 112);
    assert_true(slow.asked > calm.asked + 0.2);
    assert_true(slow.score < 0.9 * calm.score);
}

TEST(evidence__past_strays_count_as_noise)
{
    static struct course calm, wild;
    course_init(&calm);
    course_init(&wild);
    quiet(&calm, 100, 4);
    quiet(&wild, 100, 12); /* the baseline's 4 was luck */
    see(&calm, ALERT_BASELINE, 118);
    see(&wild, ALERT_BASELINE, 118);
    double score = see(&calm, ALERT_BASELINE, 118).score;
    assert_true(see(&wild, ALERT_BASELINE, 118).score < 0.7 * score);
}

TEST(evidence__where_spikes_are_usual_two_are_not_news)
{
    static struct course course;
    course_init(&course);
    for (int i = 0; i < 110; i++)
        i % 20 == 7 ? (void)see(&course, ALERT_BASELINE, 135) : quiet(&course, 1, 4);
    see(&course, ALERT_BASELINE, 140);
    assert_true(see(&course, ALERT_BASELINE, 140).pending);
    see(&course, ALERT_BASELINE, 140);
    assert_int_equal(see(&course, ALERT_BASELINE, 140).severity, SEVERITY_CRITICAL);
}

TEST(evidence__an_old_regression_is_not_noise)
{
    static struct course course, clean;
    course_init(&clean);
    quiet(&clean, 100, 4);
    course_init(&course);
    quiet(&course, 30, 4);
    for (int i = 0; i < 20; i++)
        see(&course, ALERT_BASELINE, 140);
    quiet(&course, 50, 4);
    see(&clean, ALERT_BASELINE, 118);
    see(&course, ALERT_BASELINE, 118);
    double score = see(&clean, ALERT_BASELINE, 118).score;
    assert_true(see(&course, ALERT_BASELINE, 118).score > 0.85 * score);
}

TEST(evidence__an_older_level_does_not_blind)
{
    static struct course course;
    course_init(&course);
    course.baseline.centre = 140;
    for (int i = 0; i < 60; i++)
        see(&course, ALERT_BASELINE, 140 + 4 * sin(2.3 * i));
    course.baseline.centre = 100; /* it became better, and the baseline followed */
    quiet(&course, 14, 4);
    see(&course, ALERT_BASELINE, 128);
    assert_true(see(&course, ALERT_BASELINE, 128).severity >= SEVERITY_WARNING);
}

TEST(evidence__a_constant_series_waits_for_nothing)
{
    static struct course course;
    course_init(&course);
    course.baseline.spread = 0.1;
    course.baseline.spread_at_floor = true;
    quiet(&course, 30, 0);
    struct evidence evidence = see(&course, ALERT_BASELINE, 130);
    assert_true(evidence.at_once);
    assert_int_equal(evidence.severity, SEVERITY_CRITICAL);
    assert_int_equal(see(&course, ALERT_BASELINE, 100).severity, SEVERITY_OK);
}

TEST(evidence__a_constant_series_that_strayed_before_is_none)
{
    static struct course course;
    course_init(&course);
    course.baseline.spread = 0.1;
    course.baseline.spread_at_floor = true;
    quiet(&course, 30, 0);
    assert_true(see(&course, ALERT_BASELINE, 130).at_once);
    quiet(&course, 30, 0);
    struct evidence evidence = see(&course, ALERT_BASELINE, 130);
    assert_false(evidence.at_once);
    assert_true(evidence.pending);
    evidence = see(&course, ALERT_BASELINE, 130);
    assert_int_equal(evidence.severity, SEVERITY_CRITICAL);
}

TEST(evidence__an_old_regression_of_a_constant_series_is_no_stray)
{
    static struct course course;
    course_init(&course);
    course.baseline.spread = 0.1;
    course.baseline.spread_at_floor = true;
    quiet(&course, 30, 0);
    for (int i = 0; i < 6; i++)
        assert_true(see(&course, ALERT_BASELINE, 130).at_once);
    quiet(&course, 30, 0);
    assert_true(see(&course, ALERT_BASELINE, 130).at_once);
}

/* Failed operations in percent: nearly always none, and then any share is new. */
TEST(evidence__of_what_is_nearly_always_zero_three_in_a_row_are_news)
{
    static struct course course;
    course_init(&course);
    course.baseline.centre = course.baseline.spread = 0;
    course.baseline.spread_at_floor = true;
    for (int i = 0; i < 60; i++)
        see(&course, ALERT_BASELINE, i % 10 == 7 ? 2.5 + (i % 3) : 0);
    see(&course, ALERT_BASELINE, 0);
    assert_true(see(&course, ALERT_BASELINE, 2.5).pending);
    assert_true(see(&course, ALERT_BASELINE, 5).pending); /* two of ten are no wonder */
    see(&course, ALERT_BASELINE, 0);
    struct evidence evidence = {0};
    for (int i = 0; i < 5; i++)
        evidence = see(&course, ALERT_BASELINE, 4);
    assert_int_equal(evidence.severity, SEVERITY_CRITICAL);
}

TEST(evidence__persist_is_the_metrics_own)
{
    static struct course course;
    course_init(&course);
    course.metric.persist_needed = 1;
    course.metric.persist_of = 1;
    quiet(&course, 30, 4);
    assert_int_equal(see(&course, ALERT_BASELINE, 130).severity, SEVERITY_CRITICAL);
    course_init(&course);
    course.metric.persist_needed = 3;
    course.metric.persist_of = 4;
    quiet(&course, 30, 4);
    see(&course, ALERT_BASELINE, 130);
    assert_true(see(&course, ALERT_BASELINE, 130).pending);
    assert_int_equal(see(&course, ALERT_BASELINE, 130).severity, SEVERITY_CRITICAL);
}

TEST(evidence__over_target_for_ever_is_surely_over_it)
{
    static struct course course;
    course_init(&course);
    course.metric.target = 75;
    see(&course, ALERT_TARGET, 101);
    struct evidence evidence = see(&course, ALERT_TARGET, 99);
    assert_int_equal(evidence.severity, SEVERITY_WARNING);
    assert_true(course.verdicts[1].known);
    evidence = evidence_weigh(&course.metric, &course.baseline, ALERT_BASELINE,
                              &course.verdicts[1], course.points, course.count);
    assert_int_equal(evidence.severity, SEVERITY_OK);
}

TEST(evidence__what_comes_and_goes_is_news_when_it_stays)
{
    static struct course course;
    course_init(&course);
    quiet(&course, 20, 4);
    for (int night = 0; night < 4; night++) {
        for (int i = 0; i < 8; i++) {
            enum severity severity = see(&course, ALERT_BASELINE, 125).severity;
            assert_int_equal(severity >= SEVERITY_WARNING, i > 0 && night < 2);
        }
        if (night < 3)
            quiet(&course, 16, 4);
    }
    assert_int_equal(see(&course, ALERT_BASELINE, 125).severity, SEVERITY_CRITICAL);
}

/* Warnings begin at 102.85: 2 · 2.15/4/√2 = 0.760 and 2 · 8.15/4/√2 = 2.881. */
TEST(evidence__noise_over_the_line_of_a_target_is_no_level_over_it)
{
    static struct course course;
    course_init(&course);
    course.metric.target = 93.5;
    see(&course, ALERT_TARGET, 105);
    struct evidence evidence = see(&course, ALERT_TARGET, 105);
    assert_true(evidence.pending);
    assert_float_equal(evidence.score, 0.760, 0.001);
    course.count = 0;
    see(&course, ALERT_TARGET, 111);
    evidence = see(&course, ALERT_TARGET, 111);
    assert_int_equal(evidence.severity, SEVERITY_WARNING);
    assert_float_equal(evidence.score, 2.881, 0.001);
    assert_float_equal(evidence.asked, 2.5, 1e-9);
}

/* 12 % worse with that noise for ever: k · 0.469/√k + 0.1 (k − 2) is 2.45 at 11, 2.62 at 12. */
TEST(evidence__a_level_a_little_over_the_line_is_told_in_the_end)
{
    static struct course course;
    size_t told = 0;
    course_init(&course);
    course.metric.target = 105 / 1.12;
    for (size_t i = 1; i <= 20 && told == 0; i++)
        told = see(&course, ALERT_TARGET, 105).severity >= SEVERITY_WARNING ? i : 0;
    assert_int_equal(told, 12);
}

static bool is_over(struct course *course, double reference)
{
    return evidence_is_over(&course->metric, reference, &course->verdicts[course->count - 1],
                            course->points, course->count);
}

/* Each lies 1.5 within, 0.375 of the noise: 0.375 √k + 0.05 (k − 3) is 1.95 at 14, 2.05 at 15. */
TEST(evidence__what_hovers_is_not_over_until_it_has_stayed)
{
    static struct course course;
    course_init(&course);
    for (size_t i = 1; i < 15; i++) {
        see(&course, ALERT_TARGET, 100);
        assert_false(is_over(&course, 101.5 / 1.1));
    }
    see(&course, ALERT_TARGET, 100);
    assert_true(is_over(&course, 101.5 / 1.1));
}

TEST(evidence__what_is_back_is_over_after_three)
{
    static const enum tare_better better[] = {TARE_LOWER, TARE_HIGHER, TARE_EXACT};
    for (size_t b = 0; b < 3; b++) {
        static struct course course;
        course_init(&course);
        course.metric.better = better[b];
        for (size_t i = 0; i < 6; i++)
            see(&course, ALERT_BASELINE, better[b] == TARE_HIGHER ? 70 : 130);
        for (size_t i = 1; i <= 3; i++) {
            see(&course, ALERT_BASELINE, 100);
            assert_int_equal(is_over(&course, 100), i == 3);
        }
        assert_true(is_over(&course, 0)); /* nothing is spared: ok is ok */
    }
}

/* Each lies 5 beyond the error, 1.25 of the noise: 1.25 √3 + 0.1 = 2.27, 1.25 √4 + 0.2 = 2.7. */
TEST(evidence__a_level_is_as_grave_as_its_measurements_together)
{
    static struct course course;
    course_init(&course);
    for (size_t i = 1; i <= 4; i++) {
        struct evidence evidence = see(&course, ALERT_BASELINE, 125);
        assert_int_equal(evidence.severity, i > 1 ? SEVERITY_CRITICAL : SEVERITY_OK);
        assert_int_equal(evidence_is_graver(&course.metric, 100, SEVERITY_ERROR,
                                            &course.verdicts[i - 1], course.points, i),
                         i == 4);
    }
}

/* Three sigmas of 10 are 31.15: 2.85 of a noise of 10 beyond, 0.285 √12 + 1 = 1.99; 14 beyond the
 * error: 1.4 √2 = 1.98, 1.4 √3 + 0.1 = 2.52. */
TEST(evidence__critical_is_what_lies_beyond_three_sigmas)
{
    static struct course course;
    course_init(&course);
    course.baseline.spread = 10;
    for (size_t i = 1; i <= 12; i++) {
        see(&course, ALERT_BASELINE, 134);
        const struct verdict *now = &course.verdicts[i - 1];
        assert_int_equal(
            evidence_is_graver(&course.metric, 100, SEVERITY_ERROR, now, course.points, i),
            i >= 3);
        assert_int_equal(
            evidence_is_graver(&course.metric, 100, SEVERITY_CRITICAL, now, course.points, i), 0);
    }
}

TEST(evidence__while_learning_a_target_has_the_count_alone)
{
    static struct course course;
    course_init(&course);
    course.metric.target = 75;
    baseline_init(&course.baseline);
    assert_true(see(&course, ALERT_TARGET, 101).pending);
    struct evidence evidence = see(&course, ALERT_TARGET, 99);
    assert_int_equal(evidence.severity, SEVERITY_ERROR);
    assert_int_equal(isnan(evidence.score) != 0, 1);
}

TEST(evidence__looks_the_same_from_below_and_for_exact)
{
    static struct course course;
    course_init(&course);
    course.metric.better = TARE_HIGHER;
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 70);
    assert_int_equal(see(&course, ALERT_BASELINE, 70).severity, SEVERITY_CRITICAL);
    course_init(&course);
    course.metric.better = TARE_EXACT;
    quiet(&course, 40, 4);
    see(&course, ALERT_BASELINE, 70);
    assert_int_equal(see(&course, ALERT_BASELINE, 130).severity, SEVERITY_CRITICAL);
}
