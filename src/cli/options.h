/* Options of a command as a table; getopt_long does the parsing, help and completion read the
 * same rows. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
    OPTION_FLAG,  /* bool            */
    OPTION_TEXT,  /* const char *    */
    OPTION_COUNT, /* unsigned; whole, ≥ 0 */
    OPTION_REAL,  /* double; finite  */
    OPTION_LIST   /* struct option_list: may be given several times */
};

#define OPTION_LIST_MOST 64

struct option_list {
    const char *values[OPTION_LIST_MOST];
    size_t count;
};

struct option_row {
    const char *name; /* long, without dashes; NULL ends the table */
    char letter;      /* short; 0: none */
    enum option_kind kind;
    size_t offset;        /* of the value in the command's struct */
    const char *argument; /* "N", "text|json"; NULL for flags */
    const char *help;
};

/* Parses `argv` into `values` (the struct that the offsets are of, holding the defaults).
 * `*operands` becomes the index of the first operand; `--` ends the options. With `stop_early`
 * the first operand ends them too. `*help` is set by --help and -h. TARE_E_USAGE says which
 * option is wrong and why. */
enum tare_status options_parse(const struct option_row *rows, int argc, char **argv, void *values,
                               bool stop_early, int *operands, bool *help,
                               struct tare_error *error);

#endif
