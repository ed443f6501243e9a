#include "cli/completion.h"

#include "cli/command.h"
#include "collect/importer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_LIVE, KIND_FILE, KIND_COMMAND, KIND_FORMAT };

/* What a placeholder of a synopsis, or the value of an option, stands for. To teach completion a
 * new one: a row here, and where it is read from in app/live_words.c. */
static const struct meaning {
    const char *word; /* "METRIC"; of an option "--metric" */
    enum kind kind;
    enum live_word live;
} meanings[] = {
    {"METRIC", KIND_LIVE, LIVE_METRIC},
    {"--metric", KIND_LIVE, LIVE_METRIC},
    {"ALERT", KIND_LIVE, LIVE_ALERT},
    {"--id", KIND_LIVE, LIVE_ALERT},
    {"ID", KIND_LIVE, LIVE_SESSION},
    {"--session", KIND_LIVE, LIVE_SESSION},
    {"SINK", KIND_LIVE, LIVE_SINK},
    {"--app", KIND_LIVE, LIVE_APP},
    {"--env", KIND_LIVE, LIVE_ENVIRONMENT},
    {"--branch", KIND_LIVE, LIVE_REF},
    {"A", KIND_LIVE, LIVE_REF},
    {"B", KIND_LIVE, LIVE_REF},
    {"COMMIT", KIND_LIVE, LIVE_REF},
    {"--commit", KIND_LIVE, LIVE_REF},
    {"--base", KIND_LIVE, LIVE_REF},
    {"--candidate", KIND_LIVE, LIVE_REF},
    {"FILE", KIND_FILE, 0},
    {"--store", KIND_FILE, 0},
    {"--output", KIND_FILE, 0},
    {"FORMAT", KIND_FORMAT, 0},
    {"COMMAND", KIND_COMMAND, 0},
};

/* A command line on its way. */
struct line {
    const struct command *command;
    const char *current;            /* the word that is to be completed */
    const char *prefix;             /* what stands before it in the same word: "--format=" */
    const struct option_row *value; /* the option whose value it is; NULL: none */
    const char *store;              /* of --store; NULL: not said */
    bool options_over;
    char *const *operands; /* the words before it that are no options, as copied */
    size_t operand_count;
    struct word_list *found;
};

static void offer(struct line *line, const char *text, const char *what)
{
    size_t length = strlen(line->current);
    char whole[512];
    if (strncmp(text, line->current, length) != 0 ||
        strlen(line->prefix) + strlen(text) >= sizeof whole)
        return;
    memcpy(whole, line->prefix, strlen(line->prefix));
    memcpy(whole + strlen(line->prefix), text, strlen(text) + 1);
    word_list_add(line->found, whole, what);
}

static void offer_commands(struct line *line)
{
    for (const struct command *const *at = commands; *at != NULL; at++)
        offer(line, (*at)->name, (*at)->summary);
}

static void offer_formats(struct line *line)
{
    for (size_t i = 0; i < importer_count; i++)
        offer(line, importers[i].name, importers[i].description);
}

static void offer_live(struct line *line, enum live_word kind)
{
    struct config config = {0};
    struct word_list list = {0};
    char *store = NULL;
    if (config_load(&config, NULL) == TARE_OK) {
        if (config_store(&config, line->store, &store, NULL) == TARE_OK)
            live_words_add(&list, kind, &config, store);
        config_release(&config);
    }
    for (size_t i = 0; i < list.count; i++)
        offer(line, list.words[i].text, list.words[i].what);
    word_list_release(&list);
    free(store);
}

static enum completion_rest offer_meaning(struct line *line, const struct meaning *meaning)
{
    switch (meaning->kind) {
    case KIND_FILE:
        return REST_FILES;
    case KIND_COMMAND:
        offer_commands(line);
        return REST_NOTHING;
    case KIND_FORMAT:
        offer_formats(line);
        return REST_NOTHING;
    case KIND_LIVE:
        offer_live(line, meaning->live);
        return REST_NOTHING;
    }
    return REST_NOTHING;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

/* One of the choices in a piece of a synopsis: a word as it stands, or a placeholder. */
static enum completion_rest offer_choice(struct line *line, const char *text, size_t length)
{
    char word[64];
    if (length == 0 || length >= sizeof word)
        return REST_NOTHING;
    memcpy(word, text, length);
    word[length] = '\0';
    if (islower((unsigned char)word[0])) {
        offer(line, word, NULL);
        return REST_NOTHING;
    }
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strcmp(meanings[i].word, word) == 0)
            return offer_meaning(line, &meanings[i]);
    return REST_NOTHING;
}

