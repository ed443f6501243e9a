/* Without libm, for libtare: see stats/student_score.h. */
#include "stats/distribution.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ln x for a normal x > 0: x = m·2ᵉ with m about 1, and ln m = 2·artanh((m − 1)/(m + 1)), of which
 * eleven terms are all that a double can tell. */
static double natural_log(double x)
{
    static const double odd[] = {1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                                 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1};
    const uint64_t half_root = UINT64_C(0x3fe6a09e667f3bcd); /* √½ */
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int64_t exponent = ((int64_t)bits - (int64_t)half_root) >> 52;
    bits -= (uint64_t)exponent << 52;
    memcpy(&x, &bits, sizeof bits);
    double s = (x - 1) / (x + 1), square = s * s, sum = 0;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        sum = sum * square + odd[i];
    return (double)exponent * M_LN2 + 2 * s * sum;
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
    double r = sqrt(-natural_log(tail));
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
