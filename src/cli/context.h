/* What most commands begin with: the common options, tare.yml, the store; and end with: a report
 * on standard output. */
#ifndef CLI_CONTEXT_H
#define CLI_CONTEXT_H

#include "app/config.h"
#include "cli/command.h"
#include "present/renderer.h"
#include "store/store.h"

/* Values of the options that every reading command takes; first member of its struct. */
struct common_options {
    const char *format;
    const char *store;
    const char *app;
    const char *environment;
    const char *branch;
    struct option_list labels;
    bool all;
};

#define OPTION_STORE(type)                                                                        \
    {                                                                                             \
        "store", 0, OPTION_TEXT, offsetof(struct type, common.store), "URL",                      \
            "the store: a path or sqlite:PATH"                                                    \
    }
#define OPTION_FORMAT(type)                                                                       \
    {                                                                                             \
        "format", 'f', OPTION_TEXT, offsetof(struct type, common.format), "text|json",            \
            "how to print (text)"                                                                 \
    }
#define OPTION_APP(type)                                                                          \
    {                                                                                             \
        "app", 0, OPTION_TEXT, offsetof(struct type, common.app), "NAME", "only this app"         \
    }
#define OPTION_ENV(type)                                                                          \
    {                                                                                             \
        "env", 0, OPTION_TEXT, offsetof(struct type, common.environment), "NAME",                 \
            "only this environment"                                                               \
    }
#define OPTION_BRANCH(type)                                                                       \
    {                                                                                             \
        "branch", 0, OPTION_TEXT, offsetof(struct type, common.branch), "NAME",                   \
            "only this branch"                                                                    \
    }
#define OPTION_LABEL(type)                                                                        \
    {                                                                                             \
        "label", 0, OPTION_LIST, offsetof(struct type, common.labels), "K=V",                     \
            "only with this label (repeatable)"                                                   \
    }

/* What every reading command takes. */
#define OPTIONS_READING(type)                                                                     \
    OPTION_FORMAT(type), OPTION_STORE(type), OPTION_APP(type), OPTION_ENV(type),                  \
        OPTION_BRANCH(type), OPTION_LABEL(type)

struct context {
    const struct command *command;
    const struct common_options *options;
    const struct renderer *renderer; /* of context_renderer() */
    struct config config;
    char *store_url;
    char *labels; /* canonical, of the options */
    struct store *store;
    bool delivers; /* something may have happened to an alert: context_end() tells the sinks */
};

/* Parses the options into `values`, whose first member is `common`, and reads tare.yml. Returns -1
 * to go on, else the exit status to end with: help was printed, or something was said. */
int context_begin(struct context *context, const struct command *command, int argc, char **argv,
                  void *values, int *operands);

/* The same for a command whose operands are another command's words: they end the options. */
int context_begin_command(struct context *context, const struct command *command, int argc,
                          char **argv, void *values, int *operands);

/* Chooses how to print; -1 or EXIT_USAGE with the formats there are. */
int context_renderer(struct context *context, const struct renderer *table);

enum context_access {
    CONTEXT_READ,
    CONTEXT_READ_IF_THERE, /* context->store stays NULL when there is no store yet */
    CONTEXT_WRITE,
    CONTEXT_CREATE,
    CONTEXT_NOTHING /* the command opens what it needs itself */
};

/* Opens the store; before reading it, takes in what lies in the inbox (a store that may not be
 * written is still read, with a word on what waits). -1 or EXIT_TROUBLE with the sentence printed.
 */
int context_open(struct context *context, enum context_access access);

/* The filter that the common options make, for the store that is open. Borrowed strings. */
struct store_filter context_filter(const struct context *context);

/* Whether the store has the metric `id`; NULL is no question. -1, or the exit status. */
int context_metric_check(const struct context *context, const char *id);

/* Says on standard error when the common options choose something that nothing in the store has,
 * and which of them it is: an empty answer to a slip of the pen reads like good news. */
void context_note_nothing(const struct context *context);

/* Renders to standard output; the exit status. */
int context_print(const struct context *context, const void *report);

/* The same into a file, which appears as a whole or not at all; NULL and "-": standard output. */
int context_print_to(const struct context *context, const void *report, const char *path);

/* Closes everything; then, when the command took something in, who is to be told of alerts is
 * told, for which it is held up by two seconds at most. */
void context_end(struct context *context);

/* Writes all of `text` to standard output; EXIT_DONE or EXIT_TROUBLE. */
int output_write(const struct strbuf *text);

/* How text looks on this descriptor. */
struct text_style output_style(int fd);

#endif
