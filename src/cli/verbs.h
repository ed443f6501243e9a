/* Commands that do several things by a first word: `alerts list`, `alerts ack`. One table each. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/context.h"

struct command_verb {
    const char *name;  /* NULL ends the table; the first row is what no word means */
    int least, most;   /* operands behind the word; most −1: any number */
    const char *wants; /* "METRIC and VALUE", for whoever gives others; NULL: none are wanted */
    enum context_access access;
    /* Operands end with NULL. Returns the exit status. */
    int (*run)(struct context *context, void *values, char **operands);
};

/* A whole command: options into `values`, the renderer of --format, the verb, the store, the
 * verb's doing. A command without words has one row named "" and takes its operands directly. */
int verbs_run(const struct command *command, const struct renderer *renderers,
              const struct command_verb *verbs, void *values, int argc, char **argv);

#endif
