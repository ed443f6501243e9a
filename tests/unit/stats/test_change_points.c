#include "stats/change_points.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "suite.h"

/* Noise without a generator: the golden ratio's multiples spread evenly over [−1, 1). */
static double wobble(size_t i)
{
    double turns = (double)(i + 1) * 0.6180339887498949;
    return 2 * (turns - floor(turns)) - 1;
}

static size_t find(const double *values, size_t n, struct change_point *points)
{
    void *scratch = malloc(change_points_scratch(n));
    assert_non_null(scratch);
    size_t count = change_points_find(values, n, NULL, scratch, points);
    free(scratch);
    return count;
}

static void steps(double *values, size_t n, size_t at, double before, double after, double noise)
{
    for (size_t i = 0; i < n; i++)
        values[i] = (i < at ? before : after) + noise * wobble(i);
}

TEST(change_points__a_step_is_found_where_it_is)
{
    double values[120];
    struct change_point points[30];
    steps(values, 120, 70, 100, 130, 5);
    assert_int_equal(find(values, 120, points), 1);
    assert_int_equal(points[0].index, 70);
    assert_close(points[0].before, 100, 0.01);
    assert_close(points[0].after, 130, 0.01);
    assert_close(points[0].change_percent, 30, 0.02);
    assert_true(points[0].z > 8);
    assert_int_equal(points[0].state, CHANGE_CONFIRMED);
}

TEST(change_points__a_young_step_is_provisional)
{
    double values[80];
    struct change_point points[20];
    steps(values, 80, 70, 100, 130, 5);
    assert_int_equal(find(values, 80, points), 1);
    assert_int_equal(points[0].state, CHANGE_PROVISIONAL);
}

TEST(change_points__noise_alone_has_none)
{
    double values[500];
    struct change_point points[125];
    steps(values, 500, 0, 0, 100, 10);
    assert_int_equal(find(values, 500, points), 0);
}

TEST(change_points__a_short_spike_is_no_level)
{
    double values[100];
    struct change_point points[25];
    steps(values, 100, 0, 0, 100, 5);
    values[40] = values[41] = values[42] = 500;
    assert_int_equal(find(values, 100, points), 0);
}

TEST(change_points__a_slope_is_no_step)
{
    double values[200];
    struct change_point points[50];
    for (size_t i = 0; i < 200; i++)
        values[i] = 100 + 0.2 * (double)i + 2 * wobble(i);
    assert_int_equal(find(values, 200, points), 0);
}

TEST(change_points__constant_series_have_none)
{
    double values[50];
    struct change_point points[12];
    steps(values, 50, 0, 0, 7, 0);
    for (size_t n = 0; n <= 50; n++)
        assert_int_equal(find(values, n, points), 0);
}

TEST(change_points__two_values_make_one_step)
{
    double values[40];
    struct change_point points[10];
    steps(values, 40, 15, 3, 4, 0);
    assert_int_equal(find(values, 40, points), 1);
    assert_int_equal(points[0].index, 15);
    assert_true(points[0].before == 3 && points[0].after == 4);
}

TEST(change_points__all_the_same_but_one_is_no_step)
{
    double values[40];
    struct change_point points[10];
    for (size_t odd = 0; odd < 40; odd++) {
        steps(values, 40, 0, 0, 3, 0);
        values[odd] = 1e9;
        assert_int_equal(find(values, 40, points), 0);
    }
}

TEST(change_points__series_too_short_have_none)
{
    double values[] = {1, 1, 1, 1, 9, 9, 9, 9};
    struct change_point points[2];
    for (size_t n = 0; n < CHANGE_POINTS_SHORTEST; n++)
        assert_int_equal(find(values, n, points), 0);
    assert_int_equal(find(values, CHANGE_POINTS_SHORTEST, points), 1);
    assert_int_equal(points[0].index, 4);
}

TEST(change_points__what_is_not_finite_is_left_out_and_counted)
{
    double values[120];
    struct change_point points[30];
    steps(values, 120, 70, 100, 130, 5);
    values[0] = values[30] = values[100] = NAN;
    values[50] = INFINITY;
    values[119] = -INFINITY;
    assert_int_equal(find(values, 120, points), 1);
    assert_int_equal(points[0].index, 70);
    assert_close(points[0].before, 100, 0.2);
    assert_close(points[0].after, 130, 0.2);
    for (size_t i = 0; i < 120; i++)
        values[i] = NAN;
    assert_int_equal(find(values, 120, points), 0);
}

