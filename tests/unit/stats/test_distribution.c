#include "stats/distribution.h"

#include "stats/reference.h"
#include "suite.h"

static void check_normal(struct reference *r)
{
    assert_relative(normal_cdf(r->list[0][0]), r->list[1][0], 1e-13);
    assert_relative(normal_upper(r->list[0][0]), r->list[1][1], 1e-13);
}

TEST(distribution__normal_keeps_its_tails)
{
    reference_each("normal", check_normal);
}

static void check_normal_quantile(struct reference *r)
{
    assert_relative(normal_quantile(r->list[0][0]), r->list[1][0], 1e-14);
    assert_relative(normal_quantile_upper(r->list[0][0]), -r->list[1][0], 1e-14);
}

TEST(distribution__normal_quantile)
{
    reference_each("normal_quantile", check_normal_quantile);
    assert_true(isinf(normal_quantile(0)) && isinf(normal_quantile(1)));
    assert_true(isnan(normal_quantile(-0.1)) && isnan(normal_quantile(1.1)));
}

static void check_student(struct reference *r)
{
    double t = r->list[0][0], df = r->list[0][1];
    double tolerance = 1e-12;
    assert_relative(student_cdf(t, df), r->list[1][0], tolerance);
    assert_relative(student_upper(t, df), r->list[1][1], tolerance);
}

TEST(distribution__student_keeps_its_tails)
{
    reference_each("student", check_student);
}

static void check_student_quantile(struct reference *r)
{
    assert_close(student_quantile(r->list[0][0], r->list[0][1]), r->list[1][0], 1e-12);
}

TEST(distribution__student_quantile)
{
    reference_each("student_quantile", check_student_quantile);
    for (int df = 1; df <= 20; df++) /* from a table, and not */
        assert_close(student_quantile(0.975, df), -student_quantile(0.025, df), 1e-14);
    assert_true(isinf(student_quantile(0, 4)) && isinf(student_quantile(1, 4)));
    assert_true(isnan(student_quantile(0.5, 0)));
}

static void check_beta(struct reference *r)
{
    double x = r->list[0][0];
    assert_relative(beta_regularised(x, 1 - x, r->list[0][1], r->list[0][2]), r->list[1][0],
                    1e-11);
}

TEST(distribution__beta)
{
    reference_each("beta", check_beta);
}

static void check_binomial(struct reference *r)
{
    const double *in = r->list[0];
    assert_relative(binomial_pmf(in[0], in[1], in[2]), r->list[1][0], 1e-12);
    assert_relative(binomial_cdf(in[0], in[1], in[2]), r->list[1][1], 1e-12);
}

TEST(distribution__binomial)
{
    reference_each("binomial", check_binomial);
}
