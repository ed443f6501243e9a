#include "notify/courier.h"

#include "base/file.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct sink a_sink(const char *kind, const char *what)
{
    struct sink sink;
    sink_init(&sink);
    sink.name = (char *)kind;
    sink.kind = sink_kind_find(kind);
    sink.folder = (char *)"/tmp";
    if (strcmp(kind, "command") == 0)
        sink.command = (char *)what;
    else
        sink.path = (char *)what;
    return sink;
}

static struct parcel a_parcel(const struct sink *sink, const char *body)
{
    static char *none[] = {NULL};
    return (struct parcel){.sink = sink,
                           .key = "k",
                           .event = "opened",
                           .severity = SEVERITY_ERROR,
                           .body = body,
                           .size = body != NULL ? strlen(body) : 0,
                           .variables = none};
}

TEST(courier__carries_to_all_and_says_what_became_of_each)
{
    struct sink sinks[] = {a_sink("command", "cat >/dev/null"),
                           a_sink("command", "echo why >&2; exit 9"), a_sink("log", "/dev/null"),
                           a_sink("log", "/dev/null/log")};
    struct parcel parcels[4];
    for (int i = 0; i < 4; i++)
        parcels[i] = a_parcel(&sinks[i], "line\n");
    assert_int_equal(courier_run(parcels, 4, NULL), TARE_OK);
    assert_int_equal(parcels[0].end, PARCEL_DELIVERED);
    assert_int_equal(parcels[1].end, PARCEL_FAILED);
    assert_string_equal(parcels[1].why, "the command ended with 9: why");
    assert_int_equal(parcels[2].end, PARCEL_DELIVERED);
    assert_string_equal(parcels[2].why, "");
    assert_int_equal(parcels[3].end, PARCEL_FAILED);
}

TEST(courier__ends_at_its_timeout_what_has_not_ended)
{
    struct sink slow = a_sink("command", "sleep 300"), quick = a_sink("command", "true");
    struct parcel parcels[] = {a_parcel(&slow, "x"), a_parcel(&quick, "x")};
    slow.timeout_s = 1;
    assert_int_equal(courier_run(parcels, 2, NULL), TARE_OK);
    assert_int_equal(parcels[0].end, PARCEL_FAILED);
    assert_string_equal(parcels[0].why, "the command did not end within 1 s");
    assert_int_equal(parcels[1].end, PARCEL_DELIVERED);
}

TEST(courier__leaves_alone_what_has_no_body)
{
    struct sink log = a_sink("log", "/dev/null");
    struct parcel parcel = a_parcel(&log, NULL);
    parcel.end = PARCEL_REFUSED;
    snprintf(parcel.why, sizeof parcel.why, "not there");
    assert_int_equal(courier_run(&parcel, 1, NULL), TARE_OK);
    assert_int_equal(parcel.end, PARCEL_REFUSED);
    assert_string_equal(parcel.why, "not there");
    assert_int_equal(courier_run(&parcel, 0, NULL), TARE_OK);
}

/* What every program that carries parcels does first. */
__attribute__((constructor)) static void pipes_break_quietly(void)
{
    signal(SIGPIPE, SIG_IGN);
}

/* More than a pipe holds: the courier must not wait for a command that does not read. */
TEST(courier__a_long_body_reaches_whoever_reads_and_holds_up_nobody)
{
    char *body = malloc(1000001);
    assert_non_null(body);
    memset(body, 'x', 1000000);
    body[1000000] = '\0';
    struct sink reader = a_sink("command", "test $(wc -c) = 1000000"),
                deaf = a_sink("command", "sleep 0.1");
    struct parcel parcels[] = {a_parcel(&reader, body), a_parcel(&deaf, body)};
    assert_int_equal(courier_run(parcels, 2, NULL), TARE_OK);
    assert_int_equal(parcels[0].end, PARCEL_DELIVERED);
    assert_int_equal(parcels[1].end, PARCEL_DELIVERED);
    free(body);
}

TEST(courier__what_a_command_says_becomes_one_line)
{
    struct sink loud = a_sink("command", "printf 'a\\033[31m\\tb\\nc' >&2; exit 1");
    struct parcel parcel = a_parcel(&loud, "x");
    assert_int_equal(courier_run(&parcel, 1, NULL), TARE_OK);
    assert_string_equal(parcel.why, "the command ended with 1: a [31m b");
}

TEST(courier__appends_to_a_log)
{
    char path[] = "/tmp/tare-log-XXXXXX", *text = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct sink log = a_sink("log", path);
    for (int i = 0; i < 2; i++) {
        struct parcel parcel = a_parcel(&log, "line\n");
        assert_int_equal(courier_run(&parcel, 1, NULL), TARE_OK);
        assert_int_equal(parcel.end, PARCEL_DELIVERED);
    }
    assert_int_equal(file_read(path, 0, &text, NULL, NULL), TARE_OK);
    assert_string_equal(text, "line\nline\n");
    free(text);
    unlink(path);
}
