#include "record/settings.h"

#include "base/clock.h"
#include "base/text.h"
#include "model/labels.h"
#include "record/git_head.h"
#include "record/yaml_scalars.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW_DEFAULT_SECONDS 600.0
#define WINDOW_MOST_SECONDS    1e7

static const char *said(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static const char *first_said(const char *option, const char *variable, const char *file)
{
    if (said(option) != NULL)
        return option;
    const char *value = said(getenv(variable));
    return value != NULL ? value : said(file);
}

static enum tare_status text_add(struct settings *settings, enum header_text which,
                                 const char *text, struct tare_error *error)
{
    size_t size = strlen(text) + 1;
    if (size > HEADER_TEXT_SIZE - settings->text_used)
        return error_set(error, TARE_E_USAGE,
                         "store, app, version, environment, labels, commit and branch together "
                         "are longer than %d bytes at '%.60s'",
                         HEADER_TEXT_SIZE, text);
    memcpy(settings->text + settings->text_used, text, size);
    settings->text_at[which] = (uint16_t)settings->text_used;
    settings->text_used += size;
    return TARE_OK;
}

/* Paths are made absolute: whoever takes the session up works elsewhere. */
static enum tare_status store_add(struct settings *settings, const char *store,
                                  struct tare_error *error)
{
    char path[HEADER_TEXT_SIZE * 2], folder[HEADER_TEXT_SIZE];
    const char *state = said(getenv("XDG_STATE_HOME")), *home = said(getenv("HOME"));
    bool fits = false;
    settings->in_memory = store != NULL && strcmp(store, ":memory:") == 0;
    if (store == NULL && state != NULL)
        fits = text_join(path, sizeof path, state, "/tare/tare.db", NULL);
    else if (store == NULL)
        fits = text_join(path, sizeof path, home != NULL ? home : "", "/.local/state/tare/tare.db",
                         NULL);
    else if (store[0] == '/' || settings->in_memory || strstr(store, "://") != NULL)
        fits = text_join(path, sizeof path, store, NULL);
    else if (getcwd(folder, sizeof folder) != NULL)
        fits = text_join(path, sizeof path, folder, "/", store, NULL);
    if (!fits)
        return error_set(error, TARE_E_USAGE, "the path of the store is too long: %.80s…", store);
    return text_add(settings, TEXT_STORE, path, error);
}

static enum tare_status app_add(struct settings *settings, const char *app,
                                struct tare_error *error)
{
    return text_add(settings, TEXT_APP, app != NULL ? app : program_invocation_short_name, error);
}

bool window_parse(const char *text, double *seconds)
{
    static const struct {
        const char *suffix;
        double seconds;
    } suffixes[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"min", 60}, {"h", 3600}};
    char *end;
    double number = strtod(text, &end), factor = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (end != text && strcmp(end, suffixes[i].suffix) == 0)
            factor = suffixes[i].seconds;
    number *= factor;
    if (!(number >= 0.01) || number > WINDOW_MOST_SECONDS)
        return false;
    *seconds = number;
    return true;
}

static enum tare_status window_read(struct settings *settings, double option, const char *file,
                                    struct tare_error *error)
{
    const char *text = first_said(NULL, "TARE_WINDOW", file);
    double seconds = option > 0 ? option : WINDOW_DEFAULT_SECONDS;
    bool is_one = option == 0 && text != NULL ? window_parse(text, &seconds)
                                              : seconds >= 0.01 && seconds <= WINDOW_MOST_SECONDS;
    if (!is_one)
        return error_set(error, TARE_E_USAGE,
                         "a window of '%.40s' is none: give seconds, or 10m, 1h",
                         text != NULL ? text : "");
    settings->window_ns = (int64_t)(seconds * (double)CLOCK_NS_PER_SECOND);
    return TARE_OK;
}

/* One behind the other: of two with the same key the later one counts. */
static enum tare_status labels_join(const char *option, const char *file,
                                    char labels[HEADER_TEXT_SIZE], struct tare_error *error)
{
    const char *variable = getenv("TARE_LABELS");
    variable = variable != NULL ? variable : "";
    if (!text_join(labels, HEADER_TEXT_SIZE, file, ",", variable, ",",
                   option != NULL ? option : "", NULL))
        return error_set(error, TARE_E_USAGE, "the labels are longer than %d bytes",
                         HEADER_TEXT_SIZE);
    char *canonical = NULL;
    enum tare_status status = labels[strspn(labels, ",")] == '\0'
                                  ? TARE_OK
                                  : labels_canonical(labels, &canonical, error);
    free(
        canonical); /* it was about what is none: whoever takes the session up could only refuse */
    return status;
}

static void temperature_read(struct settings *settings, enum tare_temperature option)
{
    const char *text = getenv("TARE_TEMPERATURE");
    settings->temperature = option;
    if (option != TARE_TEMPERATURE_AUTO || text == NULL)
        return;
    if (strcmp(text, "cold") == 0)
        settings->temperature = TARE_TEMPERATURE_COLD;
    else if (strcmp(text, "warm") == 0)
        settings->temperature = TARE_TEMPERATURE_WARM;
}

enum tare_status settings_read(const tare_options *options, struct settings *settings,
                               struct tare_error *error)
{
    static const tare_options none;
    const tare_options *say = options != NULL ? options : &none;
    struct settings read = {0};
    struct yaml_scalars file;
    yaml_scalars_find(&file);
    struct git_head head = {0};
    char labels[HEADER_TEXT_SIZE];
    enum tare_status status = labels_join(say->labels, file.labels, labels, error);
    const char *commit = first_said(say->commit, "TARE_COMMIT", NULL);
    const char *branch = first_said(say->branch, "TARE_BRANCH", NULL);
    if (commit == NULL)
        git_head_read(&head);
    const char *ingest = first_said(NULL, "TARE_INGEST", file.ingest);
    read.ingest_never = ingest != NULL && strcmp(ingest, "never") == 0;
    temperature_read(&read, say->temperature);
    const struct {
        enum header_text which;
        const char *text;
    } texts[] = {
        {TEXT_VERSION, first_said(say->version, "TARE_APP_VERSION", NULL)},
        {TEXT_ENVIRONMENT, first_said(say->environment, "TARE_ENVIRONMENT", file.environment)},
        {TEXT_LABELS, labels},
        {TEXT_COMMIT, commit != NULL ? commit : head.commit},
        {TEXT_BRANCH, branch != NULL ? branch : head.branch},
    };
    if (status == TARE_OK)
        status = store_add(&read, first_said(say->store, "TARE_STORE", file.store), error);
    if (status == TARE_OK)
        status = app_add(&read, first_said(say->app, "TARE_APP", file.app), error);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == TARE_OK; i++)
        status = text_add(&read, texts[i].which, texts[i].text != NULL ? texts[i].text : "",
                          error);
    if (status == TARE_OK)
        status = window_read(&read, say->window_seconds, file.window, error);
    if (status == TARE_OK)
        *settings = read;
    return status;
}