TEST(change_points__magnitude_does_not_matter)
{
    static const double scales[] = {1e-300, 1e-150, 1e150, 1e300, 1.2e306};
    double values[120];
    struct change_point points[30];
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        steps(values, 120, 70, 100 * scales[s], 130 * scales[s], 5 * scales[s]);
        assert_int_equal(find(values, 120, points), 1);
        assert_int_equal(points[0].index, 70);
        assert_close(points[0].change_percent, 30, 0.02);
    }
}

TEST(change_points__huge_and_tiny_together)
{
    double values[90];
    struct change_point points[22];
    for (size_t i = 0; i < 90; i++)
        values[i] = i < 60 ? 1e-300 * wobble(i) : 1e300;
    assert_int_equal(find(values, 90, points), 1);
    assert_int_equal(points[0].index, 60);
    assert_true(points[0].after == 1e300);
    values[59] = -DBL_MAX;
    assert_true(find(values, 90, points) <= 1);
}

TEST(change_points__levels_far_apart_are_told_from_each_other)
{
    double values[160];
    struct change_point points[40];
    for (size_t i = 0; i < 160; i++)
        values[i] = (double)(i / 40) * 1e14 + wobble(i);
    assert_int_equal(find(values, 160, points), 3);
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(points[k].index, 40 * (k + 1));
}

TEST(change_points__percent_of_nothing_is_undefined)
{
    double values[60];
    struct change_point points[15];
    steps(values, 60, 30, 0, 5, 0);
    assert_int_equal(find(values, 60, points), 1);
    assert_true(isnan(points[0].change_percent));
    steps(values, 60, 30, -4, -5, 0);
    assert_int_equal(find(values, 60, points), 1);
    assert_close(points[0].change_percent, -25, 1e-12);
}

TEST(change_points__a_million_equal_values)
{
    size_t n = 1000000;
    double *values = calloc(n, sizeof *values);
    void *scratch = malloc(change_points_scratch(n));
    assert_true(values && scratch);
    struct change_point points[2];
    assert_int_equal(change_points_find(values, n, NULL, scratch, points), 0);
    for (size_t i = n / 2; i < n; i++)
        values[i] = 1;
    assert_int_equal(change_points_find(values, n, NULL, scratch, points), 1);
    assert_int_equal(points[0].index, n / 2);
    free(values);
    free(scratch);
}

/* Normal noise: twelve uniform numbers of a small generator. */
static double normal_noise(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 11) / 9007199254740992.0;
    }
    return sum;
}

/* Of 60 series with a step of so many detectable sizes in the middle, how many show it. */
static int seen_of_60(double sizes)
{
    double values[120];
    struct change_point points[31];
    uint64_t seed = 4;
    int seen = 0;
    void *scratch = malloc(change_points_scratch(120));
    assert_non_null(scratch);
    for (int k = 0; k < 60; k++) {
        for (size_t i = 0; i < 120; i++)
            values[i] = 500 + 10 * normal_noise(&seed);
        double least = change_points_detectable(values, 120, scratch);
        assert_true(least > 4 && least < 15);
        for (size_t i = 60; i < 120; i++)
            values[i] += sizes * least;
        seen += change_points_find(values, 120, NULL, scratch, points) > 0;
    }
    free(scratch);
    return seen;
}

TEST(change_points__detectable_is_where_steps_begin_to_be_seen)
{
    assert_true(seen_of_60(0.5) <= 6);
    assert_in_range(seen_of_60(1), 12, 54);
    assert_true(seen_of_60(1.5) >= 54);
}

TEST(change_points__detectable_of_nothing)
{
    double values[20] = {0};
    void *scratch = malloc(change_points_scratch(20));
    assert_non_null(scratch);
    assert_true(change_points_detectable(values, 20, scratch) == 0);
    assert_true(isinf(change_points_detectable(values, 7, scratch)));
    free(scratch);
}

/* Spikes that come and go leave no level behind, and do not hide one. */
TEST(change_points__a_step_of_one_in_a_count_with_spikes)
{
    double values[100];
    struct change_point points[25];
    steps(values, 100, 60, 4, 5, 0);
    values[10] = values[30] = values[80] = 400;
    assert_int_equal(find(values, 100, points), 1);
    assert_int_equal(points[0].index, 60);
}

/* A tenth of seven kinds of series, each with a step of three sigmas, in under a second: the
 * small sister of tests/bench/detection. */
TEST(change_points__quick_check_of_three_sigma_steps)
{
    double values[200];
    struct change_point points[50];
    uint64_t seed = 11;
    int right = 0, wrong = 0;
    for (int k = 0; k < 100; k++) {
        size_t at = 50 + (size_t)k;
        for (size_t i = 0; i < 200; i++) {
            double noise = normal_noise(&seed);
            noise = k % 3 == 1 ? round(2 * noise) / 2 : k % 3 == 2 ? exp(noise / 2) * 1.7 : noise;
            values[i] = noise + (i < at ? 0 : 3);
        }
        size_t count = find(values, 200, points);
        bool hit = count > 0 && points[0].index + 5 >= at && points[0].index <= at + 5;
        right += hit;
        wrong += (int)count - hit;
    }
    assert_true(right >= 99);
    assert_true(wrong <= 1);
}

