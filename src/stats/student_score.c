#include "stats/student_score.h"

#include "base/bounds.h"
#include "stats/distribution.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define SCORE_LIMIT 37
#define TAIL_LIMIT  1e-299
#define TAIL_LEAST  5.725571222524577e-300 /* P(Z > 37) */

double beta_fraction(double x, double a, double b)
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

/* arctan x, x ≥ 0: its half thrice, until the series is short. */
static double arctangent(double x)
{
    static const double odd[] = {1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17,
                                 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9,  1.0 / 7,
                                 1.0 / 5,  1.0 / 3,  1};
    for (int i = 0; i < 3; i++)
        x = x / (1 + sqrt(1 + x * x));
    double square = x * x, sum = 0;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        sum = odd[i] - sum * square;
    return 8 * x * sum;
}

/* i/(i + 1), by which the terms of the sum shrink: dividing would take longer than all else. */
static const double shrink[STUDENT_SUM_DF_MAX - 2] = {
    0,         1.0 / 2,   2.0 / 3,   3.0 / 4,   4.0 / 5,   5.0 / 6,   6.0 / 7,   7.0 / 8,
    8.0 / 9,   9.0 / 10,  10.0 / 11, 11.0 / 12, 12.0 / 13, 13.0 / 14, 14.0 / 15, 15.0 / 16,
    16.0 / 17, 17.0 / 18, 18.0 / 19, 19.0 / 20, 20.0 / 21, 21.0 / 22, 22.0 / 23, 23.0 / 24,
    24.0 / 25, 25.0 / 26, 26.0 / 27, 27.0 / 28, 28.0 / 29, 29.0 / 30, 30.0 / 31, 31.0 / 32,
    32.0 / 33, 33.0 / 34, 34.0 / 35, 35.0 / 36, 36.0 / 37, 37.0 / 38, 38.0 / 39, 39.0 / 40,
    40.0 / 41, 41.0 / 42, 42.0 / 43, 43.0 / 44, 44.0 / 45, 45.0 / 46, 46.0 / 47, 47.0 / 48,
    48.0 / 49, 49.0 / 50, 50.0 / 51, 51.0 / 52, 52.0 / 53, 53.0 / 54, 54.0 / 55, 55.0 / 56,
    56.0 / 57, 57.0 / 58, 58.0 / 59, 59.0 / 60, 60.0 / 61, 61.0 / 62};

double student_tail_sum(double t, int df)
{
    double tangent = t / sqrt(df), square = 1 / (1 + tangent * tangent);
    double sine = tangent * sqrt(square);
    bool odd = df % 2 == 1;
    double term = odd ? sqrt(square) : 1, sum = df > 1 ? term : 0;
    for (int i = odd ? 2 : 1; i < df - 2; i += 2) {
        term *= square * shrink[i];
        sum += term;
    }
    if (!odd)
        return 0.5 - 0.5 * sine * sum;
    return 0.5 - M_1_PI * (arctangent(tangent) + sine * sum);
}

static double power(double x, uint32_t exponent)
{
    double result = 1;
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2 == 1)
            result *= x;
        x *= x;
    }
    return result;
}

/* x^(df/2) / B(df/2, ½): the beta function of halves is a finite product. */
static double front(double x, uint32_t df)
{
    double value = df % 2 == 1 ? sqrt(x) * M_1_PI : 0.5 * df;
    for (uint32_t i = 1; i <= df / 2; i++)
        value *= df % 2 == 1 ? 2.0 * i / (2.0 * i - 1) : (2.0 * i - 1) / (2.0 * i);
    return value * power(x, df / 2);
}

/* P(T > t), t ≥ 0. */
static double tail_of(double t, uint32_t df)
{
    double square = t * t, all = df + square;
    if (square >= DBL_MAX)
        return 0;
    if (df <= STUDENT_SUM_DF_MAX && square < STUDENT_SUM_SQUARE_MAX) {
        double tail = student_tail_sum(t, (int)df);
        if (tail > STUDENT_SUM_TAIL_MIN)
            return tail;
    }
    double x = df / all, y = square / all, a = 0.5 * df;
    double scale = front(x, df) * sqrt(y);
    if (x * (a + 2.5) < a + 1)
        return 0.5 * scale * beta_fraction(x, a, 0.5) / a;
    return 0.5 - scale * beta_fraction(y, 0.5, a);
}

struct student_score student_score(double t, uint32_t df)
{
    if (isnan(t))
        return (struct student_score){NAN, NAN};
    double tail = tail_of(fabs(t), df), z = SCORE_LIMIT;
    if (tail < TAIL_LIMIT)
        tail = TAIL_LEAST;
    else
        z = least_of(normal_quantile_upper(tail), SCORE_LIMIT);
    return t < 0 ? (struct student_score){-z, 1 - tail} : (struct student_score){z, tail};
}
