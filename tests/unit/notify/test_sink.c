#include "notify/sink.h"

#include "notify/sink_kind.h"
#include "suite.h"

#include <stdlib.h>

TEST(sink__every_kind_is_complete)
{
    const struct sink_kind *kind;
    size_t count = 0;
    for (; (kind = sink_kind_at(count)) != NULL; count++) {
        assert_non_null(kind->name);
        assert_ptr_equal(sink_kind_find(kind->name), kind);
        assert_non_null(kind->place);
        assert_non_null(kind->launch);
        assert_non_null(kind->formats[0]);
        assert_int_equal(kind->step == NULL, kind->abandon == NULL);
        assert_string_equal(sink_kind_format(kind, NULL), kind->formats[0]);
        assert_null(sink_kind_format(kind, "no such format"));
        assert_int_equal(sink_kind_has_key(kind, "no such key"), 0);
    }
    assert_int_equal(count, 5);
    assert_null(sink_kind_find("pigeon"));
}

TEST(sink__wants_by_severity_event_app_and_metric)
{
    struct sink sink;
    char *apps[] = {(char *)"shop", (char *)"ware*"}, *metrics[] = {(char *)"APP-*"};
    sink_init(&sink);
    assert_true(sink_wants(&sink, "x", "y", SEVERITY_WARNING, ALERT_ACTION_OPENED));
    assert_false(sink_wants(&sink, "x", "y", SEVERITY_INFO, ALERT_ACTION_OPENED));
    assert_true(sink_wants(&sink, "x", "y", SEVERITY_CRITICAL, ALERT_ACTION_RESOLVED));
    assert_false(sink_wants(&sink, "x", "y", SEVERITY_CRITICAL, ALERT_ACTION_REPEATED));
    assert_false(sink_wants(&sink, "x", "y", SEVERITY_CRITICAL, ALERT_ACTION_ACKNOWLEDGED));
    sink.events = 1u << ALERT_ACTION_RESOLVED;
    assert_false(sink_wants(&sink, "x", "y", SEVERITY_CRITICAL, ALERT_ACTION_OPENED));
    sink.apps = apps;
    sink.app_count = 2;
    assert_false(sink_wants(&sink, "x", "y", SEVERITY_ERROR, ALERT_ACTION_RESOLVED));
    assert_true(sink_wants(&sink, "warehouse", "y", SEVERITY_ERROR, ALERT_ACTION_RESOLVED));
    sink.metrics = metrics;
    sink.metric_count = 1;
    assert_false(sink_wants(&sink, "shop", "y", SEVERITY_ERROR, ALERT_ACTION_RESOLVED));
    assert_true(sink_wants(&sink, "shop", "APP-001", SEVERITY_ERROR, ALERT_ACTION_RESOLVED));
}

static void assert_place(struct sink *sink, const char *expected)
{
    char place[SINK_PLACE_SIZE];
    sink_place(sink, place);
    assert_string_equal(place, expected);
}

TEST(sink__place_tells_no_secret)
{
    struct sink sink;
    sink_init(&sink);
    sink.kind = sink_kind_find("webhook");
    const char *const urls[][2] = {
        {"https://hooks.example.com/services/T00/B00/XXX", "https://hooks.example.com"},
        {"http://ann:pass%40word@example.com:8080/x?token=y#z", "http://example.com:8080"},
        {"https://example.com?token=a@b/c", "https://example.com"},
        {"https://[::1]:9/x", "https://[::1]:9"},
    };
    for (size_t i = 0; i < 4; i++) {
        sink.url = (char *)urls[i][0];
        assert_place(&sink, urls[i][1]);
    }
    sink.url = NULL;
    sink.url_env = (char *)"TEST_SINK_URL";
    unsetenv("TEST_SINK_URL");
    assert_place(&sink, "$TEST_SINK_URL, which is not set");
    setenv("TEST_SINK_URL", "https://example.org/secret", 1);
    assert_place(&sink, "https://example.org");
    sink.kind = sink_kind_find("command");
    sink.command = (char *)"curl -H 'Authorization: abc' example.com";
    assert_place(&sink, "curl …");
    sink.command = (char *)"./page";
    assert_place(&sink, "./page");
}

TEST(sink__is_ready_when_its_secrets_are_there)
{
    struct sink sink;
    struct tare_error error;
    sink_init(&sink);
    sink.kind = sink_kind_find("webhook");
    sink.url = (char *)"https://example.com/";
    assert_int_equal(sink_ready(&sink, &error), TARE_OK);
    sink.secret_env = (char *)"TEST_SINK_SECRET";
    unsetenv("TEST_SINK_SECRET");
    assert_int_equal(sink_ready(&sink, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "TEST_SINK_SECRET"));
    setenv("TEST_SINK_SECRET", "", 1);
    assert_int_equal(sink_ready(&sink, &error), TARE_E_NOT_FOUND);
    setenv("TEST_SINK_SECRET", "x", 1);
    assert_int_equal(sink_ready(&sink, &error), TARE_OK);
    sink.secret_env = NULL;
    sink.secret_file = (char *)"/nonexistent/secret";
    assert_int_equal(sink_ready(&sink, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nonexistent/secret"));
}
