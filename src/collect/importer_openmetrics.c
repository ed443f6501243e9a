#include "collect/importer_openmetrics.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void openmetrics_sample_release(struct openmetrics_sample *sample)
{
    free(sample->name);
    free(sample->commit);
    free(sample->branch);
    free(sample->app);
    free(sample->environment);
    strbuf_release(&sample->labels);
    strbuf_release(&sample->key);
}

static bool name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == ':' || c == '.' ||
           (unsigned char)c >= 0x80;
}

/* Takes `"…"` off `*at` as it stands, and its plain text. NULL: no memory, or no such. */
static char *quoted_take(const char **at)
{
    struct strbuf plain;
    strbuf_init(&plain);
    if (**at != '"')
        return NULL;
    for ((*at)++; **at != '"'; (*at)++) {
        bool escaped = **at == '\\';
        *at += escaped;
        if (**at == '\0') {
            strbuf_release(&plain);
            return NULL;
        }
        strbuf_add_char(&plain, escaped && **at == 'n' ? '\n' : **at);
    }
    (*at)++;
    return strbuf_detach(&plain);
}

/* Where the value of a label belongs that is no part of the metric's identity; NULL otherwise. */
static char **session_label(struct openmetrics_sample *sample, const char *key)
{
    return strcmp(key, "commit") == 0        ? &sample->commit
           : strcmp(key, "branch") == 0      ? &sample->branch
           : strcmp(key, "app") == 0         ? &sample->app
           : strcmp(key, "environment") == 0 ? &sample->environment
                                             : NULL;
}

/* One `key="value"`. `key` is borrowed, `value` taken over. */
static void label_take(struct openmetrics_sample *sample, const char *key, char *value)
{
    char **own = session_label(sample, key);
    if (own != NULL) {
        free(*own);
        *own = value;
        return;
    }
    if (strcmp(key, "le") == 0 || strcmp(key, "quantile") == 0) {
        sample->has_bound = true;
        sample->bound = strtod(value, NULL);
    } else {
        strbuf_add_format(&sample->labels, "%s%s=\"%s\"", sample->labels.length > 0 ? "," : "{",
                          key, value);
    }
    free(value);
}

static bool labels_take(struct openmetrics_sample *sample, const char **at)
{
    if (**at != '{')
        return true;
    (*at)++;
    while (**at != '}') {
        const char *begin = *at;
        while (name_char(**at))
            (*at)++;
        char *key = strndup(begin, (size_t)(*at - begin));
        bool fits = key != NULL && *at > begin && **at == '=';
        char *value = NULL;
        if (fits) {
            (*at)++;
            value = quoted_take(at);
        }
        if (value != NULL)
            label_take(sample, key, value);
        free(key);
        if (value == NULL || (**at != ',' && **at != '}'))
            return false;
        *at += **at == ',';
    }
    (*at)++;
    if (sample->labels.length > 0)
        strbuf_add_char(&sample->labels, '}');
    return true;
}

/* A number up to a blank or the end. */
static bool number_take(const char **at, double *number)
{
    char *end;
    while (**at == ' ')
        (*at)++;
    double value = strtod(*at, &end);
    if (end == *at || (*end != ' ' && *end != '\0'))
        return false;
    *number = value;
    *at = end;
    return true;
}

static bool time_take(struct openmetrics_sample *sample, const char **at)
{
    double seconds;
    while (**at == ' ')
        (*at)++;
    if (**at == '\0' || **at == '#')
        return true;
    if (!number_take(at, &seconds) || !(seconds > 0 && seconds < 9e9))
        return false;
    double whole = floor(seconds);
    sample->time_ns = (int64_t)whole * 1000000000 + (int64_t)((seconds - whole) * 1e6) * 1000;
    while (**at == ' ')
        (*at)++;
    return **at == '\0' || **at == '#'; /* an exemplar is no measurement */
}

static void key_make(struct openmetrics_sample *sample)
{
    const char *const texts[] = {sample->commit, sample->branch, sample->app, sample->environment};
    strbuf_add_format(&sample->key, "%lld", (long long)sample->time_ns);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        strbuf_add_char(&sample->key, '\n');
        strbuf_add_text(&sample->key, texts[i]);
    }
}

enum tare_status openmetrics_sample_read(struct openmetrics_sample *sample, const char *line,
                                         const struct import_source *source,
                                         struct tare_error *error)
{
    const char *at = line;
    *sample = (struct openmetrics_sample){0};
    strbuf_init(&sample->labels);
    strbuf_init(&sample->key);
    while (name_char(*at))
        at++;
    if (at == line)
        return import_source_wrong(source, error, "'%.60s' is no sample: it begins with no name",
                                   line);
    sample->name = strndup(line, (size_t)(at - line));
    if (sample->name == NULL)
        return error_memory(error);
    if (!labels_take(sample, &at))
        return import_source_wrong(source, error, "the labels of %.60s are broken", sample->name);
    if (!number_take(&at, &sample->value))
        return import_source_wrong(source, error, "%.60s has no number as its value",
                                   sample->name);
    if (!time_take(sample, &at))
        return import_source_wrong(source, error, "the timestamp of %.60s is no time in seconds",
                                   sample->name);
    key_make(sample);
    return sample->key.failed || sample->labels.failed ? error_memory(error) : TARE_OK;
}
