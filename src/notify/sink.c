#include "notify/sink.h"

#include "base/error.h"
#include "notify/secret.h"
#include "notify/sink_kind.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const struct sink_kind *const kinds[] = {&sink_stderr, &sink_log, &sink_syslog,
                                                &sink_webhook, &sink_command};

void sink_init(struct sink *sink)
{
    *sink = (struct sink){.min_severity = SEVERITY_WARNING,
                          .events = SINK_EVENTS,
                          .timeout_s = SINK_TIMEOUT_S,
                          .give_up_days = SINK_GIVE_UP_DAYS};
}

static void texts_free(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void sink_release(struct sink *sink)
{
    char *const texts[] = {sink->name,        sink->url,     sink->url_env, sink->url_file,
                           sink->secret_env,  sink->ca_file, sink->path,    sink->command,
                           sink->secret_file, sink->folder};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    texts_free(sink->apps, sink->app_count);
    texts_free(sink->metrics, sink->metric_count);
    *sink = (struct sink){0};
}

const struct sink_kind *sink_kind_at(size_t index)
{
    return index < sizeof kinds / sizeof kinds[0] ? kinds[index] : NULL;
}

const struct sink_kind *sink_kind_find(const char *name)
{
    const struct sink_kind *kind;
    for (size_t i = 0; (kind = sink_kind_at(i)) != NULL; i++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

const char *sink_kind_name(const struct sink_kind *kind)
{
    return kind->name;
}

bool sink_is_queued(const struct sink *sink)
{
    return sink->kind->queued;
}

bool sink_kind_has_key(const struct sink_kind *kind, const char *key)
{
    for (const char *const *at = kind->keys; *at != NULL; at++)
        if (strcmp(*at, key) == 0)
            return true;
    return false;
}

const char *sink_kind_format(const struct sink_kind *kind, const char *format)
{
    if (format == NULL)
        return kind->formats[0];
    for (const char *const *at = kind->formats; *at != NULL; at++)
        if (strcmp(*at, format) == 0)
            return *at;
    return NULL;
}

static bool matches_one(char *const *patterns, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (fnmatch(patterns[i], text, 0) == 0)
            return true;
    return count == 0;
}

bool sink_wants(const struct sink *sink, const char *app, const char *metric_id,
                enum severity severity, enum alert_action action)
{
    return severity >= sink->min_severity && (sink->events & 1u << action) != 0 &&
           matches_one(sink->apps, sink->app_count, app) &&
           matches_one(sink->metrics, sink->metric_count, metric_id);
}

void sink_place(const struct sink *sink, char place[SINK_PLACE_SIZE])
{
    sink->kind->place(sink, place);
}

enum tare_status sink_ready(const struct sink *sink, struct tare_error *error)
{
    const char *const holders[][2] = {{sink->url_env, sink->url_file},
                                      {sink->secret_env, sink->secret_file}};
    if (sink->strange && sink->kind->queued)
        return error_set(error, TARE_E_READ_ONLY,
                         "tare.yml belongs to somebody else; if you trust it, name it by "
                         "TARE_CONFIG");
    for (size_t i = 0; i < 2; i++) {
        struct secret secret;
        if (holders[i][0] == NULL && holders[i][1] == NULL)
            continue;
        enum tare_status status = secret_read(holders[i][0], holders[i][1], &secret, error);
        if (status != TARE_OK)
            return status;
        secret_forget(&secret);
    }
    return TARE_OK;
}
