#include "stats/change_points_partition.h"

#include "base/bounds.h"

#include <math.h>

enum { MOST_PIECES = 2048 };

size_t partition_room(size_t n)
{
    return 2 * (n < MOST_PIECES / 2 ? 2 * n + 2 : MOST_PIECES);
}

struct pieces {
    struct partition_piece *at;
    size_t count, room;
};

/* Appends a piece; an empty one is dropped, one that goes on with the same function is joined. */
static void pieces_add(struct pieces *pieces, const struct partition_piece *piece, double low,
                       double high)
{
    if (!(high > low))
        return;
    if (pieces->count > 0) {
        struct partition_piece *before = &pieces->at[pieces->count - 1];
        /* Out of room, the piece before is stretched: still a true segmentation's cost. */
        if (before->start == piece->start || pieces->count == pieces->room) {
            before->high = high;
            return;
        }
    }
    pieces->at[pieces->count] = *piece;
    pieces->at[pieces->count].low = low;
    pieces->at[pieces->count++].high = high;
}

/* The level of a piece that is nearest to one. */
static double held(double level, const struct partition_piece *piece)
{
    return least_of(piece->high, greatest_of(piece->low, level));
}

/* Adds the squared error of one value to every piece; returns the smallest cost and its start. */
static double pieces_charge(struct pieces *pieces, double value, size_t *start)
{
    double smallest = INFINITY;
    for (size_t i = 0; i < pieces->count; i++) {
        struct partition_piece *p = &pieces->at[i];
        p->square += 1;
        p->linear -= 2 * value;
        p->constant += value * value;
        double level = held(-p->linear / (2 * p->square), p);
        double cost = (p->square * level + p->linear) * level + p->constant;
        if (cost < smallest) {
            smallest = cost;
            *start = p->start;
        }
    }
    return smallest;
}

/* Where a piece costs more than a new segment would, the new segment takes its place. */
static void pieces_challenge(const struct pieces *from, double cost, size_t start,
                             struct pieces *to)
{
    struct partition_piece fresh = {.constant = cost, .start = start};
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        const struct partition_piece *p = &from->at[i];
        double below = p->high, above = p->high; /* nowhere cheaper: all of it is replaced */
        double inside = p->linear * p->linear - 4 * p->square * (p->constant - cost);
        if (inside > 0) {
            double half = sqrt(inside) / (2 * p->square);
            double middle = -p->linear / (2 * p->square);
            below = held(middle - half, p);
            above = held(middle + half, p);
        }
        pieces_add(to, &fresh, p->low, below);
        pieces_add(to, p, below, above);
        pieces_add(to, &fresh, above, p->high);
    }
}

static size_t cuts_read(const size_t *last, size_t n, size_t *cuts)
{
    size_t count = 0;
    for (size_t at = last[n - 1]; at > 0; at = last[at - 1])
        cuts[count++] = at;
    for (size_t i = 0; i < count / 2; i++) {
        size_t swap = cuts[i];
        cuts[i] = cuts[count - 1 - i];
        cuts[count - 1 - i] = swap;
    }
    return count;
}

size_t partition(const double *values, size_t n, double penalty, struct partition_piece *room,
                 size_t *last, size_t *cuts)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = least_of(low, values[i]);
        high = greatest_of(high, values[i]);
    }
    if (!(high > low))
        return 0;
    size_t half = partition_room(n) / 2;
    struct pieces now = {room, 0, half}, next = {room + half, 0, half};
    pieces_add(&now, &(struct partition_piece){.start = 0}, low, high);
    for (size_t i = 0; i < n; i++) {
        size_t start = 0;
        double cost = pieces_charge(&now, values[i], &start);
        last[i] = start;
        pieces_challenge(&now, cost + penalty, i + 1, &next);
        struct pieces swap = now;
        now = next;
        next = swap;
    }
    return cuts_read(last, n, cuts);
}
