#include "stats/change_points_online.h"

#include "stats/change_points_search.h"
#include "stats/change_points_split.h"
#include "stats/robust.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    YOUNGEST = 4,      /* measurements of a new level that are needed to announce it */
    TAIL_LONGEST = 12, /* of them that the tail alone is judged by; beyond, the search sees it */
    TAIL_BEFORE = 26,  /* measurements of the old level that the tail is held against */
    REMEMBERED = 8,
    NEAR = 5,
};

/* Standard errors that make a step sure enough to announce: found by the search, or seen in the
 * tail alone, where every measurement is a new chance to be wrong. */
static const double ANNOUNCE = 5, ALARM = 5.5;

/* Of so few measurements the noise itself is hardly known. */
enum { FEW = 30 };
static const double ANNOUNCE_FEW = 12;

/* Provisional points of before, so that one announced does not flicker. */
struct remembered {
    size_t at[REMEMBERED], count;
};

static bool recalls(const struct remembered *old, size_t index)
{
    for (size_t i = 0; i < old->count; i++)
        if (index < old->at[i] + NEAR && old->at[i] < index + NEAR)
            return true;
    return false;
}

static struct remembered remember(const struct change_point *points, size_t count)
{
    struct remembered old = {.count = 0};
    for (size_t i = count; i > 0 && old.count < REMEMBERED; i--)
        if (points[i - 1].state == CHANGE_PROVISIONAL)
            old.at[old.count++] = points[i - 1].index;
    return old;
}

/* Leaves out what is young, not sure and was not announced before. */
static size_t keep_sure(struct change_point *points, size_t count, size_t n,
                        const struct remembered *old)
{
    double sure = n < FEW ? ANNOUNCE_FEW : ANNOUNCE;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (points[i].state == CHANGE_CONFIRMED || points[i].t >= sure ||
            recalls(old, points[i].index))
            points[kept++] = points[i];
    return kept;
}

static double median_of(const double *values, size_t n, double *work)
{
    memcpy(work, values, n * sizeof *work);
    return median(work, n);
}

/* The length of the tail that differs most from what is before it, and by how many standard
 * errors of independent noise. */
static size_t tail_length(const struct search *search, size_t n, double *errors)
{
    double all = 0, tail = 0;
    size_t best = YOUNGEST;
    for (size_t i = 0; i < n; i++)
        all += search->clipped[i];
    *errors = 0;
    for (size_t m = 1; m <= TAIL_LONGEST && m + TAIL_BEFORE <= n; m++) {
        tail += search->clipped[n - m];
        double k = (double)m, rest = (double)(n - m);
        double shift = fabs(tail / k - (all - tail) / rest);
        double score = shift / (search->widths.capped * sqrt(1 / k + 1 / rest));
        if (m >= YOUNGEST && score > *errors) {
            *errors = score;
            best = m;
        }
    }
    return best;
}

/* Does the tail of values[begin..n) alone make a new level sure? Then it is in *point. */
static bool tail_alarm(const double *values, size_t begin, size_t n, void *scratch,
                       struct change_point *point)
{
    if (n - begin > CHANGE_WATCH_WINDOW)
        begin = n - CHANGE_WATCH_WINDOW;
    struct search search = search_lay_out(n - begin, scratch);
    size_t finite = search_take(&search, values + begin, n - begin);
    if (finite < TAIL_BEFORE + YOUNGEST || !search_prepare(&search, finite))
        return false;
    double errors;
    size_t cut = finite - tail_length(&search, finite, &errors);
    size_t bounds[] = {0, cut, finite};
    double t = errors / sqrt(noise_dependence(search.clipped, bounds, 1));
    if (t < ALARM)
        return false;
    struct split split = {0, cut, finite};
    struct split_test test = split_compare(search.clipped, split, search.sides);
    *point = (struct change_point){.index = begin + search.origin[cut], .z = test.z, .t = t};
    point->before = median_of(search.finite, cut, search.work);
    point->after = median_of(search.finite + cut, finite - cut, search.work);
    point->change_percent = change_percent_of(point->before, point->after);
    point->state = CHANGE_PROVISIONAL;
    return true;
}

static bool search_due(const struct change_watch *watch, size_t n)
{
    return n <= CHANGE_WATCH_EACH || watch->searched == 0 || n < watch->searched ||
           n - watch->searched >= watch->searched / CHANGE_WATCH_SHARE;
}

/* Has a provisional point reached the age at which only a search can confirm it? */
static bool comes_of_age(const struct change_point *points, size_t count, size_t n, size_t delay)
{
    for (size_t i = 0; i < count; i++)
        if (points[i].state == CHANGE_PROVISIONAL && n - points[i].index >= delay)
            return true;
    return false;
}

static bool last_is_young(const struct change_point *points, size_t count)
{
    return count > 0 && points[count - 1].state == CHANGE_PROVISIONAL;
}

static size_t last_level(const struct change_point *points, size_t count)
{
    return count > 0 ? points[count - 1].index : 0;
}

size_t change_watch_add(struct change_watch *watch, const double *values, size_t n,
                        const struct change_points_options *options, void *scratch,
                        struct change_point *points, size_t count)
{
    if (n == 0 || !isfinite(values[n - 1]))
        return count;
    size_t delay = options && options->delay > 0 ? options->delay : CHANGE_POINTS_DELAY;
    struct remembered old = remember(points, count);
    struct change_point seen;
    bool due = search_due(watch, n) || comes_of_age(points, count, n, delay);
    if (!due && !last_is_young(points, count))
        due = tail_alarm(values, last_level(points, count), n, scratch, &seen);
    if (!due)
        return count;
    count = change_points_find(values, n, options, scratch, points);
    count = keep_sure(points, count, n, &old);
    watch->searched = n;
    if (!last_is_young(points, count) &&
        tail_alarm(values, last_level(points, count), n, scratch, &seen))
        points[count++] = seen;
    return count;
}
