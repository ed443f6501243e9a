#include "model/session.h"

#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcome_words[] = {"ok", "failed", "crashed", "running"};
static const char *const temperature_words[] = {"warm", "cold"};

WORDS_DEFINE(outcome, session_outcome, outcome_words)
WORDS_DEFINE(temperature, session_temperature, temperature_words)

void environment_init(struct environment *environment)
{
    *environment = (struct environment){0};
}

void environment_release(struct environment *environment)
{
    free(environment->key);
    free(environment->cpu);
    free(environment->os);
    free(environment->architecture);
    environment_init(environment);
}

enum tare_status environment_key(struct environment *environment, const char *name,
                                 struct tare_error *error)
{
    char *key = NULL;
    if (name != NULL && name[0] != '\0') {
        key = strdup(name);
    } else {
        const char *os = environment->os != NULL ? environment->os : "unknown system";
        const char *cut = strchr(os, '.');
        int os_length = (int)(cut != NULL ? (size_t)(cut - os) : strlen(os));
        if (asprintf(&key, "%s, %u cores, %llu GB, %.*s, %s",
                     environment->cpu != NULL ? environment->cpu : "unknown CPU",
                     environment->cores,
                     (unsigned long long)((environment->memory_mb + 512) / 1024), os_length, os,
                     environment->architecture != NULL ? environment->architecture : "?") < 0)
            key = NULL;
    }
    if (key == NULL)
        return error_memory(error);
    free(environment->key);
    environment->key = key;
    return TARE_OK;
}

void session_init(struct session *session)
{
    *session = (struct session){0};
}

void session_release(struct session *session)
{
    free(session->app);
    free(session->version);
    free(session->commit);
    free(session->branch);
    free(session->labels);
    free(session->source);
    environment_release(&session->environment);
    session_init(session);
}
