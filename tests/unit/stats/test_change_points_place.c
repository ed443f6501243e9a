#include "stats/change_points_place.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "suite.h"

enum { N = 120, AT = 50, SHORTEST = 4 };

static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal_noise(uint64_t *seed)
{
    double radius = sqrt(-2 * log(uniform(seed)));
    return radius * cos(2 * M_PI * uniform(seed));
}

/* Two modes of 0.2, two apart. */
static double bimodal_noise(uint64_t *seed)
{
    double mode = uniform(seed) < 0.5 ? -1 : 1;
    return mode + 0.2 * normal_noise(seed);
}

/* Where a cut is placed that was thought to be at `guess`. */
static size_t place(const double *values, size_t guess)
{
    static double scratch[PLACE_SCRATCH];
    return place_cut(values, (struct split){0, guess, N}, SHORTEST, 1, scratch);
}

/* Of 300 series with a step at AT, how many are placed within `margin` from a guess 3 off. */
static int placed(double (*noise)(uint64_t *), double step, size_t margin)
{
    double values[N];
    uint64_t seed = 12;
    int near = 0;
    for (int k = 0; k < 300; k++) {
        for (size_t i = 0; i < N; i++)
            values[i] = noise(&seed) + (i < AT ? 0 : step);
        size_t at = place(values, AT + 3);
        near += at <= AT + margin && AT <= at + margin;
    }
    return near;
}

/* The place with the largest likelihood is within five in 288. */
TEST(change_points_place__near_rather_than_exact)
{
    assert_true(placed(normal_noise, 1.5, 5) >= 294);
}

TEST(change_points_place__clear_steps_exactly)
{
    assert_int_equal(placed(normal_noise, 8, 0), 300);
}

/* With a kernel so wide that it shows one mode, 263. */
TEST(change_points_place__noise_of_two_modes)
{
    assert_true(placed(bimodal_noise, 1, 5) >= 295);
}

TEST(change_points_place__a_spike_beside_the_cut_does_not_draw_it)
{
    double values[N];
    uint64_t seed = 3;
    for (size_t i = 0; i < N; i++)
        values[i] = 0.5 * normal_noise(&seed) + (i < AT ? 0 : 4);
    values[AT - 3] = 30;
    assert_int_equal(place(values, AT), AT);
    assert_int_equal(place(values, AT - 3), AT);
}

TEST(change_points_place__levels_without_noise_stay_where_they_are)
{
    double values[N];
    for (size_t i = 0; i < N; i++)
        values[i] = i < AT ? 1 : 2;
    assert_int_equal(place(values, AT), AT);
}

TEST(change_points_place__no_level_shorter_than_asked)
{
    double values[N] = {9, 9};
    uint64_t seed = 3;
    for (size_t i = 0; i < N; i++)
        values[i] += normal_noise(&seed);
    assert_true(place(values, 10) >= SHORTEST);
    static double scratch[PLACE_SCRATCH];
    struct split shortest = {0, SHORTEST, 2 * SHORTEST - 1};
    assert_int_equal(place_cut(values, shortest, SHORTEST, 1, scratch), SHORTEST);
}
