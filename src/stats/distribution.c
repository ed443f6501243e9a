#include "stats/distribution.h"

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

static double polynomial(const double *coefficients, int degree, double x)
{
    double value = coefficients[degree];
    for (int i = degree - 1; i >= 0; i--)
        value = value * x + coefficients[i];
    return value;
}

/* AS 241, routine PPND16: a ratio of polynomials of degree 7 in each of three ranges. */
static double normal_quantile_centre(double q)
{
    static const double a[8] = {3.3871328727963666080,    1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    double r = 0.180625 - q * q;
    return q * polynomial(a, 7, r) / polynomial(b, 7, r);
}

/* The positive quantile for a tail probability below 0.075. */
static double normal_quantile_tail(double tail)
{
    static const double c[8] = {1.42343711074968357734,    4.63033784615654529590,
                                5.76949722146069140550,    3.64784832476320460504,
                                1.27045825245236838258,    2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187,
                                1.67638483018380384940,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720,    5.46378491116411436990,
                                1.78482653991729133580,    2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double r = sqrt(-log(tail));
    if (r <= 5)
        return polynomial(c, 7, r - 1.6) / polynomial(d, 7, r - 1.6);
    return polynomial(e, 7, r - 5) / polynomial(f, 7, r - 5);
}

double normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0)
        return -INFINITY;
    if (p == 1)
        return INFINITY;
    if (fabs(p - 0.5) <= 0.425)
        return normal_quantile_centre(p - 0.5);
    return p < 0.5 ? -normal_quantile_tail(p) : normal_quantile_tail(1 - p);
}

double normal_quantile_upper(double p)
{
    return -normal_quantile(p);
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

static double beta_fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 100000; m++) {
        double i = m;
        double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        double odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        double step = d * c;
        h *= step;
        if (fabs(step - 1) <= 2 * DBL_EPSILON)
            break;
    }
    return h;
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

/* P(T > t), t ≥ 0, as a finite sum: Abramowitz & Stegun 26.7.3 and 26.7.4, for whole df. Exact to
 * 1e-16 absolutely, so not for small tails. */
static double student_tail_sum(double t, int df)
{
    double tangent = t / sqrt(df), square = 1 / (1 + tangent * tangent);
    double sine = tangent * sqrt(square);
    bool odd = df % 2 == 1;
    double term = odd ? sqrt(square) : 1, sum = df > 1 ? term : 0;
    for (int i = odd ? 2 : 1; i < df - 2; i += 2) {
        term *= square * i / (i + 1);
        sum += term;
    }
    if (!odd)
        return 0.5 - 0.5 * sine * sum;
    return 0.5 - M_1_PI * (atan(tangent) + sine * sum);
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
    if (df <= 64 && df == floor(df) && square < 16) {
        double tail = student_tail_sum(t, (int)df);
        if (tail > 1e-3)
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

double student_quantile(double p, double df)
{
    if (!(p >= 0 && p <= 1) || !(df > 0))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    if (p == 0.5)
        return 0;
    return p < 0.5 ? -student_quantile_tail(p, df) : student_quantile_tail(1 - p, df);
}

double student_normal_score(double t, double df)
{
    const double limit = 37;
    double tail = student_upper(fabs(t), df);
    double z = tail < 1e-299 ? limit : fmin(normal_quantile_upper(tail), limit);
    return t < 0 ? -z : z;
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
