#include "stats/change_points_online.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "suite.h"

enum { LONGEST = 900 };

struct watched {
    struct change_watch watch;
    struct change_point points[LONGEST / CHANGE_POINTS_SEGMENT + 1];
    size_t count;
    void *scratch;
};

static struct watched *watched_new(void)
{
    struct watched *watched = calloc(1, sizeof *watched);
    assert_non_null(watched);
    watched->scratch = malloc(change_points_scratch(LONGEST));
    assert_non_null(watched->scratch);
    return watched;
}

static void watched_free(struct watched *watched)
{
    free(watched->scratch);
    free(watched);
}

static void add(struct watched *watched, const double *values, size_t n)
{
    watched->count = change_watch_add(&watched->watch, values, n, NULL, watched->scratch,
                                      watched->points, watched->count);
}

static double noise(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 11) / 9007199254740992.0;
    }
    return sum;
}

TEST(change_points_online__a_step_is_provisional_soon_and_confirmed_later)
{
    double values[200];
    struct watched *watched = watched_new();
    uint64_t seed = 5;
    size_t first = 0, confirmed = 0;
    for (size_t i = 0; i < 200; i++) {
        values[i] = noise(&seed) + (i < 100 ? 0 : 4);
        add(watched, values, i + 1);
        if (i < 100)
            assert_int_equal(watched->count, 0);
        if (watched->count > 0 && first == 0) {
            first = i + 1;
            assert_int_equal(watched->points[0].state, CHANGE_PROVISIONAL);
            assert_true(watched->points[0].after - watched->points[0].before > 2);
        }
        if (watched->count > 0 && watched->points[0].state == CHANGE_CONFIRMED && confirmed == 0)
            confirmed = i + 1;
    }
    assert_in_range(first, 104, 106);
    assert_in_range(confirmed, 100 + CHANGE_POINTS_DELAY, 105 + CHANGE_POINTS_DELAY);
    assert_int_equal(watched->count, 1);
    assert_in_range(watched->points[0].index, 98, 102);
    watched_free(watched);
}

/* Everything older than the delay is what the whole series at once gives, at every measurement. */
static void check_equal_to_offline(const double *values, size_t n, size_t from, bool every)
{
    struct watched *watched = watched_new();
    struct change_point offline[LONGEST / CHANGE_POINTS_SEGMENT];
    for (size_t i = 1; i <= n; i++) {
        add(watched, values, i);
        if (i < from || (!every && watched->watch.searched != i))
            continue;
        size_t count = change_points_find(values, i, NULL, watched->scratch, offline), old = 0;
        for (size_t k = 0; k < count; k++) {
            if (offline[k].state == CHANGE_PROVISIONAL)
                continue;
            assert_true(k < watched->count);
            assert_int_equal(watched->points[k].index, offline[k].index);
            assert_int_equal(watched->points[k].state, CHANGE_CONFIRMED);
            old++;
        }
        for (size_t k = old; k < watched->count; k++)
            assert_int_equal(watched->points[k].state, CHANGE_PROVISIONAL);
    }
    watched_free(watched);
}

TEST(change_points_online__equals_offline_for_points_older_than_the_delay)
{
    double values[LONGEST];
    for (int k = 1; k <= 8; k++) {
        uint64_t seed = (uint64_t)k;
        for (size_t i = 0; i < CHANGE_WATCH_EACH; i++)
            values[i] = noise(&seed) + (double)(i / 60 % 3) * k / 3;
        check_equal_to_offline(values, CHANGE_WATCH_EACH, 1, true);
    }
}

TEST(change_points_online__long_series_equal_offline_at_every_search)
{
    double values[LONGEST];
    uint64_t seed = 77;
    for (size_t i = 0; i < LONGEST; i++)
        values[i] = noise(&seed) + (double)(i / 150 % 2) * 3;
    check_equal_to_offline(values, LONGEST, CHANGE_WATCH_EACH, false);
}

TEST(change_points_online__long_series_are_searched_rarely)
{
    double values[LONGEST];
    struct watched *watched = watched_new();
    uint64_t seed = 3;
    size_t searches = 0, before = 0;
    for (size_t i = 0; i < LONGEST; i++) {
        values[i] = noise(&seed);
        add(watched, values, i + 1);
        searches += i + 1 > CHANGE_WATCH_EACH && watched->watch.searched != before;
        before = watched->watch.searched;
    }
    assert_true(LONGEST - before <= LONGEST / CHANGE_WATCH_SHARE);
    assert_in_range(searches, 40, 120);
    watched_free(watched);
}

TEST(change_points_online__a_lost_watch_costs_only_a_search)
{
    double values[400];
    struct watched *kept = watched_new(), *lost = watched_new();
    uint64_t seed = 9;
    for (size_t i = 0; i < 400; i++)
        values[i] = noise(&seed) + (i < 300 ? 0 : 5);
    for (size_t i = 1; i <= 400; i++)
        add(kept, values, i);
    add(lost, values, 400);
    assert_int_equal(kept->count, 1);
    assert_int_equal(lost->count, 1);
    assert_int_equal(kept->points[0].index, lost->points[0].index);
    watched_free(kept);
    watched_free(lost);
}

TEST(change_points_online__what_is_not_finite_changes_nothing)
{
    double values[60];
    struct watched *watched = watched_new();
    for (size_t i = 0; i < 60; i++) {
        values[i] = i % 3 == 0 ? NAN : i < 30 ? 1 : 2;
        add(watched, values, i + 1);
        assert_true(watched->count == 0 || watched->points[0].index >= 28);
    }
    assert_int_equal(watched->count, 1);
    assert_int_equal(watched->points[0].index, 31);
    watched_free(watched);
}

TEST(change_points_online__constant_and_short_series_say_nothing)
{
    double values[100];
    struct watched *watched = watched_new();
    for (size_t i = 0; i < 100; i++) {
        values[i] = 7;
        add(watched, values, i + 1);
        assert_int_equal(watched->count, 0);
    }
    watched_free(watched);
}