/* "text|json", "FORMAT|auto", "METRIC". */
static enum completion_rest offer_choices(struct line *line, const char *text, size_t length)
{
    enum completion_rest rest = REST_NOTHING;
    while (length > 0) {
        const char *bar = memchr(text, '|', length);
        size_t one = bar != NULL ? (size_t)(bar - text) : length;
        enum completion_rest more = offer_choice(line, text, one);
        rest = more != REST_NOTHING ? more : rest;
        text += one + (bar != NULL);
        length -= one + (bar != NULL);
    }
    return rest;
}

static enum completion_rest offer_value(struct line *line)
{
    char option[64];
    const struct option_row *row = line->value;
    if (strchr(row->argument, '|') != NULL)
        return offer_choices(line, row->argument, strlen(row->argument));
    size_t length = strlen(row->name);
    if (length + 3 > sizeof option)
        return REST_NOTHING;
    memcpy(option, "--", 2);
    memcpy(option + 2, row->name, length + 1);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strcmp(meanings[i].word, option) == 0)
            return offer_meaning(line, &meanings[i]);
    return REST_NOTHING;
}

static void offer_options(struct line *line)
{
    char word[64];
    for (const struct option_row *row = line->command->options; row->name != NULL; row++) {
        size_t length = strlen(row->name);
        if (length + 3 > sizeof word)
            continue;
        memcpy(word, "--", 2);
        memcpy(word + 2, row->name, length + 1);
        offer(line, word, row->help);
    }
    offer(line, "--help", "print the options and end");
}

/* One way to write the operands: pieces of a synopsis between blanks; brackets, options and their
 * values are no operands. */
struct way {
    struct {
        const char *text;
        size_t length;
    } pieces[8];
    size_t count;
    bool repeats; /* the last of them */
};

/* A word of a synopsis without its brackets. */
static const char *bare(const char *text, size_t *length)
{
    for (; *length > 0 && text[0] == '['; text++)
        --*length;
    while (*length > 0 && text[*length - 1] == ']')
        --*length;
    return text;
}

static void way_add(struct way *way, const char *text, size_t length, bool *after_option)
{
    static const char dots[] = "…";
    text = bare(text, &length);
    bool option = length > 0 && text[0] == '-', value = *after_option && !option;
    *after_option = option && length > 2;
    if (length == 0 || option || value || is_word(text, length, "options") ||
        way->count == sizeof way->pieces / sizeof way->pieces[0])
        return;
    way->repeats = length > sizeof dots - 1 &&
                   strncmp(text + length - (sizeof dots - 1), dots, sizeof dots - 1) == 0;
    way->pieces[way->count].text = text;
    way->pieces[way->count++].length = length - (way->repeats ? sizeof dots - 1 : 0);
}

/* Takes the next way off a synopsis; ways stand between " | ". NULL: that was the last. */
static const char *way_take(const char *synopsis, struct way *way)
{
    bool after_option = false;
    *way = (struct way){0};
    for (const char *at = synopsis; *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (is_word(at, length, "|"))
            return at + 2;
        way_add(way, at, length, &after_option);
        at += length + (at[length] == ' ');
    }
    return NULL;
}

/* Whether a word is one of "show|ack". */
static bool is_choice(const char *text, size_t length, const char *word)
{
    while (length > 0) {
        const char *bar = memchr(text, '|', length);
        size_t one = bar != NULL ? (size_t)(bar - text) : length;
        if (is_word(text, one, word))
            return true;
        text += one + (bar != NULL);
        length -= one + (bar != NULL);
    }
    return false;
}

/* Whether what was typed so far is the beginning of a way. */
static bool way_fits(const struct way *way, const struct line *line)
{
    for (size_t i = 0; i < line->operand_count && i < way->count; i++) {
        const char *text = way->pieces[i].text;
        bool literal = islower((unsigned char)text[0]);
        if (literal && !is_choice(text, way->pieces[i].length, line->operands[i]))
            return false;
    }
    return line->operand_count < way->count || (way->repeats && way->count > 0);
}

