#include "fixture.h"

#include <stdlib.h>

TEST(transaction__commit_keeps_and_rollback_forgets)
{
    struct fixture f;
    char *value = NULL;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, "kept", "yes", &oops));
    done(store_commit(f.store, &oops));
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, "kept", "no", &oops));
    done(store_setting_put(f.store, "lost", "yes", &oops));
    store_rollback(f.store);
    store_rollback(f.store); /* nothing is open: nothing happens */
    fixture_reopen(&f);
    done(store_setting_get(f.store, "lost", &value, &oops));
    assert_null(value);
    done(store_setting_get(f.store, "kept", &value, &oops));
    assert_string_equal(value, "yes");
    free(value);
    fixture_close(&f);
}

TEST(transaction__a_second_begin_is_refused_and_the_first_goes_on)
{
    struct fixture f;
    char *value = NULL;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, "a", "1", &oops));
    refused(store_begin(f.store, &oops), TARE_E_USAGE);
    done(store_commit(f.store, &oops));
    refused(store_commit(f.store, &oops), TARE_E_USAGE);
    done(store_setting_get(f.store, "a", &value, &oops));
    assert_string_equal(value, "1");
    free(value);
    fixture_close(&f);
}

TEST(transaction__closing_rolls_back)
{
    struct fixture f;
    char *value = NULL;
    fixture_open(&f);
    if (f.folder == NULL) {
        fixture_close(&f);
        return; /* a store in memory is gone when it is closed */
    }
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, "a", "1", &oops));
    fixture_reopen(&f);
    done(store_setting_get(f.store, "a", &value, &oops));
    assert_null(value);
    fixture_close(&f);
}

TEST(transaction__what_is_written_is_read_within_it)
{
    struct fixture f;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 5);
    struct session *sessions = NULL;
    size_t count = 0;
    struct store_filter any = {0};
    done(store_begin(f.store, &oops));
    done(store_session_put(f.store, &session, &oops));
    done(store_session_list(f.store, &any, &sessions, &count, &oops));
    assert_int_equal(count, 1);
    store_session_list_free(sessions, count);
    done(store_commit(f.store, &oops));
    fixture_close(&f);
}

TEST(transaction__a_batch_is_claimed_once)
{
    struct fixture f;
    bool fresh = false;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    done(store_batch_claim(f.store, "s.1", &fresh, &oops));
    assert_true(fresh);
    done(store_batch_claim(f.store, "s.1", &fresh, &oops));
    assert_false(fresh);
    store_rollback(f.store);
    done(store_begin(f.store, &oops));
    done(store_batch_claim(f.store, "s.1", &fresh, &oops));
    assert_true(fresh); /* the first claim was rolled back with all that came with it */
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    done(store_begin(f.store, &oops));
    done(store_batch_claim(f.store, "s.1", &fresh, &oops));
    assert_false(fresh);
    done(store_batch_claim(f.store, "s.2", &fresh, &oops));
    assert_true(fresh);
    done(store_commit(f.store, &oops));
    fixture_close(&f);
}

TEST(transaction__settings_hold_any_text)
{
    struct fixture f;
    char *value = NULL;
    const char *odd = "it's \"odd\"; DROP TABLE performance_settings; -- \xc3\xa9\n";
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, odd, odd, &oops));
    done(store_commit(f.store, &oops));
    done(store_setting_get(f.store, odd, &value, &oops));
    assert_string_equal(value, odd);
    free(value);
    fixture_close(&f);
}
