#include "fixture.h"

TEST(info__counts_what_is_there)
{
    struct fixture f;
    struct store_info info;
    bool fresh;
    fixture_open(&f);
    int64_t series = put_history(f.store, 3, NULL);
    char name[UUID_TEXT_SIZE];
    struct batch batch;
    batch_init(&batch);
    struct batch_part *part = batch_part_add(&batch);
    for (int i = 0; i < 1500; i++)
        done(batch_part_sample(part, i, i, &oops));
    struct alert alert = {.series_id = series, .state = ALERT_OPEN};
    done(store_begin(f.store, &oops));
    done(store_samples_add(f.store, series, session_name(name, 1), part, &oops));
    done(store_batch_claim(f.store, "b", &fresh, &oops));
    done(store_alert_put(f.store, &alert, &oops));
    done(store_commit(f.store, &oops));
    done(store_info_get(f.store, &info, &oops));
    assert_true(info.sessions == 3 && info.series == 1 && info.measurements == 3);
    assert_true(info.samples == 1500 && info.batches == 1 && info.alerts_live == 1);
    assert_true(info.schema_version == info.schema_version_known && info.schema_version > 0);
    assert_true(info.backend[0] != '\0' && info.backend_version[0] != '\0');
    assert_true(info.own_file);
    done(store_check(f.store, &oops));
    batch_release(&batch);
    fixture_close(&f);
}

TEST(info__a_url_of_no_backend_is_refused)
{
    struct store *store = NULL;
    refused(store_open("mysql://x", &(struct store_options){.create = true}, &store, &oops),
            TARE_E_USAGE);
    says("mysql://x");
    assert_null(store);
}
