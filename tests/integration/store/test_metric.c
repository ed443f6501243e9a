#include "fixture.h"

static void put(struct store *store, const char *id, enum metric_category category)
{
    struct metric metric;
    metric_init(&metric);
    done(metric_name(&metric, id, NULL, "ms", &oops));
    metric.category = category;
    done(store_metric_put(store, &metric, false, &oops));
    metric_release(&metric);
}

TEST(metric__every_field_comes_back)
{
    struct fixture f;
    struct metric metric, back;
    fixture_open(&f);
    metric_init(&metric);
    metric_init(&back);
    done(metric_name(&metric, "X-1", "Ex one", "MB", &oops));
    metric.better = TARE_HIGHER;
    metric.aggregate = AGGREGATE_P95;
    metric.category = CATEGORY_SECONDARY;
    metric.weight = 2.5;
    metric.warmup = 3;
    metric.min_change = 0.25;
    metric.resolution = 0.5;
    metric.persist_needed = 1;
    metric.persist_of = 4;
    metric.target = 1e300;
    metric.warning_percent = 5;
    metric.error_percent = 50;
    done(store_begin(f.store, &oops));
    done(store_metric_put(f.store, &metric, false, &oops));
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    done(store_metric_get(f.store, "X-1", &back, &oops));
    assert_string_equal(back.id, "X-1");
    assert_string_equal(back.name, "Ex one");
    assert_string_equal(back.unit, "MB");
    assert_int_equal(back.better, TARE_HIGHER);
    assert_int_equal(back.aggregate, AGGREGATE_P95);
    assert_int_equal(back.category, CATEGORY_SECONDARY);
    assert_true(back.weight == 2.5 && back.min_change == 0.25 && back.resolution == 0.5);
    assert_true(back.warmup == 3 && back.persist_needed == 1 && back.persist_of == 4);
    assert_true(back.target == 1e300 && back.warning_percent == 5 && back.error_percent == 50);
    metric_release(&metric);
    metric_release(&back);
    fixture_close(&f);
}

TEST(metric__one_that_is_there_changes_only_when_asked)
{
    struct fixture f;
    struct metric metric, back;
    fixture_open(&f);
    metric_init(&metric);
    metric_init(&back);
    done(metric_name(&metric, "x", "first", "ms", &oops));
    metric.target = 10;
    done(store_begin(f.store, &oops));
    done(store_metric_put(f.store, &metric, false, &oops));
    done(metric_name(&metric, "x", "second", "s", &oops));
    metric.target = 20;
    done(store_metric_put(f.store, &metric, false, &oops));
    done(store_metric_get(f.store, "x", &back, &oops));
    assert_string_equal(back.name, "first");
    assert_true(back.target == 10);
    done(store_metric_put(f.store, &metric, true, &oops));
    done(store_metric_get(f.store, "x", &back, &oops));
    assert_string_equal(back.name, "second");
    assert_string_equal(back.unit, "s");
    assert_true(back.target == 20);
    done(store_commit(f.store, &oops));
    metric_release(&metric);
    metric_release(&back);
    fixture_close(&f);
}

TEST(metric__list_goes_by_category_then_id)
{
    static const char *const order[] = {"c1", "c2", "b", "a"};
    struct fixture f;
    struct metric *metrics = NULL;
    size_t count = 0;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    put(f.store, "a", CATEGORY_CUSTOM);
    put(f.store, "c2", CATEGORY_CORE);
    put(f.store, "b", CATEGORY_SECONDARY);
    put(f.store, "c1", CATEGORY_CORE);
    done(store_commit(f.store, &oops));
    done(store_metric_list(f.store, &metrics, &count, &oops));
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(metrics[i].id, order[i]);
    assert_true(isnan(metrics[0].target));
    store_metric_list_free(metrics, count);
    fixture_close(&f);
}

TEST(metric__one_that_is_not_there_names_those_like_it)
{
    struct fixture f;
    struct metric metric;
    fixture_open(&f);
    metric_init(&metric);
    done(store_begin(f.store, &oops));
    put(f.store, "VAL-001", CATEGORY_CORE);
    put(f.store, "MEM-001", CATEGORY_CORE);
    done(store_commit(f.store, &oops));
    refused(store_metric_get(f.store, "VAL-01", &metric, &oops), TARE_E_NOT_FOUND);
    says("VAL-01");
    says("VAL-001");
    assert_null(strstr(oops.message, "MEM-001"));
    refused(store_metric_get(f.store, "%", &metric, &oops), TARE_E_NOT_FOUND);
    assert_null(strstr(oops.message, "MEM-001"));
    assert_null(metric.id);
    metric_release(&metric);
    fixture_close(&f);
}

TEST(metric__target_is_set_and_taken_away)
{
    struct fixture f;
    struct metric back;
    fixture_open(&f);
    metric_init(&back);
    done(store_begin(f.store, &oops));
    put(f.store, "x", CATEGORY_CORE);
    refused(store_target_set(f.store, "y", 1, 10, 20, "me", &oops), TARE_E_NOT_FOUND);
    done(store_target_set(f.store, "x", 123.5, 11, 22, "me", &oops));
    done(store_metric_get(f.store, "x", &back, &oops));
    assert_true(back.target == 123.5 && back.warning_percent == 11 && back.error_percent == 22);
    done(store_target_set(f.store, "x", NAN, 10, 20, "me", &oops));
    done(store_metric_get(f.store, "x", &back, &oops));
    assert_true(isnan(back.target));
    done(store_commit(f.store, &oops));
    metric_release(&back);
    fixture_close(&f);
}