TEST(change_points__noise_seldom_makes_a_point)
{
    double values[60];
    struct change_point points[15];
    uint64_t seed = 21;
    size_t count = 0;
    for (int k = 0; k < 500; k++) {
        for (size_t i = 0; i < 60; i++) {
            double noise = normal_noise(&seed);
            values[i] = k % 2 ? exp(noise / 2) : noise;
        }
        count += find(values, 60, points);
    }
    assert_true(count <= 5); /* of 30,000 measurements */
}

TEST(change_points__neighbours_that_depend_on_each_other_seldom_make_a_point)
{
    double values[120];
    struct change_point points[30];
    uint64_t seed = 8;
    size_t count = 0;
    for (int k = 0; k < 250; k++) {
        double before = 0;
        for (size_t i = 0; i < 120; i++)
            values[i] = before = 0.5 * before + normal_noise(&seed);
        count += find(values, 120, points);
    }
    assert_true(count <= 9); /* of 30,000 measurements */
}

TEST(change_points__a_small_step_beside_a_huge_one)
{
    double values[320];
    struct change_point points[80];
    for (size_t i = 0; i < 320; i++)
        values[i] = (i < 200 ? 0 : i < 260 ? 1e11 : 1e11 + 4) + wobble(i);
    assert_int_equal(find(values, 320, points), 2);
    assert_int_equal(points[0].index, 200);
    assert_in_range(points[1].index, 259, 261);
}

/* A walk has no levels, though every part of it can be cut into some. */
TEST(change_points__a_walk_has_few_points)
{
    double values[400];
    struct change_point points[100];
    uint64_t seed = 2;
    size_t count = 0;
    for (int k = 0; k < 20; k++) {
        for (size_t i = 0; i < 400; i++)
            values[i] = (i > 0 ? values[i - 1] : 0) + normal_noise(&seed);
        count += find(values, 400, points);
    }
    assert_true(count <= 30); /* of 8,000 measurements */
}

/* However sure a test is of it, a step within the drift of any machine is none. */
TEST(change_points__a_step_too_small_to_matter_is_none)
{
    static double values[3000];
    static struct change_point points[750];
    uint64_t seed = 31;
    for (size_t i = 0; i < 3000; i++)
        values[i] = normal_noise(&seed) + (i < 1500 ? 0 : 0.4);
    assert_int_equal(find(values, 3000, points), 0);
}

/* How many of 40 series of two levels this long, which wander up and down by so much, show a step
 * of 1.2 sigma between them. */
static int seen_between_levels_of(size_t level, double wander)
{
    static double values[800];
    static struct change_point points[200];
    uint64_t seed = 37;
    int seen = 0;
    for (int k = 0; k < 40; k++) {
        for (size_t i = 0; i < 2 * level; i++)
            values[i] = normal_noise(&seed) + (i < level ? 0 : 1.2) +
                        wander * sin(6 * M_PI * (double)(i + 20 * (size_t)k) / 800);
        seen += find(values, 2 * level, points) > 0;
    }
    return seen;
}

TEST(change_points__a_series_that_wanders_hides_small_steps_between_long_levels)
{
    assert_true(seen_between_levels_of(80, 0) >= 36);
    assert_true(seen_between_levels_of(400, 0) >= 38);
    assert_true(seen_between_levels_of(400, 0.5) <= 16);
}

/* A fall that creeps back is as a whole a slope, or nothing: of 80, most are found. */
TEST(change_points__a_sharp_step_that_creeps_back)
{
    static double values[800];
    static struct change_point points[200];
    uint64_t seed = 5;
    int near = 0;
    for (int k = 0; k < 80; k++) {
        for (size_t i = 0; i < 800; i++)
            values[i] = normal_noise(&seed) - (i < 400 ? 0 : 3 * exp(-(double)(i - 400) / 80));
        size_t count = find(values, 800, points);
        for (size_t p = 0; p < count; p++)
            near += points[p].index >= 398 && points[p].index <= 402;
    }
    assert_true(near >= 58);
}

TEST(change_points__a_step_in_a_regular_pattern)
{
    double values[120];
    struct change_point points[30];
    for (size_t i = 0; i < 120; i++)
        values[i] = (i % 2 ? 1 : -1) + (i < 60 ? 0 : 8);
    assert_int_equal(find(values, 120, points), 1);
    assert_int_equal(points[0].index, 60);
}
