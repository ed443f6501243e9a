#include "collect/importer_openmetrics.h"

#include "model/labels.h"
#include "model/session.h"

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
    free(sample->temperature);
    free(sample->outcome);
    free(sample->metric);
    free(sample->unit);
    strbuf_release(&sample->labels);
    strbuf_release(&sample->pairs);
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
    const struct {
        const char *key;
        char **value;
    } own[] = {{"commit", &sample->commit},
               {"branch", &sample->branch},
               {"app", &sample->app},
               {"environment", &sample->environment},
               {"tare_metric", &sample->metric},
               {"tare_unit", &sample->unit}};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(key, own[i].key) == 0)
            return own[i].value;
    return NULL;
}

static void text_keep(char **text, char *value)
{
    free(*text);
    *text = value;
}

static void pair_add(struct openmetrics_sample *sample, const char *key, const char *value)
{
    char *pair = labels_pair(key, value);
    if (sample->pairs.length > 0)
        strbuf_add_char(&sample->pairs, ',');
    strbuf_add_text(&sample->pairs, pair);
    sample->pairs.failed |= pair == NULL;
    free(pair);
}

/* One `key="value"`. `key` is borrowed, `value` taken over. Whether tare exported the sample is
 * known when all labels are read. */
static void label_take(struct openmetrics_sample *sample, const char *key, char *value)
{
    char **own = session_label(sample, key);
    if (own != NULL) {
        text_keep(own, value);
        return;
    }
    if (strcmp(key, "le") == 0 || strcmp(key, "quantile") == 0) {
        sample->has_bound = true;
        sample->bound = strtod(value, NULL);
        free(value);
        return;
    }
    strbuf_add_format(&sample->labels, "%s%s=\"%s\"", sample->labels.length > 0 ? "," : "{", key,
                      value);
    if (strcmp(key, "temperature") == 0) {
        text_keep(&sample->temperature, value);
    } else if (strcmp(key, "outcome") == 0) {
        text_keep(&sample->outcome, value);
    } else {
        pair_add(sample, key, value);
        free(value);
    }
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

/* Seconds as they are written as a rule, "1700000000.123456789", to the nanosecond. */
static bool decimal_take(const char **at, int64_t *time_ns)
{
    int64_t seconds = 0, fraction_ns = 0, place_ns = 100000000;
    const char *from = *at;
    size_t whole = strspn(from, "0123456789");
    if (whole == 0 || whole > 10)
        return false;
    for (; whole > 0; whole--)
        seconds = seconds * 10 + (*from++ - '0');
    if (*from == '.')
        for (from++; *from >= '0' && *from <= '9'; from++, place_ns /= 10)
            fraction_ns += (*from - '0') * place_ns;
    if (*from != ' ' && *from != '\0')
        return false;
    *time_ns = seconds * 1000000000 + fraction_ns;
    *at = from;
    return true;
}

static bool time_take(struct openmetrics_sample *sample, const char **at)
{
    double seconds;
    while (**at == ' ')
        (*at)++;
    if (**at == '\0' || **at == '#')
        return true;
    if (!decimal_take(at, &sample->time_ns)) {
        if (!number_take(at, &seconds) || !(seconds > 0 && seconds < 9e9))
            return false;
        double whole = floor(seconds);
        sample->time_ns = (int64_t)whole * 1000000000 + (int64_t)((seconds - whole) * 1e6) * 1000;
    }
    while (**at == ' ')
        (*at)++;
    /* An exemplar is no measurement. */
    return sample->time_ns > 0 && sample->time_ns < INT64_C(9000000000) * 1000000000 &&
           (**at == '\0' || **at == '#');
}

static void key_make(struct openmetrics_sample *sample)
{
    bool own = sample->metric != NULL;
    const char *const texts[] = {sample->commit,
                                 sample->branch,
                                 sample->app,
                                 sample->environment,
                                 own ? sample->temperature : NULL,
                                 own ? sample->outcome : NULL,
                                 own ? sample->pairs.text : NULL};
    strbuf_add_format(&sample->key, "%lld", (long long)sample->time_ns);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && (i < 4 || own); i++) {
        strbuf_add_char(&sample->key, '\n');
        strbuf_add_text(&sample->key, texts[i]);
    }
}

/* What tare exported says itself what it is. */
static enum tare_status own_check(struct openmetrics_sample *sample,
                                  const struct import_source *source, struct tare_error *error)
{
    enum session_temperature temperature;
    enum session_outcome outcome;
    if (sample->metric == NULL)
        return TARE_OK;
    strbuf_clear(&sample->labels);
    if (sample->metric[0] == '\0')
        return import_source_wrong(source, error, "the label tare_metric of %.60s is empty",
                                   sample->name);
    if (sample->temperature != NULL && !temperature_parse(sample->temperature, &temperature))
        return import_source_wrong(source, error,
                                   "the temperature of %.60s is '%.60s': it must be "
                                   "warm or cold",
                                   sample->name, sample->temperature);
    if (sample->outcome != NULL && !outcome_parse(sample->outcome, &outcome))
        return import_source_wrong(source, error,
                                   "the outcome of %.60s is '%.60s': it must be ok, "
                                   "failed, crashed or running",
                                   sample->name, sample->outcome);
    return TARE_OK;
}

enum tare_status openmetrics_sample_read(struct openmetrics_sample *sample, const char *line,
                                         const struct import_source *source,
                                         struct tare_error *error)
{
    const char *at = line;
    *sample = (struct openmetrics_sample){0};
    strbuf_init(&sample->labels);
    strbuf_init(&sample->pairs);
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
    enum tare_status status = own_check(sample, source, error);
    if (status != TARE_OK)
        return status;
    key_make(sample);
    bool failed = sample->key.failed || sample->labels.failed || sample->pairs.failed;
    return failed ? error_memory(error) : TARE_OK;
}
