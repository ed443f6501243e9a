/* The environment variables that settings come from, found in one pass over the environment: to
 * ask for each would be the larger part of reading the settings. */
#ifndef RECORD_VARIABLES_H
#define RECORD_VARIABLES_H

#include <stdbool.h>

enum variable {
    VARIABLE_APP = 0,
    VARIABLE_APP_VERSION,
    VARIABLE_BRANCH,
    VARIABLE_COMMIT,
    VARIABLE_CONFIG,
    VARIABLE_ENVIRONMENT,
    VARIABLE_HOME,
    VARIABLE_INGEST,
    VARIABLE_LABELS,
    VARIABLE_STATE_HOME,
    VARIABLE_STORE,
    VARIABLE_TEMPERATURE,
    VARIABLE_WINDOW,
    VARIABLE_COUNT
};

struct variables {
    const char *value[VARIABLE_COUNT]; /* into the environment; NULL: not set, or empty */
};

/* Of a program that runs with more rights than its caller (set-user-ID, file capabilities) nothing
 * is taken: what it writes where is not the caller's to say. */
bool variables_distrusted(void);
void variables_read(struct variables *variables);

#endif
