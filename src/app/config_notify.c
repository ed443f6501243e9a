#include "app/config_notify.h"

#include "base/file.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const cyaml_strval_t severity_values[] = {{"info", SEVERITY_INFO},
                                                 {"warning", SEVERITY_WARNING},
                                                 {"error", SEVERITY_ERROR},
                                                 {"critical", SEVERITY_CRITICAL}};

static const cyaml_schema_value_t word_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 400)};

static const cyaml_schema_field_t sink_fields[] = {
    CYAML_FIELD_STRING_PTR("type", CYAML_FLAG_POINTER, struct sink_entry, type, 1, 40),
    TEXT(name, sink_entry),
    CYAML_FIELD_STRING_PTR("url", OPTIONAL, struct sink_entry, url, 1, 4000),
    TEXT(url_env, sink_entry),
    TEXT(url_file, sink_entry),
    TEXT(secret_env, sink_entry),
    TEXT(secret_file, sink_entry),
    TEXT(ca_file, sink_entry),
    TEXT(path, sink_entry),
    CYAML_FIELD_STRING_PTR("command", OPTIONAL, struct sink_entry, command, 1, 4000),
    TEXT(format, sink_entry),
    ONE_OF(min_severity, sink_entry, severity_values),
    WORDS(events, sink_entry, &word_value, 1),
    WORDS(apps, sink_entry, &word_value, 0),
    WORDS(metrics, sink_entry, &word_value, 0),
    WHOLE(timeout, sink_entry),
    WHOLE(give_up_days, sink_entry),
    CYAML_FIELD_END};

const cyaml_schema_value_t sink_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct sink_entry, sink_fields)};

/* One sink of the list: where its mistakes are told. */
struct sink_source {
    const struct config_source *file;
    const struct sink_entry *entry;
    size_t index;
};

