#include "cli/command.h"

#include "base/strbuf.h"
#include "cli/context.h"
#include "present/text_safe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command *command_find(const char *name)
{
    for (const struct command *const *at = commands; *at != NULL; at++)
        if (strcmp((*at)->name, name) == 0)
            return *at;
    return NULL;
}

void command_say(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    struct strbuf safe;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    strbuf_init(&safe);
    text_add_safe(&safe, length >= 0 ? text : "out of memory");
    if (length >= 0)
        free(text);
    fprintf(stderr, "tare: %s\n", safe.text);
    strbuf_release(&safe);
}

int command_fail(const struct tare_error *error)
{
    command_say("%s", error->message);
    bool words = error->status == TARE_E_USAGE || error->status == TARE_E_NOT_FOUND;
    return words ? EXIT_USAGE : EXIT_TROUBLE;
}

int command_usage(const struct command *command, const char *format, ...)
{
    struct tare_error error;
    va_list args;
    va_start(args, format);
    vsnprintf(error.message, sizeof error.message, format, args);
    va_end(args);
    error.status = TARE_E_USAGE;
    int result = command_fail(&error);
    fprintf(stderr, "Try 'tare help %s'.\n", command->name);
    return result;
}

int command_unknown(const char *name)
{
    struct tare_error error = {.status = TARE_E_USAGE};
    snprintf(error.message, sizeof error.message, "there is no command '%.60s'", name);
    int result = command_fail(&error);
    fprintf(stderr, "Try 'tare help'.\n");
    return result;
}

static void option_add(struct strbuf *out, const struct option_row *row)
{
    struct strbuf words;
    strbuf_init(&words);
    if (row->letter != 0)
        strbuf_add_format(&words, "-%c, ", row->letter);
    else
        strbuf_add_text(&words, "    ");
    strbuf_add_format(&words, "--%s", row->name);
    if (row->argument != NULL)
        strbuf_add_format(&words, " %s", row->argument);
    strbuf_add_text(out, "  ");
    size_t width = text_width(words.text);
    strbuf_add_text(out, words.text);
    if (width < 28)
        strbuf_add_repeated(out, ' ', 28 - width);
    else
        strbuf_add_format(out, "\n%30s", "");
    strbuf_add_format(out, "  %s\n", row->help);
    strbuf_release(&words);
}

int command_help(const struct command *command)
{
    struct strbuf out;
    strbuf_init(&out);
    strbuf_add_format(&out, "tare %s: %s\n\nUsage: tare %s%s%s\n", command->name, command->summary,
                      command->name, command->synopsis[0] != '\0' ? " " : "", command->synopsis);
    if (command->details != NULL)
        strbuf_add_format(&out, "\n%s\n", command->details);
    strbuf_add_text(&out, "\nOptions:\n");
    for (const struct option_row *row = command->options; row->name != NULL; row++)
        option_add(&out, row);
    static const struct option_row help = {"help", 'h', OPTION_FLAG, 0, NULL, "print this"};
    option_add(&out, &help);
    int result = output_write(&out);
    strbuf_release(&out);
    return result;
}