static enum completion_rest offer_operands(struct line *line)
{
    enum completion_rest rest = REST_NOTHING;
    for (const char *at = line->command->synopsis; at != NULL;) {
        struct way way;
        at = way_take(at, &way);
        if (!way_fits(&way, line))
            continue;
        size_t place = line->operand_count < way.count ? line->operand_count : way.count - 1;
        enum completion_rest more = offer_choices(line, way.pieces[place].text,
                                                  way.pieces[place].length);
        rest = more != REST_NOTHING ? more : rest;
    }
    return rest;
}

/* The option that a word is, with its long or its short name. */
static const struct option_row *option_of(const struct command *command, const char *word)
{
    size_t length = strcspn(word, "=");
    for (const struct option_row *row = command->options; row->name != NULL; row++) {
        if (strncmp(word, "--", 2) == 0 && is_word(word + 2, length - 2, row->name))
            return row;
        if (row->letter != 0 && word[0] == '-' && word[1] == row->letter && word[2] == '\0')
            return row;
    }
    return NULL;
}

static bool wants_value(const struct option_row *row)
{
    return row != NULL && row->kind != OPTION_FLAG;
}

/* An option before the current word, at words[i], with its value if it stands apart: whether it is
 * behind an equals sign that the shell broke off, or the current word itself. Returns how many
 * words it takes. */
static size_t option_read(struct line *line, char *const *words, size_t count, size_t i)
{
    const struct option_row *row = option_of(line->command, words[i]);
    if (strcmp(words[i], "--") == 0)
        line->options_over = true;
    if (!wants_value(row) || strchr(words[i], '=') != NULL)
        return 1;
    size_t at = i + 1;
    if (at + 1 < count && strcmp(words[at], "=") == 0)
        at++;
    if (at + 1 == count)
        line->value = row;
    else if (strcmp(row->name, "store") == 0)
        line->store = words[at];
    return at + 1 - i;
}

/* Goes over the words before the current one; `operands` has room for all. */
static void line_read(struct line *line, char *const *words, size_t count, char **operands)
{
    line->operands = operands;
    for (size_t i = 1; i + 1 < count;) {
        if (!line->options_over && words[i][0] == '-' && words[i][1] != '\0')
            i += option_read(line, words, count, i);
        else
            operands[line->operand_count++] = words[i++];
    }
}

/* `run` ends its options with the command that it runs, whose words are not ours. */
static enum completion_rest other_command(const struct line *line)
{
    return line->operand_count == 0 ? REST_COMMANDS : REST_FILES;
}

static enum completion_rest line_complete(struct line *line)
{
    const char *equals = strchr(line->current, '=');
    const struct option_row *row = option_of(line->command, line->current);
    char prefix[64];
    if (line->value != NULL)
        return offer_value(line);
    if (strcmp(line->command->name, "run") == 0 &&
        (line->options_over || line->operand_count > 0 || line->current[0] != '-'))
        return other_command(line);
    if (line->options_over || line->current[0] != '-')
        return offer_operands(line);
    if (equals == NULL || !wants_value(row) ||
        (size_t)(equals - line->current) + 2 > sizeof prefix) {
        offer_options(line);
        return REST_NOTHING;
    }
    size_t length = (size_t)(equals - line->current) + 1;
    memcpy(prefix, line->current, length);
    prefix[length] = '\0';
    line->prefix = prefix;
    line->current = equals + 1;
    line->value = row;
    return offer_value(line);
}

enum completion_rest completion_find(char *const *words, size_t count, struct word_list *found)
{
    struct line line = {
        .current = count > 0 ? words[count - 1] : "", .prefix = "", .found = found};
    if (count < 2) {
        offer_commands(&line);
        return REST_NOTHING;
    }
    line.command = command_find(words[0]);
    char **operands = calloc(count, sizeof *operands);
    enum completion_rest rest = REST_NOTHING;
    if (line.command != NULL && operands != NULL) {
        line_read(&line, words, count, operands);
        if (strcmp(line.current, "=") == 0)
            line.current = "";
        rest = line_complete(&line);
    }
    free(operands);
    return rest;
}
