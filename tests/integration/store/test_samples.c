#include "fixture.h"

#include <stdlib.h>

static int64_t begin(struct fixture *f)
{
    struct session session = a_session(SESSION_A, 1);
    fixture_open(f);
    done(store_begin(f->store, &oops));
    return put_series(f->store, "m", &session);
}

static struct batch_part part_of(struct batch *batch, const double *values, size_t count,
                                 int64_t from_ns)
{
    batch_init(batch);
    struct batch_part *part = batch_part_add(batch);
    part->window_start_ns = 1;
    for (size_t i = 0; i < count; i++)
        done(batch_part_sample(part, from_ns + (int64_t)i * 1000, values[i], &oops));
    return *part;
}

TEST(samples__come_back_to_the_bit)
{
    static const double values[] = {0,      -0.0,    1.5,    387.123456, 1.0 / 3,          1e300,
                                    1e-300, -7,      5e-324, 1e15,       123456789.123456, -1e-6,
                                    42,     1.0e-10, 0.1};
    struct fixture f;
    struct batch batch;
    struct batch_part back;
    int64_t series = begin(&f);
    struct batch_part part = part_of(&batch, values, 15, 1234567890123456789);
    part.samples[3].time_ns += 17;
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_commit(f.store, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_int_equal(back.sample_count, 15);
    for (size_t i = 0; i < 15; i++) {
        assert_true(back.samples[i].time_ns == part.samples[i].time_ns);
        assert_memory_equal(&back.samples[i].value, &values[i], sizeof values[i]);
    }
    assert_int_equal(back.n, 15);
    assert_true(back.min == part.min && back.max == part.max && back.sum == part.sum);
    assert_true(back.first_ns == part.first_ns && back.last_ns == part.last_ns);
    batch_part_release(&back);
    batch_release(&batch);
    fixture_close(&f);
}

TEST(samples__are_appended_and_read_in_order_of_time)
{
    struct fixture f;
    struct batch later, earlier;
    struct batch_part back;
    static double values[2500];
    for (size_t i = 0; i < 2500; i++)
        values[i] = (double)i / 7;
    int64_t series = begin(&f);
    struct batch_part second = part_of(&later, values, 2500, 9000000),
                      first = part_of(&earlier, values, 3, 50);
    first.failed = 2;
    done(store_samples_add(f.store, series, SESSION_A, &second, &oops));
    done(store_samples_add(f.store, series, SESSION_A, &first, &oops));
    done(store_commit(f.store, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_int_equal(back.sample_count, 2503);
    assert_int_equal(back.n, 2503);
    assert_int_equal(back.failed, 2);
    assert_int_equal(back.first_ns, 50);
    assert_true(back.last_ns == second.last_ns);
    assert_true(back.samples[2].time_ns == 2050 && back.samples[3].time_ns == 9000000);
    assert_true(back.samples[2502].value == values[2499]);
    assert_close(back.sum, second.sum + first.sum, 1e-12);
    batch_part_release(&back);
    batch_release(&later);
    batch_release(&earlier);
    fixture_close(&f);
}

TEST(samples__counted_ones_are_merged_bucket_by_bucket)
{
    struct fixture f;
    struct batch_part back;
    struct histogram_bucket one[] = {{-3, 1}, {5, 10}, {70000, 3}}, two[] = {{4, 2}, {5, 1}};
    struct batch_part part = {.window_start_ns = 1,
                              .buckets = one,
                              .bucket_count = 3,
                              .n = 14,
                              .sum = 100,
                              .min = -2,
                              .max = 60,
                              .first_ns = 5,
                              .last_ns = 9};
    int64_t series = begin(&f);
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    part.buckets = two;
    part.bucket_count = 2;
    part.n = 3;
    part.sum = 10;
    part.min = 1;
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_commit(f.store, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_int_equal(back.sample_count, 0);
    assert_int_equal(back.n, 17);
    assert_true(back.sum == 110 && back.min == -2 && back.max == 60);
    assert_int_equal(back.bucket_count, 4);
    static const struct histogram_bucket both[] = {{-3, 1}, {4, 2}, {5, 11}, {70000, 3}};
    for (size_t i = 0; i < 4; i++)
        assert_true(back.buckets[i].index == both[i].index &&
                    back.buckets[i].count == both[i].count);
    batch_part_release(&back);
    fixture_close(&f);
}

TEST(samples__of_a_mixed_part_keep_their_totals)
{
    struct fixture f;
    struct batch batch;
    struct batch_part back;
    struct histogram_bucket counted[] = {{5, 10}};
    static const double values[] = {1, 2};
    int64_t series = begin(&f);
    struct batch_part part = part_of(&batch, values, 2, 10);
    part.buckets = counted;
    part.bucket_count = 1;
    part.n += 10;
    part.sum += 500;
    part.max = 60;
    part.failed = 4;
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_commit(f.store, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_true(back.n == 12 && back.failed == 4 && back.sample_count == 2);
    assert_true(back.min == 1 && back.max == 60 && back.sum == 503);
    batch_part_release(&back);
    batch_release(&batch);
    fixture_close(&f);
}

TEST(samples__only_failed_ones_are_kept_as_a_count)
{
    struct fixture f;
    struct batch_part back, part = {.window_start_ns = 1,
                                    .failed = 3,
                                    .min = INFINITY,
                                    .max = -INFINITY,
                                    .first_ns = 4,
                                    .last_ns = 8};
    int64_t series = begin(&f);
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_true(back.n == 0 && back.failed == 3 && back.first_ns == 4 && back.last_ns == 8);
    batch_part_release(&back);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(samples__of_another_window_series_or_session_stay_apart)
{
    struct fixture f;
    struct batch batch;
    struct batch_part back;
    static const double values[] = {1};
    int64_t series = begin(&f);
    struct session other = a_session(SESSION_B, 5);
    int64_t second = put_series(f.store, "n", &other);
    struct batch_part part = part_of(&batch, values, 1, 10);
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_samples_read(f.store, series, SESSION_A, 2, &back, &oops));
    assert_int_equal(back.n, 0);
    batch_part_release(&back);
    done(store_samples_read(f.store, series, SESSION_B, 1, &back, &oops));
    assert_int_equal(back.n, 0);
    batch_part_release(&back);
    done(store_samples_read(f.store, second, SESSION_A, 1, &back, &oops));
    assert_true(back.n == 0 && back.sample_count == 0 && back.bucket_count == 0);
    batch_part_release(&back);
    batch_release(&batch);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(samples__of_a_session_that_is_not_there_are_refused)
{
    struct fixture f;
    struct batch batch;
    static const double values[] = {1};
    int64_t series = begin(&f);
    struct batch_part part = part_of(&batch, values, 1, 10);
    refused(store_samples_add(f.store, series, SESSION_C, &part, &oops), TARE_E_NOT_FOUND);
    says(SESSION_C);
    batch_release(&batch);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(samples__totals_of_a_time_are_those_of_the_samples_in_it)
{
    struct fixture f;
    struct batch batch;
    struct store_totals totals;
    static double values[3500];
    for (size_t i = 0; i < 3500; i++)
        values[i] = (double)(i + 1);
    int64_t series = begin(&f);
    struct batch_part part = part_of(&batch, values, 3500, 1000000);
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_commit(f.store, &oops));
    done(store_totals_get(f.store, series, 0, 0, &totals, &oops));
    assert_true(totals.n == 3500 && totals.sum == 3500.0 * 3501 / 2);
    assert_true(totals.min == 1 && totals.max == 3500);
    /* Sample i + 1 stands at 1,000,000 + i × 1000: from 501 up to 2600, across three rows. */
    done(store_totals_get(f.store, series, 1500000, 3600000, &totals, &oops));
    assert_int_equal(totals.n, 2100);
    assert_true(totals.min == 501 && totals.max == 2600 && totals.sum == 2100 * 3101.0 / 2);
    done(store_totals_get(f.store, series, 1500000, 1500001, &totals, &oops));
    assert_true(totals.n == 1 && totals.sum == 501);
    done(store_totals_get(f.store, series, 9000000, 0, &totals, &oops));
    assert_true(totals.n == 0 && totals.sum == 0 && isinf(totals.min));
    done(store_totals_get(f.store, series + 1, 0, 0, &totals, &oops));
    assert_int_equal(totals.n, 0);
    batch_release(&batch);
    fixture_close(&f);
}

TEST(samples__put_replaces_those_of_the_window)
{
    static const double many[] = {1, 2, 3}, few[] = {4.5};
    struct fixture f;
    struct batch first, other, second;
    struct batch_part back;
    int64_t series = begin(&f);
    struct batch_part three = part_of(&first, many, 3, 5000),
                      apart = part_of(&other, many, 2, 9000), one = part_of(&second, few, 1, 7000);
    apart.window_start_ns = 2;
    one.failed = 2;
    done(store_samples_add(f.store, series, SESSION_A, &three, &oops));
    done(store_samples_add(f.store, series, SESSION_A, &apart, &oops));
    for (int turn = 0; turn < 2; turn++) {
        done(store_samples_put(f.store, series, SESSION_A, &one, &oops));
        done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
        assert_int_equal(back.sample_count, 1);
        assert_true(back.samples[0].value == 4.5 && back.n == 1 && back.failed == 2);
        batch_part_release(&back);
    }
    done(store_samples_read(f.store, series, SESSION_A, 2, &back, &oops));
    assert_int_equal(back.sample_count, 2);
    batch_part_release(&back);
    refused(store_samples_put(f.store, series, SESSION_B, &one, &oops), TARE_E_NOT_FOUND);
    store_rollback(f.store);
    batch_release(&first);
    batch_release(&other);
    batch_release(&second);
    fixture_close(&f);
}

/* The measurement that a part makes. */
static struct measurement measured(int64_t series, const struct batch_part *part)
{
    struct measurement one = a_measurement(series, SESSION_A, part->last_ns, part->max);
    one.window_start_ns = part->window_start_ns;
    one.n = part->n;
    one.min = part->min;
    one.mean = part->sum / (double)part->n;
    return one;
}

static void assert_samples(struct store *store, int64_t series, int64_t window_ns,
                           const double *values, size_t count)
{
    struct batch_part back;
    double sum = 0;
    done(store_samples_read(store, series, SESSION_A, window_ns, &back, &oops));
    assert_int_equal(back.sample_count, count);
    assert_int_equal(back.n, count);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(&back.samples[i].value, &values[i], sizeof values[i]);
        sum += values[i];
    }
    assert_true(back.sum == sum && back.last_ns == back.samples[count - 1].time_ns);
    batch_part_release(&back);
}

TEST(samples__of_a_measurement_come_back_however_few)
{
    static const double values[] = {-0.0, 1.0 / 3, 387.123456, -7, 2, 2, 1e300, 4, 5, 0.1};
    for (size_t count = 1; count <= 10; count++)
        for (size_t from = 0; from + count <= 10; from++) {
            struct fixture f;
            struct batch batch;
            int64_t series = begin(&f);
            struct batch_part part = part_of(&batch, values + from, count, 1234567890123456789);
            struct measurement one = measured(series, &part);
            done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
            assert_samples(f.store, series, 1, values + from, count);
            done(store_measurement_put(f.store, &one, &oops));
            assert_samples(f.store, series, 1, values + from, count);
            done(store_commit(f.store, &oops));
            fixture_reopen(&f);
            if (f.folder != NULL)
                assert_samples(f.store, series, 1, values + from, count);
            batch_release(&batch);
            fixture_close(&f);
        }
}

TEST(samples__are_added_to_those_of_a_measurement)
{
    static const double all[] = {5, 6, 7};
    struct fixture f;
    struct batch first, second;
    int64_t series = begin(&f);
    struct batch_part one = part_of(&first, all, 1, 1000),
                      two = part_of(&second, all + 1, 2, 5000);
    struct measurement made = measured(series, &one);
    done(store_samples_add(f.store, series, SESSION_A, &one, &oops));
    done(store_measurement_put(f.store, &made, &oops));
    done(store_commit(f.store, &oops));
    done(store_begin(f.store, &oops));
    done(store_samples_add(f.store, series, SESSION_A, &two, &oops));
    assert_samples(f.store, series, 1, all, 3);
    int64_t id = made.id;
    made.n = 3;
    made.time_ns = two.last_ns;
    made.value = made.max = 7;
    done(store_measurement_put(f.store, &made, &oops));
    assert_int_equal(made.id, id);
    assert_samples(f.store, series, 1, all, 3);
    done(store_samples_put(f.store, series, SESSION_A, &one, &oops));
    done(store_commit(f.store, &oops));
    assert_samples(f.store, series, 1, all, 1);
    batch_release(&first);
    batch_release(&second);
    fixture_close(&f);
}

TEST(samples__stay_when_their_measurement_is_put_once_more)
{
    static const double five = 5;
    struct fixture f;
    struct batch batch;
    int64_t series = begin(&f);
    struct batch_part part = part_of(&batch, &five, 1, 1000);
    struct measurement made = measured(series, &part);
    done(store_samples_add(f.store, series, SESSION_A, &part, &oops));
    done(store_measurement_put(f.store, &made, &oops));
    for (int turn = 0; turn < 4; turn++) {
        made.time_ns += turn == 1;           /* first the same, then another time, */
        made.min = turn == 2 ? 4 : made.min; /* another number, */
        made.n += turn == 3;                 /* and more of them */
        done(store_measurement_put(f.store, &made, &oops));
        assert_samples(f.store, series, 1, &five, 1);
    }
    struct batch_part back;
    done(store_samples_read(f.store, series, SESSION_A, 1, &back, &oops));
    assert_int_equal(back.samples[0].time_ns, 1000);
    batch_part_release(&back);
    done(store_commit(f.store, &oops));
    batch_release(&batch);
    fixture_close(&f);
}

TEST(samples__of_a_measurement_are_in_the_totals)
{
    static const double values[] = {5, 6, 7};
    struct fixture f;
    struct batch batch, other;
    struct store_totals totals;
    int64_t series = begin(&f);
    struct batch_part three = part_of(&batch, values, 3, 1000),
                      one = part_of(&other, values, 1, 0);
    struct measurement made = measured(series, &three);
    done(store_samples_add(f.store, series, SESSION_A, &three, &oops));
    done(store_measurement_put(f.store, &made, &oops));
    one.window_start_ns = 2;
    one.samples[0].time_ns = one.first_ns = one.last_ns = 9000;
    struct measurement next = measured(series, &one);
    done(store_samples_add(f.store, series, SESSION_A, &one, &oops));
    done(store_measurement_put(f.store, &next, &oops));
    done(store_totals_get(f.store, series, 0, 0, &totals, &oops));
    assert_true(totals.n == 4 && totals.sum == 23 && totals.min == 5 && totals.max == 7);
    done(store_totals_get(f.store, series, 2000, 3000, &totals, &oops));
    assert_true(totals.n == 1 && totals.sum == 6);
    done(store_totals_get(f.store, series, 3000, 0, &totals, &oops));
    assert_true(totals.n == 2 && totals.sum == 12);
    struct store_info info;
    done(store_info_get(f.store, &info, &oops));
    assert_int_equal(info.samples, 4);
    done(store_commit(f.store, &oops));
    batch_release(&batch);
    batch_release(&other);
    fixture_close(&f);
}

TEST(samples__and_measurements_keep_their_window_when_the_session_began_earlier)
{
    static const double values[] = {5, 6};
    struct fixture f;
    struct batch batch, other;
    struct measurement *back = NULL;
    size_t count = 0;
    int64_t series = begin(&f);
    struct session session = a_session(SESSION_A, 1000);
    done(store_session_put(f.store, &session, &oops));
    struct batch_part first = part_of(&batch, values, 1, 5000),
                      second = part_of(&other, values + 1, 1, 6000);
    first.window_start_ns = 1000; /* the session's */
    second.window_start_ns = 400;
    struct measurement one = measured(series, &first), two = measured(series, &second);
    done(store_samples_add(f.store, series, SESSION_A, &first, &oops));
    done(store_measurement_put(f.store, &one, &oops));
    done(store_samples_add(f.store, series, SESSION_A, &second, &oops));
    done(store_measurement_put(f.store, &two, &oops));
    session.started_ns = 400;
    done(store_session_put(f.store, &session, &oops));
    for (int turn = 0; turn < 2; turn++) {
        assert_samples(f.store, series, 1000, values, 1);
        assert_samples(f.store, series, 400, values + 1, 1);
        done(store_measurement_put(f.store, turn == 0 ? &one : &two, &oops));
    }
    done(store_commit(f.store, &oops));
    done(store_measurement_list(f.store, &(struct store_filter){0}, &back, &count, &oops));
    assert_int_equal(count, 2);
    assert_true(back[0].window_start_ns == 1000 && back[1].window_start_ns == 400);
    free(back);
    batch_release(&batch);
    batch_release(&other);
    fixture_close(&f);
}

TEST(samples__put_replaces_those_of_a_measurement)
{
    static const double before[] = {5}, after[] = {6, 7};
    struct fixture f;
    struct batch first, second;
    int64_t series = begin(&f);
    struct batch_part one = part_of(&first, before, 1, 1000), two = part_of(&second, after, 2, 10);
    struct measurement made = measured(series, &one);
    done(store_samples_add(f.store, series, SESSION_A, &one, &oops));
    done(store_measurement_put(f.store, &made, &oops));
    done(store_samples_put(f.store, series, SESSION_A, &two, &oops));
    assert_samples(f.store, series, 1, after, 2);
    done(store_commit(f.store, &oops));
    assert_samples(f.store, series, 1, after, 2);
    batch_release(&first);
    batch_release(&second);
    fixture_close(&f);
}
