#include "fixture.h"

static size_t count_of(struct store *store, const struct store_filter *filter)
{
    struct series *series = NULL;
    size_t count = 0;
    done(store_series_list(store, filter, &series, &count, &oops));
    store_series_list_free(series, count);
    return count;
}

TEST(series__each_of_its_parts_tells_it_apart)
{
    struct fixture f;
    int64_t ids[6], again;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1), other = a_session(SESSION_B, 2);
    other.environment.key = (char *)"other";
    done(store_begin(f.store, &oops));
    ids[0] = put_series(f.store, "m", &session);
    ids[1] = put_series(f.store, "n", &session);
    ids[2] = put_series(f.store, "m", &other);
    struct series series = a_series("m");
    series.app = (char *)"till";
    done(store_series_put(f.store, &series, &ids[3], &oops));
    series = a_series("m");
    series.labels = (char *)"a=1";
    done(store_series_put(f.store, &series, &ids[4], &oops));
    series.labels = (char *)"";
    series.temperature = TEMPERATURE_COLD;
    done(store_series_put(f.store, &series, &ids[5], &oops));
    done(store_series_put(f.store, &series, &again, &oops));
    done(store_commit(f.store, &oops));
    assert_true(again == ids[5]);
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(ids[i] != ids[k]);
    assert_int_equal(count_of(f.store, &(struct store_filter){0}), 6);
    assert_int_equal(count_of(f.store, &(struct store_filter){.metric_id = "n"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.app = "till"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.environment = "other"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.labels = "a=1"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.series_id = ids[2]}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.has_temperature = true}), 5);
    fixture_close(&f);
}

TEST(series__its_environment_must_be_known)
{
    struct fixture f;
    int64_t id = 77;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    put_series(f.store, "m", &session);
    struct series series = a_series("m");
    series.environment = (char *)"nowhere";
    refused(store_series_put(f.store, &series, &id, &oops), TARE_E_STORE);
    says("nowhere");
    assert_int_equal(id, 77);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(series__list_is_in_order_of_metric_and_id)
{
    struct fixture f;
    struct series *series = NULL;
    size_t count = 0;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    session.labels = (char *)"k=v";
    session.temperature = TEMPERATURE_COLD;
    done(store_begin(f.store, &oops));
    put_series(f.store, "b", &session);
    put_series(f.store, "a", &session);
    done(store_commit(f.store, &oops));
    done(store_series_list(f.store, &(struct store_filter){0}, &series, &count, &oops));
    assert_int_equal(count, 2);
    assert_string_equal(series[0].metric_id, "a");
    assert_string_equal(series[1].metric_id, "b");
    assert_string_equal(series[0].app, "shop");
    assert_string_equal(series[0].environment, "box");
    assert_string_equal(series[0].labels, "k=v");
    assert_int_equal(series[0].temperature, TEMPERATURE_COLD);
    store_series_list_free(series, count);
    fixture_close(&f);
}
