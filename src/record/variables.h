/* The environment variables that settings come from, found in one pass over the environment: to
 * ask for each would be the larger part of reading the settings. */
#ifndef RECORD_VARIABLES_H
#define RECORD_VARIABLES_H

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

void variables_read(struct variables *variables);

#endif
