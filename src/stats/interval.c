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

/* Order statistics k and n + 1 − k, what they cover, and how far to go from them towards the next
 * pair inwards. */
struct pair {
    size_t k;
    double coverage, inwards;
};

static struct pair pair_compute(size_t n, double level)
{
    struct pair pair = {.k = deepest_pair(n, level)};
    double k = (double)pair.k, size = (double)n;
    pair.coverage = coverage_of(pair.k, n);
    if (2 * (pair.k + 1) > n + 1)
        return pair;
    double excess = (pair.coverage - level) / (pair.coverage - coverage_of(pair.k + 1, n));
    double rest = (size - k) * excess;
    pair.inwards = rest / (k + (size - 2 * k) * excess);
    return pair;
}

/* What pair_compute() says for 95 % and n from 6 to 20, with 17 digits: a baseline asks for them
 * all the time. test_interval.c holds them against it. */
enum { TABLE_FROM = 6, TABLE_TO = 20 };
static const struct pair table_95[] = {
    {1, 0.96875, 0.35714285714285843},
    {1, 0.98437499999999989, 0.73333333333333195},
    {1, 0.9921875, 0.93564356435643536},
    {2, 0.96093750000000022, 0.22790697674418983},
    {2, 0.978515625, 0.65765765765765904},
    {2, 0.98828125, 0.91779396462018703},
    {3, 0.96142578125, 0.26311844077961083},
    {3, 0.97753906249999989, 0.68463219227967753},
    {3, 0.98706054687500011, 0.94853442399454713},
    {4, 0.96484375, 0.37350608734502527},
    {4, 0.978729248046875, 0.76272010370530674},
    {5, 0.950958251953125, 0.024015602493340719},
    {5, 0.96911621093750011, 0.51797572704374006},
    {5, 0.9807891845703125, 0.8640167364016752},
    {6, 0.95861053466796864, 0.23523421588594609},
};

bool interval_of_median(const double *sorted, size_t n, double level, struct interval *interval)
{
    bool tabled = level == 0.95 && n >= TABLE_FROM && n <= TABLE_TO;
    if (n < 2 || (!tabled && coverage_of(1, n) < level))
        return false;
    struct pair pair = tabled ? table_95[n - TABLE_FROM] : pair_compute(n, level);
    double low = sorted[pair.k - 1], high = sorted[n - pair.k];
    if (2 * (pair.k + 1) <= n + 1) {
        low = quantile_between(low, sorted[pair.k], pair.inwards);
        high = -quantile_between(-high, -sorted[n - pair.k - 1], pair.inwards);
    }
    *interval = (struct interval){.low = low, .high = high, .coverage = pair.coverage};
    return true;
}
