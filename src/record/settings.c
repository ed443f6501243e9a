#include "record/settings.h"

#include "base/clock.h"
#include "base/number.h"
#include "model/labels.h"
#include "record/git_head.h"
#include "record/upwards.h"
#include "record/variables.h"
#include "record/yaml_scalars.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define WINDOW_DEFAULT_SECONDS 600.0
#define WINDOW_LEAST_SECONDS   0.01
#define WINDOW_MOST_SECONDS    1e7

static const char *said(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Who speaks: the caller, the environment, tare.yml; and the working directory, "" if it is gone.
 */
struct speakers {
    const tare_options *option;
    struct variables variables;
    const struct yaml_scalars *file;
    const char *folder;
};

static const char *first_said(const char *option, const struct speakers *speakers,
                              enum variable variable, const char *file)
{
    if (said(option) != NULL)
        return option;
    const char *value = speakers->variables.value[variable];
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
static enum tare_status store_add(struct settings *settings, const struct speakers *speakers,
                                  struct tare_error *error)
{
    const char *store = first_said(speakers->option->store, speakers, VARIABLE_STORE,
                                   speakers->file->store);
    const char *state = speakers->variables.value[VARIABLE_STATE_HOME];
    const char *home = speakers->variables.value[VARIABLE_HOME], *folder = speakers->folder;
    if (store != NULL && strncmp(store, "sqlite:", 7) == 0)
        store += 7;
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
    double number = number_read(text, &end), factor = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (end != text && strcmp(end, suffixes[i].suffix) == 0)
            factor = suffixes[i].seconds;
    number *= factor;
    if (!(number >= WINDOW_LEAST_SECONDS) || number > WINDOW_MOST_SECONDS)
        return false;
    *seconds = number;
    return true;
}

static enum tare_status window_read(struct settings *settings, const struct speakers *speakers,
                                    struct tare_error *error)
{
    double option = speakers->option->window_seconds;
    const char *text = first_said(NULL, speakers, VARIABLE_WINDOW, speakers->file->window);
    double seconds = option != 0 ? option : WINDOW_DEFAULT_SECONDS;
    if (!(seconds >= WINDOW_LEAST_SECONDS && seconds <= WINDOW_MOST_SECONDS))
        return error_set(error, TARE_E_USAGE,
                         "a window of %g seconds is none: it may have %g to %g", seconds,
                         WINDOW_LEAST_SECONDS, WINDOW_MOST_SECONDS);
    if (option == 0 && text != NULL && !window_parse(text, &seconds))
        return error_set(error, TARE_E_USAGE,
                         "a window of '%.40s' is none: give seconds, or 10m, 1h", text);
    settings->window_ns = (int64_t)(seconds * (double)CLOCK_NS_PER_SECOND);
    return TARE_OK;
}

/* One behind the other: of two with the same key the later one counts. What are none are refused:
 * whoever takes the session up could not say so any more. */
static enum tare_status labels_add(struct settings *settings, const struct speakers *speakers,
                                   struct tare_error *error)
{
    const char *variable = speakers->variables.value[VARIABLE_LABELS];
    const char *option = said(speakers->option->labels);
    const char *const parts[] = {speakers->file->labels,           variable != NULL ? "," : "",
                                 variable != NULL ? variable : "", option != NULL ? "," : "",
                                 option != NULL ? option : "",     NULL};
    enum tare_status status = text_add(settings, TEXT_LABELS, parts, error);
    const char *labels = settings_text(settings, TEXT_LABELS);
    char *canonical = NULL;
    if (status == TARE_OK && labels[0] != '\0')
        status = labels_canonical(labels, &canonical, error);
    free(canonical);
    return status;
}

/* As the program was called; who calls it without a name (execve(2) allows that) has its file's.
 */
static const char *program_name(void)
{
    const char *file = (const char *)getauxval(AT_EXECFN);
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    if (said(program_invocation_short_name) != NULL)
        return program_invocation_short_name;
    file = slash != NULL ? slash + 1 : file;
    return said(file) != NULL ? file : "unnamed";
}

static enum tare_status temperature_read(struct settings *settings,
                                         const struct speakers *speakers, struct tare_error *error)
{
    const char *text = speakers->variables.value[VARIABLE_TEMPERATURE];
    settings->temperature = speakers->option->temperature;
    if (settings->temperature != TARE_TEMPERATURE_AUTO)
        return (unsigned)settings->temperature <= TARE_TEMPERATURE_WARM
                   ? TARE_OK
                   : error_set(error, TARE_E_USAGE, "the option temperature is none: %d",
                               (int)settings->temperature);
    if (text != NULL && strcmp(text, "cold") == 0)
        settings->temperature = TARE_TEMPERATURE_COLD;
    else if (text != NULL && strcmp(text, "warm") == 0)
        settings->temperature = TARE_TEMPERATURE_WARM;
    else if (text != NULL)
        return error_set(error, TARE_E_USAGE,
                         "TARE_TEMPERATURE is '%.40s': it may be cold or warm", text);
    return TARE_OK;
}

static enum tare_status settings_fill(const struct speakers *speakers, struct settings *settings,
                                      struct tare_error *error)
{
    const tare_options *option = speakers->option;
    const struct yaml_scalars *file = speakers->file;
    struct settings read = {0};
    struct git_head head = {0};
    const char *commit = first_said(option->commit, speakers, VARIABLE_COMMIT, NULL);
    const char *branch = first_said(option->branch, speakers, VARIABLE_BRANCH, NULL);
    const char *app = first_said(option->app, speakers, VARIABLE_APP, file->app);
    const char *ingest = first_said(NULL, speakers, VARIABLE_INGEST, file->ingest);
    if (commit == NULL)
        git_head_read(speakers->folder, &head);
    read.ingest_never = variables_distrusted() || (ingest != NULL && strcmp(ingest, "never") == 0);
    const struct {
        enum header_text which;
        const char *text;
    } texts[] = {
        {TEXT_APP, app != NULL ? app : program_name()},
        {TEXT_VERSION, first_said(option->version, speakers, VARIABLE_APP_VERSION, NULL)},
        {TEXT_ENVIRONMENT,
         first_said(option->environment, speakers, VARIABLE_ENVIRONMENT, file->environment)},
        {TEXT_COMMIT, commit != NULL ? commit : head.commit},
        {TEXT_BRANCH, branch != NULL ? branch : head.branch},
    };
    enum tare_status status = temperature_read(&read, speakers, error);
    if (status == TARE_OK)
        status = labels_add(&read, speakers, error);
    if (status == TARE_OK)
        status = store_add(&read, speakers, error);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == TARE_OK; i++) {
        const char *const parts[] = {texts[i].text != NULL ? texts[i].text : "", NULL};
        status = text_add(&read, texts[i].which, parts, error);
    }
    if (status == TARE_OK)
        status = window_read(&read, speakers, error);
    if (status == TARE_OK)
        *settings = read;
    return status;
}

/* On a stack of its own: most starts of a program find no file, and touch no page for it. */
static __attribute__((noinline)) enum tare_status settings_of_file(const char *path,
                                                                   struct speakers *speakers,
                                                                   struct settings *settings,
                                                                   struct tare_error *error)
{
    struct yaml_scalars file;
    yaml_scalars_read(path, &file);
    speakers->file = &file;
    enum tare_status status = settings_fill(speakers, settings, error);
    speakers->file = NULL;
    return status;
}

enum tare_status settings_read(const tare_options *options, struct settings *settings,
                               struct tare_error *error)
{
    static const tare_options nothing_said;
    static const struct yaml_scalars no_file;
    char folder[HEADER_TEXT_SIZE], path[HEADER_TEXT_SIZE];
    struct speakers speakers = {.option = options != NULL ? options : &nothing_said,
                                .file = &no_file,
                                .folder = getcwd(folder, sizeof folder) != NULL ? folder : ""};
    variables_read(&speakers.variables);
    const char *named = speakers.variables.value[VARIABLE_CONFIG];
    if (variables_distrusted()) {
        speakers.folder = "";
        if (said(speakers.option->store) == NULL)
            return error_set(error, TARE_E_USAGE,
                             "a program with more rights than its caller takes nothing from the "
                             "environment or a tare.yml: give its tracker the store as an option");
        return settings_fill(&speakers, settings, error);
    }
    if (named != NULL)
        return settings_of_file(named, &speakers, settings, error);
    if (upwards_find(speakers.folder, "tare.yml", path, sizeof path))
        return settings_of_file(path, &speakers, settings, error);
    return settings_fill(&speakers, settings, error);
}
