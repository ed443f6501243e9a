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

#define NAME_MOST 16 /* letters of a word that may be a command's name misspelt */

/* How many letters must be put in, taken out or changed to make one word of the other. */
static size_t edit_distance(const char *from, const char *to)
{
    size_t row[NAME_MOST + 1], length = strlen(to);
    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t k = 1; *from != '\0'; from++, k++) {
        size_t diagonal = row[0];
        row[0] = k;
        for (size_t i = 1; i <= length; i++) {
            size_t change = diagonal + (*from == to[i - 1] ? 0 : 1);
            size_t other = 1 + (row[i] < row[i - 1] ? row[i] : row[i - 1]);
            diagonal = row[i];
            row[i] = change < other ? change : other;
        }
    }
    return row[length];
}

/* The command whose name is a slip or two away; NULL when none is. */
static const struct command *command_nearest(const char *name)
{
    const struct command *nearest = NULL;
    size_t least = 3;
    for (const struct command *const *at = commands; *at != NULL; at++) {
        if (strlen(name) > NAME_MOST || strlen((*at)->name) > NAME_MOST)
            continue;
        size_t distance = edit_distance(name, (*at)->name);
        if (distance < least && distance < strlen((*at)->name) / 2) {
            nearest = *at;
            least = distance;
        }
    }
    return nearest;
}

int command_unknown(const char *name)
{
    struct tare_error error = {.status = TARE_E_USAGE};
    snprintf(error.message, sizeof error.message, "there is no command '%.60s'", name);
    int result = command_fail(&error);
    const struct command *nearest = command_nearest(name);
    if (nearest != NULL)
        fprintf(stderr, "Did you mean 'tare %s'? ", nearest->name);
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
