#include "stats/distribution.h"

#include "stats/student_score.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

static const double LOG_SQRT_2PI = 0.918938533204672741780329736406;

double normal_cdf(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

double normal_upper(double z)
{
    return 0.5 * erfc(z * M_SQRT1_2);
}

/* lgamma() writes the global signgam; this one does not. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* ln n! minus Stirling's formula for it (Loader 2000, section 3). */
static double stirling_error(double n)
{
    if (n <= 15)
        return log_gamma(n + 1) - (n + 0.5) * log(n) + n - LOG_SQRT_2PI;
    double s = 1 / (n * n);
    return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188))))) /
           n;
}

/* x·ln(x/m) + m − x, without the cancellation when x is near m. */
static double deviance(double x, double m)
{
    if (fabs(x - m) >= 0.1 * (x + m))
        return x * log(x / m) + m - x;
    double v = (x - m) / (x + m);
    double sum = (x - m) * v, term = 2 * x * v;
    for (int j = 1; j < 1000; j++) {
        term *= v * v;
        double next = sum + term / (2 * j + 1);
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

/* The binomial probability for real x in (0, n), q = 1 − p. */
static double binomial_raw(double x, double n, double p, double q)
{
    if (p <= 0 || q <= 0)
        return 0;
    double exponent = stirling_error(n) - stirling_error(x) - stirling_error(n - x) -
                      deviance(x, n * p) - deviance(n - x, n * q);
    return exp(exponent) * sqrt(n / (2 * M_PI * x * (n - x)));
}

double beta_regularised(double x, double y, double a, double b)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    /* xᵃ·yᵇ/B(a, b) = binomial_raw(a; a+b, x)·a·b/(a+b) */
    double front = binomial_raw(a, a + b, x, y) * a * b / (a + b);
    if (x * (a + b + 2) < a + 1)
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(y, b, a) / b;
}

/* The normal deviate with nearly the same tail as t: Hill (1970), algorithm 395, a series in
 * 1/df². */
static double student_deviate(double t, double df)
{
    double a = df - 0.5, b = 48 * a * a;
    double y = a * log1p(t * t / df);
    double rest = ((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b;
    return sqrt(y) * (1 + rest);
}

/* P(T > t), t ≥ 0. With many degrees of freedom the fraction loses digits that Hill's series
 * keeps. */
static double student_tail(double t, double df)
{
    double square = t * t;
    if (square >= DBL_MAX)
        return 0;
    if (df > 1000)
        return normal_upper(student_deviate(t, df));
    if (df <= STUDENT_SUM_DF_MAX && df == floor(df) && square < STUDENT_SUM_SQUARE_MAX) {
        double tail = student_tail_sum(t, (int)df);
        if (tail > STUDENT_SUM_TAIL_MIN)
            return tail;
    }
    return 0.5 * beta_regularised(df / (df + square), square / (df + square), df / 2, 0.5);
}

double student_upper(double t, double df)
{
    if (isnan(t) || !(df > 0))
        return NAN;
    return t >= 0 ? student_tail(t, df) : 1 - student_tail(-t, df);
}

double student_cdf(double t, double df)
{
    return student_upper(-t, df);
}

static double student_density(double t, double df)
{
    double x = df / (df + t * t);
    double y = t * t / (df + t * t);
    if (y <= 0) /* Γ((ν+1)/2) / (√(νπ)·Γ(ν/2)) */
        return exp(log_gamma((df + 1) / 2) - log_gamma(df / 2)) / sqrt(df * M_PI);
    double front = binomial_raw(df / 2, df / 2 + 0.5, x, y) * df / 4 / (df / 2 + 0.5);
    return front / t;
}

/* The t ≥ 0 with P(T > t) = tail ≤ 1/2: a bracket by doubling, then Newton's steps on ln P, which
 * is nearly straight in ln t, kept inside the bracket. */
static double student_quantile_tail(double tail, double df)
{
    double low = 0, high = 1;
    while (student_tail(high, df) > tail && high < 1e150)
        low = high, high *= 4;
    double t = 0.5 * (low + high);
    for (int i = 0; i < 200; i++) {
        double p = student_tail(t, df);
        if (p > tail)
            low = t;
        else
            high = t;
        double next = t + p / student_density(t, df) * log(p / tail);
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next - t) <= DBL_EPSILON * fabs(t))
            return next;
        t = next;
    }
    return t;
}

/* student_quantile_tail(0.025…) for 1 … 19 degrees of freedom, with 17 digits: every baseline asks
 * for one of them. test_distribution.c holds them against it. */
static const double student_975[] = {
    12.706204736174692, 4.3026527297494619, 3.182446305283706,  2.7764451051977912,
    2.5705818356363128, 2.4469118511449666, 2.3646242515927858, 2.3060041352041658,
    2.2621571627982053, 2.228138851986273,  2.2009851600916397, 2.178812829667228,
    2.1603686564627922, 2.1447866879178044, 2.1314495455597759, 2.1199052992212537,
    2.1098155778333156, 2.1009220402410356, 2.0930240544083096};

static bool is_tabled(double p, double df)
{
    const double most = sizeof student_975 / sizeof student_975[0];
    return p == 0.975 && df >= 1 && df <= most && df == floor(df);
}

double student_quantile(double p, double df)
{
    if (is_tabled(p, df))
        return student_975[(int)df - 1];
    if (!(p >= 0 && p <= 1) || !(df > 0))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    if (p == 0.5)
        return 0;
    return p < 0.5 ? -student_quantile_tail(p, df) : student_quantile_tail(1 - p, df);
}

double binomial_pmf(double k, double n, double p)
{
    if (k < 0 || k > n)
        return 0;
    if (p <= 0 || p >= 1)
        return p <= 0 ? k == 0 : k == n;
    if (k == 0)
        return exp(n * log1p(-p));
    if (k == n)
        return exp(n * log(p));
    return binomial_raw(k, n, p, 1 - p);
}

double binomial_cdf(double k, double n, double p)
{
    if (k < 0)
        return 0;
    if (k >= n || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    return beta_regularised(1 - p, p, n - k, k + 1);
}
