#include "base/strbuf.h"
#include "cli/commands.h"
#include "cli/context.h"

#include <string.h>

static const struct option_row rows[] = {{0}};

static int overview(void)
{
    struct strbuf out;
    strbuf_init(&out);
    strbuf_add_text(&out, "tare keeps performance baselines of programs, and says when one became "
                          "slower.\n\nUsage: tare COMMAND [options]\n\nCommands:\n");
    for (const struct command *const *at = commands; *at != NULL; at++)
        strbuf_add_format(&out, "  %-10s  %s\n", (*at)->name, (*at)->summary);
    strbuf_add_text(&out, "\nBegin with:\n"
                          "  tare init                     a tare.yml and a store here\n"
                          "  tare run -- COMMAND           record what a command takes\n"
                          "  tare status                   how it compares\n\n"
                          "'tare help COMMAND' tells the options. Exit status: 0 done, "
                          "1 a regression, 2 usage,\n3 the work could not be done, 4 nothing to "
                          "compare.\n");
    int result = output_write(&out);
    strbuf_release(&out);
    return result;
}

static int run(const struct command *command, int argc, char **argv)
{
    bool about_itself = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (about_itself)
        return command_help(command);
    if (argc < 2)
        return overview();
    if (argc > 2)
        return command_usage(command, "help wants one command, so not '%.60s'", argv[2]);
    const struct command *about = command_find(argv[1]);
    if (about == NULL)
        return command_unknown(argv[1]);
    return command_help(about);
}

const struct command command_help_command = {
    .name = "help",
    .synopsis = "[COMMAND]",
    .summary = "what the commands are, and the options of one",
    .details = NULL,
    .options = rows,
    .run = run,
};
