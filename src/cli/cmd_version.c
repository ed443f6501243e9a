#include "cli/commands.h"
#include "cli/context.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {OPTION_FORMAT(options), {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    struct tare_error error;
    bool help = false;
    int operands;
    if (options_parse(command->options, argc, argv, &options, false, &operands, &help, &error) !=
        TARE_OK)
        return command_usage(command, "%s", error.message);
    if (help)
        return command_help(command);
    if (operands < argc)
        return command_usage(command, "version takes no operands, so not '%.60s'", argv[operands]);
    const char *format = options.common.format != NULL ? options.common.format : "text";
    struct strbuf out;
    strbuf_init(&out);
    if (strcmp(format, "json") == 0)
        strbuf_add_format(&out, "{\"version\": \"%s\", \"sqlite\": \"%s\"}\n", TARE_VERSION,
                          sqlite3_libversion());
    else if (strcmp(format, "text") == 0)
        strbuf_add_format(&out, "tare %s (SQLite %s)\n", TARE_VERSION, sqlite3_libversion());
    int result = out.length > 0
                     ? output_write(&out)
                     : command_usage(command, "--format is one of text, json, not '%.40s'",
                                     format);
    strbuf_release(&out);
    return result;
}

const struct command command_version = {
    .name = "version",
    .synopsis = "[options]",
    .summary = "which tare this is",
    .details = NULL,
    .options = rows,
    .run = run,
};
