#include "cli/options.h"

#include "base/error.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MOST 40
#define HELP_CODE 1000
#define ROW_CODE  2000

struct parser {
    struct option longs[ROWS_MOST + 2];
    char shorts[3 * ROWS_MOST + 8];
};

static void parser_prepare(const struct option_row *rows, bool stop_early, struct parser *parser)
{
    size_t count = 0, letters = 0;
    parser->shorts[letters++] = stop_early ? '+' : ':';
    if (stop_early)
        parser->shorts[letters++] = ':';
    parser->shorts[letters++] = 'h';
    for (; rows[count].name != NULL && count < ROWS_MOST; count++) {
        int needs = rows[count].kind != OPTION_FLAG ? required_argument : no_argument;
        parser->longs[count] = (struct option){rows[count].name, needs, NULL,
                                               ROW_CODE + (int)count};
        if (rows[count].letter != 0) {
            parser->shorts[letters++] = rows[count].letter;
            if (needs)
                parser->shorts[letters++] = ':';
        }
    }
    parser->shorts[letters] = '\0';
    parser->longs[count] = (struct option){"help", no_argument, NULL, HELP_CODE};
    parser->longs[count + 1] = (struct option){0};
}

static const struct option_row *row_of(const struct option_row *rows, int code)
{
    if (code >= ROW_CODE)
        return &rows[code - ROW_CODE];
    for (; rows->name != NULL; rows++)
        if (rows->letter == code)
            return rows;
    return NULL;
}

static enum tare_status take_count(const struct option_row *row, const char *text, unsigned *value,
                                   struct tare_error *error)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number > 1000000000)
        return error_set(error, TARE_E_USAGE,
                         "--%s wants a whole number from 0 to 1000000000, not '%.60s'", row->name,
                         text);
    *value = (unsigned)number;
    return TARE_OK;
}

static enum tare_status take_real(const struct option_row *row, const char *text, double *value,
                                  struct tare_error *error)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number))
        return error_set(error, TARE_E_USAGE, "--%s wants a number, not '%.60s'", row->name, text);
    *value = number;
    return TARE_OK;
}

static enum tare_status value_take(const struct option_row *row, char *text, void *values,
                                   struct tare_error *error)
{
    void *place = (char *)values + row->offset;
    struct option_list *list = place;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        return TARE_OK;
    case OPTION_TEXT:
        *(const char **)place = text;
        return TARE_OK;
    case OPTION_COUNT:
        return take_count(row, text, place, error);
    case OPTION_REAL:
        return take_real(row, text, place, error);
    case OPTION_LIST:
        if (list->count == OPTION_LIST_MOST)
            return error_set(error, TARE_E_USAGE, "--%s is given more than %d times", row->name,
                             OPTION_LIST_MOST);
        list->values[list->count++] = text;
        return TARE_OK;
    }
    return TARE_OK;
}

static enum tare_status option_unknown(const char *word, struct tare_error *error)
{
    bool number = word[0] == '-' && (word[1] == '.' || (word[1] >= '0' && word[1] <= '9'));
    return error_set(error, TARE_E_USAGE, "there is no option '%.80s'%s", word,
                     number ? "; a negative number goes behind --" : "");
}

enum tare_status options_parse(const struct option_row *rows, int argc, char **argv, void *values,
                               bool stop_early, int *operands, bool *help,
                               struct tare_error *error)
{
    struct parser parser;
    parser_prepare(rows, stop_early, &parser);
    optind =
        0; /* getopt keeps its place in globals: begin anew, so that a command can run twice */
    opterr = 0;
    for (;;) {
        int index = optind > 0 ? optind : 1;
        int code = getopt_long(argc, argv, parser.shorts, parser.longs, NULL);
        if (code == -1)
            break;
        if (code == 'h' || code == HELP_CODE) {
            *help = true;
            continue;
        }
        if (code == ':')
            return error_set(error, TARE_E_USAGE, "the option '%.80s' wants a value",
                             argv[optind - 1]);
        if (code == '?')
            return option_unknown(argv[optopt != 0 && optind == index ? index : optind - 1],
                                  error);
        enum tare_status status = value_take(row_of(rows, code), optarg, values, error);
        if (status != TARE_OK)
            return status;
    }
    *operands = optind;
    return TARE_OK;
}
