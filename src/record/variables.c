#include "record/variables.h"

#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static const char names[VARIABLE_COUNT][24] = {
    [VARIABLE_APP] = "TARE_APP=",       [VARIABLE_APP_VERSION] = "TARE_APP_VERSION=",
    [VARIABLE_BRANCH] = "TARE_BRANCH=", [VARIABLE_COMMIT] = "TARE_COMMIT=",
    [VARIABLE_CONFIG] = "TARE_CONFIG=", [VARIABLE_ENVIRONMENT] = "TARE_ENVIRONMENT=",
    [VARIABLE_HOME] = "HOME=",          [VARIABLE_INGEST] = "TARE_INGEST=",
    [VARIABLE_LABELS] = "TARE_LABELS=", [VARIABLE_STATE_HOME] = "XDG_STATE_HOME=",
    [VARIABLE_STORE] = "TARE_STORE=",   [VARIABLE_TEMPERATURE] = "TARE_TEMPERATURE=",
    [VARIABLE_WINDOW] = "TARE_WINDOW=",
};

bool variables_distrusted(void)
{
    return getauxval(AT_SECURE) != 0;
}

void variables_read(struct variables *variables)
{
    *variables = (struct variables){0};
    for (char **entry = variables_distrusted() ? NULL : environ; entry != NULL && *entry != NULL;
         entry++) {
        const char *text = *entry;
        if (text[0] != 'T' && text[0] != 'H' && text[0] != 'X')
            continue;
        for (size_t i = 0; i < VARIABLE_COUNT; i++) {
            size_t length = strlen(names[i]);
            if (text[0] == names[i][0] && strncmp(text, names[i], length) == 0 &&
                text[length] != '\0' && variables->value[i] == NULL)
                variables->value[i] = text + length;
        }
    }
}