static enum tare_status sink_error(const struct sink_source *source, const char *key,
                                   struct tare_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static enum tare_status sink_error(const struct sink_source *source, const char *key,
                                   struct tare_error *error, const char *format, ...)
{
    char place[64], message[sizeof error->message];
    snprintf(place, sizeof place, "notify.%zu.%s", source->index, key);
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return config_error(source->file, place, error, "%s", message);
}

static enum tare_status kind_take(const struct sink_source *source, struct sink *sink,
                                  struct tare_error *error)
{
    const struct sink_kind *kind;
    struct strbuf names;
    sink->kind = sink_kind_find(source->entry->type);
    if (sink->kind != NULL)
        return TARE_OK;
    strbuf_init(&names);
    for (size_t i = 0; (kind = sink_kind_at(i)) != NULL; i++)
        strbuf_add_format(&names, "%s%s", i > 0 ? ", " : "", sink_kind_name(kind));
    enum tare_status status = sink_error(source, "type", error,
                                         "a sink's type is one of %s, not '%.40s'", names.text,
                                         source->entry->type);
    strbuf_release(&names);
    return status;
}

/* The keys that only some kinds have: where they go, and whether they name a file. */
struct sink_key {
    const char *name;
    const char *text;
    char **into;
    bool is_file;
};

static enum tare_status keys_take(const struct sink_source *source, const struct sink_key *keys,
                                  const struct sink *sink, struct tare_error *error)
{
    for (; keys->name != NULL; keys++) {
        if (keys->text == NULL)
            continue;
        if (!sink_kind_has_key(sink->kind, keys->name))
            return sink_error(source, keys->name, error, "a sink of type %s has no %s",
                              sink_kind_name(sink->kind), keys->name);
        if (keys->into == NULL)
            continue;
        *keys->into = keys->is_file ? file_join(sink->folder, keys->text) : strdup(keys->text);
        if (*keys->into == NULL)
            return error_memory(error);
    }
    return TARE_OK;
}

static bool is_variable_name(const char *name)
{
    if (isdigit((unsigned char)*name))
        return false;
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static enum tare_status url_check(const struct sink_source *source, const char *url,
                                  struct tare_error *error)
{
    const char *host = strncasecmp(url, "https://", 8) == 0  ? url + 8
                       : strncasecmp(url, "http://", 7) == 0 ? url + 7
                                                             : NULL;
    if (host == NULL || strcspn(host, "/?#") == 0)
        return sink_error(source, "url", error,
                          "the url of a webhook begins with https:// or http:// and a host");
    for (const char *at = url; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f)
            return sink_error(source, "url", error,
                              "the url of a webhook holds no blanks or control characters");
    return TARE_OK;
}

/* What belongs together, and what must be there. */
static enum tare_status keys_check(const struct sink_source *source, const struct sink *sink,
                                   struct tare_error *error)
{
    const char *kind = sink_kind_name(sink->kind);
    int urls = (sink->url != NULL) + (sink->url_env != NULL) + (sink->url_file != NULL);
    if (sink_kind_has_key(sink->kind, "url") && urls != 1)
        return sink_error(source, "type", error,
                          "a webhook needs one of url, url_env and url_file, not %d", urls);
    if (sink->secret_env != NULL && sink->secret_file != NULL)
        return sink_error(source, "secret_file", error,
                          "the secret is in secret_env or in secret_file, not in both");
    if (strcmp(kind, "log") == 0 && sink->path == NULL)
        return sink_error(source, "type", error, "a log needs the path of its file");
    if (strcmp(kind, "command") == 0 && sink->command == NULL)
        return sink_error(source, "type", error, "a sink of type command needs its command");
    if (sink->url_env != NULL && !is_variable_name(sink->url_env))
        return sink_error(source, "url_env", error,
                          "url_env is the name of an environment variable that holds the URL");
    if (sink->secret_env != NULL && !is_variable_name(sink->secret_env))
        return sink_error(source, "secret_env", error,
                          "secret_env is the name of an environment variable that holds the "
                          "secret");
    return sink->url != NULL ? url_check(source, sink->url, error) : TARE_OK;
}

static enum tare_status events_take(const struct sink_source *source, struct sink *sink,
                                    struct tare_error *error)
{
    const struct sink_entry *entry = source->entry;
    if (entry->events == NULL)
        return TARE_OK;
    sink->events = 0;
    for (unsigned i = 0; i < entry->events_count; i++) {
        enum alert_action action;
        char key[32];
        snprintf(key, sizeof key, "events.%u", i);
        if (strcmp(entry->events[i], "none") == 0 && entry->events_count == 1)
            break;
        if (!alert_action_parse(entry->events[i], &action) || !(SINK_EVENTS & 1u << action))
            return sink_error(
                source, key, error,
                "events are opened, reopened, escalated, resolved, or none at all, not "
                "'%.40s'",
                entry->events[i]);
        sink->events |= 1u << action;
    }
    return TARE_OK;
}

static enum tare_status numbers_take(const struct sink_source *source, struct sink *sink,
                                     struct tare_error *error)
{
    const struct sink_entry *entry = source->entry;
    if (entry->min_severity != NULL)
        sink->min_severity = *entry->min_severity;
    if (entry->timeout != NULL)
        sink->timeout_s = *entry->timeout;
    if (entry->give_up_days != NULL)
        sink->give_up_days = *entry->give_up_days;
    if (sink->timeout_s < 1 || sink->timeout_s > SINK_TIMEOUT_MOST_S)
        return sink_error(source, "timeout", error, "timeout is 1 to %d seconds",
                          SINK_TIMEOUT_MOST_S);
    if (sink->give_up_days < 1 || sink->give_up_days > 365)
        return sink_error(source, "give_up_days", error, "give_up_days is 1 to 365");
    return TARE_OK;
}

static enum tare_status patterns_take(char *const *from, unsigned count, char ***into,
                                      size_t *into_count, struct tare_error *error)
{
    if (count == 0)
        return TARE_OK;
    *into = calloc(count, sizeof **into);
    for (unsigned i = 0; *into != NULL && i < count; i++) {
        (*into)[i] = strdup(from[i]);
        if ((*into)[i] == NULL)
            return error_memory(error);
        *into_count = i + 1;
    }
    return *into != NULL ? TARE_OK : error_memory(error);
}

/* The name where none is given: "webhook", the second one "webhook-2". */
static enum tare_status name_take(const struct sink_source *source, const struct config *config,
                                  struct sink *sink, struct tare_error *error)
{
    const char *given = source->entry->name;
    char name[SINK_NAME_SIZE];
    size_t same = 1;
    for (size_t i = 0; i < source->index; i++)
        same += config->sinks[i].kind == sink->kind;
    if (given == NULL && same == 1)
        snprintf(name, sizeof name, "%s", sink_kind_name(sink->kind));
    else if (given == NULL)
        snprintf(name, sizeof name, "%s-%zu", sink_kind_name(sink->kind), same);
    else if ((size_t)snprintf(name, sizeof name, "%s", given) >= sizeof name ||
             strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") <
                 strlen(name))
        return sink_error(source, "name", error,
                          "a sink's name is made of up to %d letters, digits, '-', '_' and '.'",
                          SINK_NAME_SIZE - 1);
    for (size_t i = 0; i < source->index; i++)
        if (strcmp(config->sinks[i].name, name) == 0)
            return sink_error(source, given != NULL ? "name" : "type", error,
                              "two sinks are called %s: give them names", name);
    sink->name = strdup(name);
    return sink->name != NULL ? TARE_OK : error_memory(error);
}

static enum tare_status texts_take(const struct sink_source *source, struct sink *sink,
                                   struct tare_error *error)
{
    const struct sink_entry *entry = source->entry;
    const struct sink_key keys[] = {
        {"url", entry->url, &sink->url, false},
        {"url_env", entry->url_env, &sink->url_env, false},
        {"url_file", entry->url_file, &sink->url_file, true},
        {"secret_env", entry->secret_env, &sink->secret_env, false},
        {"secret_file", entry->secret_file, &sink->secret_file, true},
        {"ca_file", entry->ca_file, &sink->ca_file, true},
        {"path", entry->path, &sink->path, true},
        {"command", entry->command, &sink->command, false},
        {"format", entry->format, NULL, false},
        {0},
    };
    sink->folder = file_parent(source->file->path);
    if (sink->folder == NULL)
        return error_memory(error);
    enum tare_status status = keys_take(source, keys, sink, error);
    if (status == TARE_OK)
        status = keys_check(source, sink, error);
    sink->format = sink_kind_format(sink->kind, entry->format);
    if (status == TARE_OK && sink->format == NULL)
        status = sink_error(source, "format", error, "the format is tare or slack, not '%.40s'",
                            entry->format);
    return status;
}

static enum tare_status sink_take(const struct sink_source *source, const struct config *config,
                                  struct sink *sink, struct tare_error *error)
{
    const struct sink_entry *entry = source->entry;
    enum tare_status status = kind_take(source, sink, error);
    if (status == TARE_OK)
        status = name_take(source, config, sink, error);
    if (status == TARE_OK)
        status = texts_take(source, sink, error);
    if (status == TARE_OK)
        status = events_take(source, sink, error);
    if (status == TARE_OK)
        status = numbers_take(source, sink, error);
    if (status == TARE_OK)
        status = patterns_take(entry->apps, entry->apps_count, &sink->apps, &sink->app_count,
                               error);
    if (status == TARE_OK)
        status = patterns_take(entry->metrics, entry->metrics_count, &sink->metrics,
                               &sink->metric_count, error);
    return status;
}

enum tare_status notify_take(const struct sink_entry *entries, size_t count,
                             const struct config_source *source, struct config *config,
                             struct tare_error *error)
{
    if (count == 0)
        return TARE_OK;
    config->sinks = calloc(count, sizeof *config->sinks);
    if (config->sinks == NULL)
        return error_memory(error);
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        const struct sink_source sink = {source, &entries[i], i};
        sink_init(&config->sinks[i]);
        config->sink_count = i + 1;
        status = sink_take(&sink, config, &config->sinks[i], error);
    }
    return status;
}
