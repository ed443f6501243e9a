#include "stats/discovery.h"

static void sift_down(const double *p, size_t *heap, size_t n, size_t root)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && p[heap[child + 1]] > p[heap[child]])
            child++;
        if (p[heap[root]] >= p[heap[child]])
            return;
        size_t t = heap[root];
        heap[root] = heap[child];
        heap[child] = t;
    }
}

/* The tests are popped off a heap from the largest p down, which is the order the running minimum
 * wants. */
void discovery_adjust(const double *p, size_t n, double *adjusted, size_t *order)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n / 2; i-- > 0;)
        sift_down(p, order, n, i);
    double least = 1;
    for (size_t rank = n; rank > 0; rank--) {
        size_t top = order[0];
        double scaled = p[top] * (double)n / (double)rank;
        least = scaled < least ? scaled : least;
        adjusted[top] = least;
        order[0] = order[rank - 1];
        sift_down(p, order, rank - 1, 0);
    }
}
