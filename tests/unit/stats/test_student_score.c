#include "stats/student_score.h"

#include "stats/distribution.h"
#include "stats/reference.h"
#include "suite.h"

static void check_score(struct reference *r)
{
    struct student_score score = student_score(r->list[0][0], (uint32_t)r->list[0][1]);
    assert_close(score.z, r->list[1][0], 1e-12);
}

TEST(student_score__is_the_normal_quantile_of_the_same_tail)
{
    reference_each("student_score", check_score);
}

static void check_tail(struct reference *r)
{
    double t = r->list[0][0], df = r->list[0][1];
    if (df != (uint32_t)df || df > 1000 || r->list[1][1] < 1e-299)
        return;
    struct student_score score = student_score(t, (uint32_t)df);
    assert_relative(score.tail, r->list[1][1], 1e-12);
    assert_close(score.z,
                 t < 0 ? normal_quantile(r->list[1][0]) : normal_quantile_upper(r->list[1][1]),
                 1e-11);
}

TEST(student_score__has_the_tail_of_student)
{
    reference_each("student", check_tail);
}

/* Where one way of computing gives way to another, both say the same. */
TEST(student_score__has_no_step)
{
    for (uint32_t df = 1; df <= 70; df++)
        for (double t = 0; t < 60; t += 0.03125)
            assert_relative(student_score(t, df).tail, student_upper(t, df), 1e-11);
}

TEST(student_score__is_finite_for_every_value)
{
    static const double sizes[] = {1e10, 1e30, 1e100, 1e200, 1e308, INFINITY};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (uint32_t df = 1; df < 1000; df = df * 2 + 1) {
            struct student_score score = student_score(sizes[i], df);
            assert_true(score.z > 4 && score.z <= 37);
            assert_true(score.tail > 0 && score.tail < 1e-5);
            assert_true(student_score(-sizes[i], df).z == -score.z);
        }
    assert_true(isnan(student_score(NAN, 4).z));
}
