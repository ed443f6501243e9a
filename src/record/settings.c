#include "record/settings.h"

#include "base/clock.h"
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

/* One text of several parts, up to a NULL. */
static enum tare_status text_add(struct settings *settings, enum header_text which,
                                 const char *const *parts, struct tare_error *error)
{
    size_t used = settings->text_used;
    for (; *parts != NULL; parts++) {
        size_t length = strlen(*parts);
        if (length >= HEADER_TEXT_SIZE - used)
            return error_set(error, TARE_E_USAGE,
                             "store, app, version, environment, labels, commit and branch "
                             "together are longer than %d bytes at '%.60s'",
                             HEADER_TEXT_SIZE, *parts);
        memcpy(settings->text + used, *parts, length + 1);
        used += length;
    }
    settings->text_at[which] = (uint16_t)settings->text_used;
    settings->text_used = used + 1;
    return TARE_OK;
}

/* Paths are made absolute: whoever takes the session up works elsewhere. */
static enum tare_status store_add(struct settings *settings, const char *store, const char *folder,
                                  struct tare_error *error)
{
    const char *state = said(getenv("XDG_STATE_HOME")), *home = said(getenv("HOME"));
    const char *parts[4] = {store};
    settings->in_memory = store != NULL && strcmp(store, ":memory:") == 0;
    if (store == NULL && state != NULL) {
        parts[0] = state;
        parts[1] = "/tare/tare.db";
    } else if (store == NULL) {
        parts[0] = home != NULL ? home : "";
        parts[1] = "/.local/state/tare/tare.db";
    } else if (store[0] != '/' && !settings->in_memory && strstr(store, "://") == NULL) {
        if (folder[0] == '\0')
            return error_set(error, TARE_E_USAGE,
                             "nobody can tell where the store %.80s is, for the working directory "
                             "is gone: give its path from / on",
                             store);
        parts[0] = folder;
        parts[1] = "/";
        parts[2] = store;
    }
    return text_add(settings, TEXT_STORE, parts, error);
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

/* One behind the other: of two with the same key the later one counts. What are none are refused:
 * whoever takes the session up could not say so any more. */
static enum tare_status labels_add(struct settings *settings, const char *option, const char *file,
                                   struct tare_error *error)
{
    const char *variable = said(getenv("TARE_LABELS"));
    const char *const parts[] = {file,
                                 variable != NULL ? "," : "",
                                 variable != NULL ? variable : "",
                                 said(option) != NULL ? "," : "",
                                 said(option) != NULL ? option : "",
                                 NULL};
    enum tare_status status = text_add(settings, TEXT_LABELS, parts, error);
    const char *labels = settings_text(settings, TEXT_LABELS);
    char *canonical = NULL;
    if (status == TARE_OK && labels[0] != '\0')
        status = labels_canonical(labels, &canonical, error);
    free(canonical);
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

static enum tare_status settings_fill(const tare_options *say, const struct yaml_scalars *file,
                                      const char *folder, struct settings *settings,
                                      struct tare_error *error)
{
    struct settings read = {0};
    struct git_head head = {0};
    const char *commit = first_said(say->commit, "TARE_COMMIT", NULL);
    const char *branch = first_said(say->branch, "TARE_BRANCH", NULL);
    const char *app = first_said(say->app, "TARE_APP", file->app);
    const char *ingest = first_said(NULL, "TARE_INGEST", file->ingest);
    if (commit == NULL)
        git_head_read(folder, &head);
    read.ingest_never = ingest != NULL && strcmp(ingest, "never") == 0;
    temperature_read(&read, say->temperature);
    const struct {
        enum header_text which;
        const char *text;
    } texts[] = {
        {TEXT_APP, app != NULL ? app : program_invocation_short_name},
        {TEXT_VERSION, first_said(say->version, "TARE_APP_VERSION", NULL)},
        {TEXT_ENVIRONMENT, first_said(say->environment, "TARE_ENVIRONMENT", file->environment)},
        {TEXT_COMMIT, commit != NULL ? commit : head.commit},
        {TEXT_BRANCH, branch != NULL ? branch : head.branch},
    };
    enum tare_status status = labels_add(&read, say->labels, file->labels, error);
    if (status == TARE_OK)
        status = store_add(&read, first_said(say->store, "TARE_STORE", file->store), folder,
                           error);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == TARE_OK; i++) {
        const char *const parts[] = {texts[i].text != NULL ? texts[i].text : "", NULL};
        status = text_add(&read, texts[i].which, parts, error);
    }
    if (status == TARE_OK)
        status = window_read(&read, say->window_seconds, file->window, error);
    if (status == TARE_OK)
        *settings = read;
    return status;
}

/* On a stack of its own: most starts of a program find no file, and touch no page for it. */
static __attribute__((noinline)) enum tare_status
settings_of_file(const char *path, const tare_options *say, const char *folder,
                 struct settings *settings, struct tare_error *error)
{
    struct yaml_scalars file;
    yaml_scalars_read(path, &file);
    return settings_fill(say, &file, folder, settings, error);
}

enum tare_status settings_read(const tare_options *options, struct settings *settings,
                               struct tare_error *error)
{
    static const tare_options nothing_said;
    static const struct yaml_scalars no_file;
    const tare_options *say = options != NULL ? options : &nothing_said;
    char folder[HEADER_TEXT_SIZE], path[HEADER_TEXT_SIZE];
    if (getcwd(folder, sizeof folder) == NULL)
        folder[0] = '\0';
    if (yaml_scalars_find(folder, path, sizeof path))
        return settings_of_file(path, say, folder, settings, error);
    return settings_fill(say, &no_file, folder, settings, error);
}
