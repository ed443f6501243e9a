#include "score.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

size_t score_matches(const struct marks *true_marks, const struct marks *found)
{
    bool *used = calloc(found->count + 1, sizeof *used);
    if (!used)
        err(1, "score");
    size_t matches = 0;
    for (size_t i = 0; i < true_marks->count; i++) {
        size_t nearest = found->count, least = SCORE_MARGIN + 1;
        for (size_t k = 0; k < found->count; k++) {
            size_t away = distance(true_marks->at[i], found->at[k]);
            if (!used[k] && away < least) {
                least = away;
                nearest = k;
            }
        }
        if (nearest < found->count) {
            used[nearest] = true;
            matches++;
        }
    }
    free(used);
    return matches;
}

/* Copies with index 0 in front. */
static struct marks with_origin(const struct marks *marks)
{
    struct marks copy = {calloc(marks->count + 1, sizeof(size_t)), marks->count + 1};
    if (!copy.at)
        err(1, "score");
    if (marks->count > 0)
        memcpy(copy.at + 1, marks->at, marks->count * sizeof(size_t));
    return copy;
}

static int order(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* What anyone marked, each index once, index 0 among them. */
static struct marks anyone(const struct history *history)
{
    size_t room = 1;
    for (size_t i = 0; i < history->people_count; i++)
        room += history->people[i].count;
    struct marks all = {calloc(room, sizeof(size_t)), 1};
    if (!all.at)
        err(1, "score");
    for (size_t i = 0; i < history->people_count; i++)
        for (size_t k = 0; k < history->people[i].count; k++)
            all.at[all.count++] = history->people[i].at[k];
    qsort(all.at, all.count, sizeof(size_t), order);
    size_t kept = 1;
    for (size_t i = 1; i < all.count; i++)
        if (all.at[i] != all.at[kept - 1])
            all.at[kept++] = all.at[i];
    all.count = kept;
    return all;
}

double score_f1(const struct history *history, const struct marks *found)
{
    struct marks ours = with_origin(found), all = anyone(history);
    double precision = (double)score_matches(&all, &ours) / (double)ours.count, recall = 0;
    for (size_t i = 0; i < history->people_count; i++) {
        struct marks theirs = with_origin(&history->people[i]);
        recall += (double)score_matches(&theirs, &ours) / (double)theirs.count;
        free(theirs.at);
    }
    recall /= (double)history->people_count;
    free(ours.at);
    free(all.at);
    return 2 * precision * recall / (precision + recall);
}

static double edge(const struct marks *marks, size_t i, size_t n)
{
    if (i == 0)
        return 0;
    return (double)(i <= marks->count ? marks->at[i - 1] : n);
}

static double best_overlap(const struct marks *found, size_t n, double begin, double end)
{
    double best = 0;
    for (size_t i = 0; i <= found->count; i++) {
        double low = edge(found, i, n), high = edge(found, i + 1, n);
        double shared = fmax(0, fmin(end, high) - fmax(begin, low));
        best = fmax(best, shared / (end - begin + high - low - shared));
    }
    return best;
}

double score_covering(const struct history *history, const struct marks *found)
{
    double total = 0;
    for (size_t i = 0; i < history->people_count; i++) {
        const struct marks *theirs = &history->people[i];
        for (size_t k = 0; k <= theirs->count; k++) {
            double begin = edge(theirs, k, history->n), end = edge(theirs, k + 1, history->n);
            total += (end - begin) * best_overlap(found, history->n, begin, end);
        }
    }
    return total / (double)history->n / (double)history->people_count;
}
