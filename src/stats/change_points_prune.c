#include "stats/change_points_prune.h"

#include "stats/change_points.h"
#include "stats/change_points_place.h"
#include "stats/change_points_split.h"

#include <math.h>
#include <stdbool.h>

enum { ROUNDS = 3, PLACINGS = 2, FEW = 24 };

/* A step that so many measurements on each side are sure of is sharp. */
enum { SHARP_REACH = 20 };

/* p = 0.0002, two-sided: the rank test's level for one cut, where 1.1·√(2 ln n) is lower. */
static const double LEVEL = 3.7190;
static const double LEVEL_P = 2e-4;

/* Two sides that hardly overlap, this many noise widths apart, need no test: between short
 * levels no rank test can be sure, and everyone sees the step. */
static const double CLEAR_SEPARATION = 0.98, CLEAR_WIDTHS = 4;

/* No machine's level is constant: it drifts, by about this many sigmas a measurement. A step has
 * to stand out of that as well, and the longer the levels are, the farther they have drifted. One
 * series drifts less than others: the means of its blocks to both sides of a cut tell, as far as
 * a split looks, if there are enough of them. What all machines do counts as so many moves. */
static const double DRIFT = 0.0014, DRIFT_MOVES = 2;
enum { DRIFT_BLOCK = SLOPE_REACH / 2, DRIFT_BLOCKS = SPLIT_REACH / DRIFT_BLOCK };

/* And a step of less than three sigmas has to be visible in the whole picture: in a series whose
 * level has moved by much more, it is one of many such moves. */
static const double SMALL = 3, VISIBLE = 0.22;

static size_t least_of_counts(size_t a, size_t b)
{
    return a < b ? a : b;
}

static double choose(size_t n, size_t k)
{
    double ways = 1;
    for (size_t i = 1; i <= k; i++)
        ways *= (double)(n - k + i) / (double)i;
    return ways;
}

static double rank_level(const struct prune *prune)
{
    return fmax(LEVEL, 1.1 * sqrt(2 * log((double)prune->n)));
}

/* Is the rank test sure? Small samples are as sure as they can be when the sides do not overlap.
 */
static bool ranks_agree(const struct prune *prune, const struct split_test *test)
{
    double z = test->z / sqrt(prune->dependence);
    size_t all = test->before + test->after;
    if (all >= FEW)
        return z >= rank_level(prune);
    return erfc(z * M_SQRT1_2) <= fmax(LEVEL_P, 2.1 / choose(all, test->before));
}

/* Squared moves from block to block of values[begin..), in drifts, beyond what noise does. */
static double moves_squared(const struct prune *prune, size_t begin, size_t blocks)
{
    double squares = 0, before = 0, n = DRIFT_BLOCK;
    for (size_t k = 0; k < blocks; k++) {
        double sum = 0;
        for (size_t i = 0; i < DRIFT_BLOCK; i++)
            sum += prune->values[begin + k * DRIFT_BLOCK + i];
        double move = (sum - before) / n, noise = 2 * prune->width * prune->width / n;
        squares += k > 0 ? (move * move - noise) / (n * n) : 0;
        before = sum;
    }
    return squares;
}

/* The drift of this series about a cut, at most that of all machines. */
static double drift_about(const struct prune *prune, size_t cut)
{
    size_t before = least_of_counts(cut / DRIFT_BLOCK, DRIFT_BLOCKS);
    size_t after = least_of_counts((prune->n - cut) / DRIFT_BLOCK, DRIFT_BLOCKS);
    double moves = (double)(before > 0 ? before - 1 : 0) + (double)(after > 0 ? after - 1 : 0);
    if (moves <= 0)
        return DRIFT;
    double squares = moves_squared(prune, cut - before * DRIFT_BLOCK, before) +
                     moves_squared(prune, cut, after);
    double all = DRIFT_MOVES * DRIFT * DRIFT + fmax(0, squares);
    return fmin(DRIFT, sqrt(all / (DRIFT_MOVES + moves)));
}

/* What the means of two levels have to differ by to stand out of noise and drift. */
static double drift_least(const struct prune *prune, size_t before, size_t after, double drift)
{
    double a = fmin((double)before, SLOPE_REACH), b = fmin((double)after, SLOPE_REACH);
    double drifted = drift * (a + b) / 2;
    double noise = prune->width * prune->width * (1 / a + 1 / b);
    return sqrt(2 * log((double)prune->n)) * sqrt(noise + drifted * drifted);
}

static bool stands_out(const struct prune *prune, const struct split_test *test, size_t cut)
{
    if (test->means < fmin(SMALL, VISIBLE * prune->range))
        return false;
    return test->means >= drift_least(prune, test->before, test->after, DRIFT) ||
           test->means >= drift_least(prune, test->before, test->after, drift_about(prune, cut));
}

double prune_least(const struct prune *prune, size_t before, size_t after)
{
    if (before < CHANGE_POINTS_SEGMENT || after < CHANGE_POINTS_SEGMENT)
        return INFINITY;
    /* A shift d of normal noise brings the rank sum to d·√(3/π)·√(before·after/all) (Lehmann
     * 1975), at most to where the sides no longer overlap. */
    double a = (double)before, b = (double)after, all = a + b;
    double most = sqrt(3 * a * b / (all + 1) / prune->dependence);
    double clear = CLEAR_WIDTHS * prune->width;
    if (all >= FEW && most < rank_level(prune))
        return clear;
    double ranks = rank_level(prune) * sqrt(prune->dependence * all / (a * b) * M_PI / 3);
    double drift = drift_about(prune, prune->n - after);
    double seen = fmax(drift_least(prune, before, after, drift),
                       fmin(SMALL, VISIBLE * prune->range));
    return fmin(clear, fmax(ranks, seen));
}

