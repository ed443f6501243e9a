#include "stats/interval.h"

#include "stats/distribution.h"
#include "stats/quantile.h"

static double coverage_of(size_t k, size_t n)
{
    return 1 - 2 * binomial_cdf((double)k - 1, (double)n, 0.5);
}

/* The largest k whose pair of order statistics covers `level`; k = 1 is known to. */
static size_t deepest_pair(size_t n, double level)
{
    size_t low = 1, high = (n + 1) / 2 + 1;
    while (high - low > 1) {
        size_t k = low + (high - low) / 2;
        if (k <= (n + 1) / 2 && coverage_of(k, n) >= level)
            low = k;
        else
            high = k;
    }
    return low;
}

bool interval_of_median(const double *sorted, size_t n, double level, struct interval *interval)
{
    if (n < 2 || coverage_of(1, n) < level)
        return false;
    size_t k = deepest_pair(n, level);
    double coverage = coverage_of(k, n);
    double low = sorted[k - 1], high = sorted[n - k];
    if (2 * (k + 1) <= n + 1) {
        double excess = (coverage - level) / (coverage - coverage_of(k + 1, n));
        double rest = (double)(n - k) * excess;
        double lambda = rest / ((double)k + ((double)n - 2 * (double)k) * excess);
        low = quantile_between(low, sorted[k], lambda);
        high = -quantile_between(-high, -sorted[n - k - 1], lambda);
    }
    *interval = (struct interval){.low = low, .high = high, .coverage = coverage};
    return true;
}
