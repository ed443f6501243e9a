#include "stats/robust.h"

#include <math.h>

#include "base/bounds.h"
#include "stats/quantile.h"

double median(double *values, size_t n)
{
    return quantile(values, n, 0.5);
}

double mad_factor(size_t n)
{
    /* Means of 3.6 million simulated normal samples each, tests/data/stats/mad_factor.py; they
     * agree with both papers to the three digits that those print. */
    static const double correction[21] = {0,       0,       1.19544, 1.48697, 1.36056, 1.21663,
                                          1.18935, 1.13751, 1.12755, 1.10192, 1.0955,  1.08025,
                                          1.07646, 1.06603, 1.06364, 1.05636, 1.05466, 1.0492,
                                          1.04778, 1.04341, 1.0425};
    const double consistency = 1.482602218505602;
    if (n < 2)
        return 0;
    if (n <= 20)
        return consistency * correction[n];
    double size = (double)n;
    return consistency / (1 - 0.76213 / size - 0.86413 / (size * size));
}

double robust_spread(const double *sorted, size_t n, double *centre)
{
    double middle = quantile_sorted(sorted, n, 0.5), before = 0, nearest = 0;
    size_t below = n / 2, above = below; /* sorted[below − 1] and sorted[above] are next */
    *centre = middle;
    if (n < 2)
        return 0;
    for (size_t taken = 0; taken <= n / 2; taken++) {
        double down = below > 0 ? middle - sorted[below - 1] : INFINITY;
        double up = above < n ? sorted[above] - middle : INFINITY;
        before = nearest;
        nearest = least_of(up, down);
        down < up ? below-- : above++;
    }
    return mad_factor(n) * (n % 2 == 1 ? nearest : quantile_between(before, nearest, 0.5));
}
