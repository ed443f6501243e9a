#include "fixture.h"

#include "base/file.h"
#include "model/metric.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct tare_error oops;

void check_done(enum tare_status status, const char *call, const char *file, int line)
{
    if (status == TARE_OK)
        return;
    print_error("%s: %d %s\n", call, (int)status, oops.message);
    _fail(file, line);
}

void check_refused(enum tare_status status, enum tare_status expected, const char *call,
                   const char *file, int line)
{
    if (status == expected && oops.status == expected && oops.message[0] != '\0')
        return;
    print_error("%s: returned %d, error %d '%s', expected %d\n", call, (int)status,
                (int)oops.status, oops.message, (int)expected);
    _fail(file, line);
}

void check_says(const char *part, const char *file, int line)
{
    if (strstr(oops.message, part) != NULL)
        return;
    print_error("'%s' does not say '%s'\n", oops.message, part);
    _fail(file, line);
}

char *folder_make(void)
{
    char *folder = strdup("/tmp/tare-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

void folder_remove(const char *folder)
{
    DIR *files = opendir(folder);
    assert_non_null(files);
    for (struct dirent *file; (file = readdir(files)) != NULL;)
        if (file->d_name[0] != '.')
            unlinkat(dirfd(files), file->d_name, 0);
    closedir(files);
    rmdir(folder);
}

static void open_url(struct fixture *fixture)
{
    struct store_options options = {.create = true};
    done(store_open(fixture->url, &options, &fixture->store, &oops));
}

void fixture_open(struct fixture *fixture)
{
    const char *kind = getenv("TARE_TEST_STORE");
    *fixture = (struct fixture){0};
    if (kind == NULL || strcmp(kind, "sqlite") == 0) {
        fixture->folder = folder_make();
        fixture->url = file_join(fixture->folder, "tare.db");
    } else if (strcmp(kind, "memory") == 0) {
        fixture->url = strdup(":memory:");
    } else {
        fail_msg("TARE_TEST_STORE=%s is no backend of fixture.c", kind);
    }
    open_url(fixture);
}

void fixture_reopen(struct fixture *fixture)
{
    if (strcmp(fixture->url, ":memory:") == 0)
        return;
    store_close(fixture->store);
    open_url(fixture);
}

void fixture_close(struct fixture *fixture)
{
    store_close(fixture->store);
    if (fixture->folder != NULL)
        folder_remove(fixture->folder);
    free(fixture->folder);
    free(fixture->url);
}

struct session a_session(const char *id, int64_t started_ns)
{
    struct session session;
    session_init(&session);
    snprintf(session.id, sizeof session.id, "%s", id);
    session.app = (char *)"shop";
    session.labels = (char *)"";
    session.environment.key = (char *)"box";
    session.started_ns = started_ns;
    session.taken_ns = started_ns;
    return session;
}

struct series a_series(const char *metric_id)
{
    return (struct series){.metric_id = (char *)metric_id,
                           .app = (char *)"shop",
                           .environment = (char *)"box",
                           .labels = (char *)""};
}

struct measurement a_measurement(int64_t series_id, const char *session_id, int64_t time_ns,
                                 double value)
{
    struct measurement measurement = {.series_id = series_id,
                                      .time_ns = time_ns,
                                      .window_start_ns = time_ns - 1,
                                      .n = 1,
                                      .value = value,
                                      .min = value,
                                      .max = value,
                                      .mean = value,
                                      .p50 = value,
                                      .p95 = value,
                                      .p99 = value,
                                      .final = true};
    snprintf(measurement.session_id, sizeof measurement.session_id, "%s", session_id);
    return measurement;
}

int64_t put_series(struct store *store, const char *metric_id, const struct session *session)
{
    int64_t id = 0;
    struct metric metric;
    struct series series = a_series(metric_id);
    metric_init(&metric);
    done(metric_name(&metric, metric_id, NULL, "ms", &oops));
    done(store_metric_put(store, &metric, false, &oops));
    metric_release(&metric);
    done(store_session_put(store, session, &oops));
    series.app = session->app;
    series.environment = session->environment.key;
    series.labels = session->labels;
    series.temperature = session->temperature;
    done(store_series_put(store, &series, &id, &oops));
    assert_true(id > 0);
    return id;
}

const char *session_name(char text[UUID_TEXT_SIZE], size_t number)
{
    snprintf(text, UUID_TEXT_SIZE, "10000000-0000-4000-8000-%012zx", number);
    return text;
}

int64_t put_history(struct store *store, size_t count, int64_t *ids)
{
    int64_t series_id = 0;
    char name[UUID_TEXT_SIZE];
    done(store_begin(store, &oops));
    for (size_t i = 1; i <= count; i++) {
        int64_t time_ns = (1000 + (int64_t)i) * SECOND;
        struct session session = a_session(session_name(name, i), time_ns - SECOND / 2);
        series_id = put_series(store, "m", &session);
        struct measurement one = a_measurement(series_id, name, time_ns, (double)i);
        done(store_measurement_put(store, &one, &oops));
        if (ids != NULL)
            ids[i - 1] = one.id;
    }
    done(store_commit(store, &oops));
    return series_id;
}