/* 0 when these measurements support the cut; else larger, the sooner it has to go. */
static double fault_within(const struct prune *prune, struct split split)
{
    struct split_test test = split_compare(prune->values, split, prune->sides);
    if (test.before < CHANGE_POINTS_SEGMENT || test.after < CHANGE_POINTS_SEGMENT)
        return 4 + 1 / (1 + test.medians);
    bool clear = test.separation >= CLEAR_SEPARATION &&
                 test.medians >= CLEAR_WIDTHS * prune->width;
    if (!clear && !ranks_agree(prune, &test))
        return 1 + 1 / (1 + test.z);
    if (!clear && !stands_out(prune, &test, split.cut))
        return 1 + 1 / (1 + test.means);
    if (split_is_slope(prune->values, split))
        return 0.5 / (1 + test.z);
    return 0;
}

/* A cut stands when its two levels support it, or the nearest measurements alone, as when a level
 * that fell at once creeps back. */
static double fault_of(const struct prune *prune, size_t i)
{
    struct split split = {prune->bounds[prune->before[i]], prune->bounds[i],
                          prune->bounds[prune->after[i]]};
    double fault = fault_within(prune, split);
    bool further = split.cut - split.begin > SHARP_REACH || split.end - split.cut > SHARP_REACH;
    if (fault > 0 && further && fault_within(prune, split_within(split, SHARP_REACH)) == 0)
        return 0;
    return fault;
}

static size_t leaves_of(size_t count)
{
    size_t leaves = 1;
    while (leaves < count + 1)
        leaves *= 2;
    return leaves;
}

static void tournament_play(struct prune *prune, size_t node)
{
    size_t left = prune->worst[2 * node], right = prune->worst[2 * node + 1];
    prune->worst[node] = prune->faults[right] > prune->faults[left] ? right : left;
}

static void judge(struct prune *prune, size_t leaves, size_t i)
{
    prune->faults[i] = fault_of(prune, i);
    for (size_t node = (leaves + i) / 2; node > 0; node /= 2)
        tournament_play(prune, node);
}

static void judge_all(struct prune *prune, size_t leaves, size_t count)
{
    prune->faults[0] = 0;
    for (size_t i = 0; i <= count + 1; i++) {
        prune->before[i] = i > 0 ? i - 1 : 0;
        prune->after[i] = i + 1;
    }
    for (size_t i = 1; i <= count; i++)
        prune->faults[i] = fault_of(prune, i);
    for (size_t i = 0; i < leaves; i++)
        prune->worst[leaves + i] = i <= count ? i : 0;
    for (size_t node = leaves - 1; node > 0; node--)
        tournament_play(prune, node);
}

/* One round of removals; the bounds that stand are moved together. */
static size_t remove_weakest(struct prune *prune, size_t count)
{
    size_t leaves = leaves_of(count);
    judge_all(prune, leaves, count);
    size_t left = count;
    for (size_t i = prune->worst[1]; prune->faults[i] > 0; i = prune->worst[1]) {
        size_t before = prune->before[i], after = prune->after[i];
        prune->after[before] = after;
        prune->before[after] = before;
        left--;
        prune->faults[i] = 0;
        for (size_t node = (leaves + i) / 2; node > 0; node /= 2)
            tournament_play(prune, node);
        if (before > 0)
            judge(prune, leaves, before);
        if (after <= count)
            judge(prune, leaves, after);
    }
    size_t kept = 1;
    for (size_t i = prune->after[0]; i <= count + 1; i = prune->after[i])
        prune->bounds[kept++] = prune->bounds[i];
    return left;
}

static bool move_all(struct prune *prune, size_t count)
{
    bool moved = false;
    for (size_t i = 1; i <= count; i++) {
        struct split split = {prune->bounds[i - 1], prune->bounds[i], prune->bounds[i + 1]};
        size_t best = split_best(prune->values, split, CHANGE_POINTS_SEGMENT);
        moved = moved || best != split.cut;
        prune->bounds[i] = best;
    }
    return moved;
}

/* Where the cuts stand is settled last, and none is judged there again: the most likely place is
 * seldom the one that a test is surest of. Twice, for a cut's neighbours have moved as well. */
static void place_all(struct prune *prune, size_t count)
{
    for (int round = 0; round < PLACINGS; round++) {
        for (size_t i = 1; i <= count; i++) {
            struct split split = {prune->bounds[i - 1], prune->bounds[i], prune->bounds[i + 1]};
            prune->bounds[i] = place_cut(prune->values, split, CHANGE_POINTS_SEGMENT,
                                         prune->dependence, prune->sides);
        }
    }
}

size_t prune_cuts(struct prune *prune, size_t count)
{
    for (int round = 0; count > 0; round++) {
        count = remove_weakest(prune, count);
        if (round == ROUNDS || !move_all(prune, count))
            break;
    }
    place_all(prune, count);
    return count;
}
