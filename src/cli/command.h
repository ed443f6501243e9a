/* Commands. To add one: write cmd_NAME.c with `const struct command command_NAME`, name it in
 * commands.c and src/cli/meson.build, write docs/man/tare-NAME.1 and name it in docs/meson.build.
 * A test compares the options of every command with its man page and its --help. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* The exit statuses of every command. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_REGRESSION = 1,
    EXIT_USAGE = 2,
    EXIT_TROUBLE = 3, /* store, network, file */
    EXIT_NOTHING = 4  /* nothing to compare, or too few measurements */
};

struct command {
    const char *name;
    const char *synopsis;             /* behind "tare NAME" */
    const char *summary;              /* one line, lower case, no full stop */
    const char *details;              /* paragraphs for --help; may be NULL */
    const struct option_row *options; /* ends with a row without a name */
    int (*run)(const struct command *command, int argc, char **argv); /* argv[0] is the name */
};

/* All of them, in the order of the manual; ends with NULL. */
extern const struct command *const commands[];

/* The command with this name, or NULL. */
const struct command *command_find(const char *name);

/* Prints `tare: …` with what went wrong to standard error; returns the exit status that fits. */
struct tare_error;
int command_fail(const struct tare_error *error);

/* Prints `tare: …` to standard error, safe for any terminal. */
void command_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says in one sentence what is wrong with the words of the command line; returns EXIT_USAGE. */
int command_usage(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a name that is no command's. */
int command_unknown(const char *name);

/* Prints the help of a command to standard output. */
int command_help(const struct command *command);

#endif
