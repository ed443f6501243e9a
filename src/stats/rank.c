#include "stats/rank.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/distribution.h"
#include "stats/double_order.h"
#include "stats/quantile.h"

__extension__ typedef unsigned __int128 count128;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How often U = u for u = 0…limit among all orders of n + m different values, in counts[], and
 * C(n+m, n), which is returned. The counts are the coefficients of the Gaussian binomial
 * ∏ (1 − qⁿ⁺ⁱ)/(1 − qⁱ), i = 1…m; all arithmetic is modulo 2¹²⁸, so the differences on the way
 * cost nothing: every result is below 2⁹⁷ when n·m ≤ 2500 (Harding 1984). */
static count128 rank_counts(size_t n, size_t m, count128 *counts, size_t limit)
{
    if (m > n) {
        size_t t = n;
        n = m;
        m = t;
    }
    memset(counts, 0, (limit + 1) * sizeof *counts);
    counts[0] = 1;
    count128 total = 1;
    for (size_t i = 1; i <= m; i++) {
        for (size_t u = limit + 1; u-- > n + i;)
            counts[u] -= counts[u - n - i];
        for (size_t u = i; u <= limit; u++)
            counts[u] += counts[u - i];
        total = total * (n + i) / i;
    }
    return total;
}

/* P(U ≤ u) for 0 ≤ u ≤ n·m/2, exactly. */
static double rank_exact_lower(size_t n, size_t m, size_t u)
{
    count128 counts[RANK_EXACT_PAIRS / 2 + 1];
    count128 total = rank_counts(n, m, counts, u);
    count128 sum = 0;
    for (size_t i = 0; i <= u; i++)
        sum += counts[i];
    return (double)sum / (double)total;
}

static double rank_exact_cdf(size_t n, size_t m, size_t u)
{
    size_t pairs = n * m;
    if (2 * u <= pairs)
        return rank_exact_lower(n, m, u);
    return u >= pairs ? 1 : 1 - rank_exact_lower(n, m, pairs - u - 1);
}

double rank_u(const double *a, size_t n, const double *b, size_t m, double *ties)
{
    double u = 0;
    size_t i = 0, j = 0;
    *ties = 0;
    while (i < n || j < m) {
        double value = j >= m || (i < n && a[i] <= b[j]) ? a[i] : b[j];
        size_t in_a = i, in_b = j;
        while (i < n && a[i] <= value)
            i++;
        while (j < m && b[j] <= value)
            j++;
        in_a = i - in_a;
        in_b = j - in_b;
        u += (double)in_b * ((double)(i - in_a) + 0.5 * (double)in_a);
        double group = (double)(in_a + in_b);
        *ties += group * (group * group - 1);
    }
    return u;
}

double rank_sigma(size_t n, size_t m, double ties)
{
    double total = (double)(n + m), pairs = (double)n * (double)m;
    double variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)));
    return variance > 0 ? sqrt(variance) : 0;
}

struct rank_test rank_test(const double *a, size_t n, const double *b, size_t m)
{
    double ties;
    struct rank_test test = {.u = rank_u(a, n, b, m, &ties)};
    double pairs = (double)n * (double)m;
    test.exact = ties <= 0 && pairs <= RANK_EXACT_PAIRS;
    if (test.exact) {
        test.p_less = rank_exact_cdf(n, m, (size_t)test.u);
        test.p_greater = rank_exact_cdf(m, n, (size_t)(pairs - test.u));
    } else {
        double sigma = rank_sigma(n, m, ties);
        double above = test.u - pairs / 2;
        test.p_greater = sigma > 0 ? normal_upper((above - 0.5) / sigma) : 1;
        test.p_less = sigma > 0 ? normal_upper((-above - 0.5) / sigma) : 1;
    }
    test.p_two_sided = fmin(1, 2 * fmin(test.p_greater, test.p_less));
    return test;
}

/* How many differences b − a are at most `limit`: as b grows, so does the first a that fits. */
static double differences_up_to(const double *a, size_t n, const double *b, size_t m, double limit)
{
    double count = 0;
    size_t first = 0;
    for (size_t j = 0; j < m; j++) {
        while (first < n && b[j] - a[first] > limit)
            first++;
        count += (double)(n - first);
    }
    return count;
}

/* The k-th smallest difference b − a, k from 1 to n·m. */
static double difference_select(const double *a, size_t n, const double *b, size_t m, double k)
{
    int64_t low = double_place(b[0] - a[n - 1]), high = double_place(b[m - 1] - a[0]);
    while (low < high) {
        int64_t middle = double_place_between(low, high);
        if (differences_up_to(a, n, b, m, double_at(middle)) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    double value = double_at(low);
    return value == 0 ? 0 : value;
}

double rank_shift(const double *a, size_t n, const double *b, size_t m)
{
    double pairs = (double)n * (double)m;
    double k = floor((pairs + 1) / 2);
    double low = difference_select(a, n, b, m, k);
    if (2 * k > pairs)
        return low;
    return quantile_between(low, difference_select(a, n, b, m, k + 1), 0.5);
}

/* The largest k with 2·P(U < k) ≤ 1 − level, or 0; the coverage of the interval in *coverage. */
static double interval_depth(size_t n, size_t m, double level, double *coverage)
{
    double pairs = (double)n * (double)m, tail = 0.5 * (1 - level), k = 0;
    if (pairs > RANK_EXACT_PAIRS) {
        double sigma = rank_sigma(n, m, 0);
        k = floor(pairs / 2 + 0.5 + normal_quantile(tail) * sigma);
        *coverage = 1 - 2 * normal_cdf((k - 0.5 - pairs / 2) / sigma);
        return k < 0 ? 0 : k;
    }
    count128 counts[RANK_EXACT_PAIRS / 2 + 1];
    size_t limit = smaller((size_t)pairs / 2, RANK_EXACT_PAIRS / 2);
    double total = (double)rank_counts(n, m, counts, limit);
    count128 sum = 0;
    for (size_t u = 0; u <= limit; u++) {
        sum += counts[u];
        if ((double)sum / total > tail)
            break;
        k = (double)u + 1;
        *coverage = 1 - 2 * ((double)sum / total);
    }
    return k;
}

bool rank_shift_interval(const double *a, size_t n, const double *b, size_t m, double level,
                         struct interval *interval)
{
    double coverage = 0, k = interval_depth(n, m, level, &coverage);
    if (k < 1)
        return false;
    double pairs = (double)n * (double)m;
    *interval = (struct interval){.low = difference_select(a, n, b, m, k),
                                  .high = difference_select(a, n, b, m, pairs + 1 - k),
                                  .coverage = coverage};
    return true;
}
