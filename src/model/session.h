/* A session: one run of a program; and the environment its numbers depend on. */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include "base/error.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stdint.h>

enum session_outcome {
    OUTCOME_OK = 0,
    OUTCOME_FAILED,  /* ended, and said or returned that it failed            */
    OUTCOME_CRASHED, /* died without closing; never enters a baseline         */
    OUTCOME_RUNNING  /* has not ended; its complete windows count like ok     */
};

enum session_temperature { TEMPERATURE_WARM = 0, TEMPERATURE_COLD };

const char *outcome_word(enum session_outcome outcome);
bool outcome_parse(const char *word, enum session_outcome *outcome);
const char *temperature_word(enum session_temperature temperature);
bool temperature_parse(const char *word, enum session_temperature *temperature);

/* What a number depends on besides the code. `key` alone identifies it: the name that the user
 * gave, else a text made of the fields. All strings owned; any may be NULL but `key`. */
struct environment {
    char *key;
    char *cpu; /* model name */
    char *os;  /* "Linux 6.1" */
    char *architecture;
    uint32_t cores;
    uint64_t memory_mb;
};

void environment_init(struct environment *environment);
void environment_release(struct environment *environment);

/* Fills in `key` from the other fields ("AMD EPYC, 2 cores, 24 GB, Linux 6, x86_64"; memory
 * rounded to whole GB, the kernel's version cut to its first number, so that an update of the
 * kernel's patch level is not a new environment) unless `name` is given. */
enum tare_status environment_key(struct environment *environment, const char *name,
                                 struct tare_error *error);

struct session {
    char id[UUID_TEXT_SIZE]; /* UUID, lower case */
    char *app;               /* never NULL once filled in */
    char *version;           /* NULL: unknown; so with the next two */
    char *commit;            /* full hexadecimal id */
    char *branch;
    bool dirty;
    char *labels; /* canonical (model/labels.h); NULL or "": none */
    struct environment environment;
    int64_t started_ns;
    int64_t ended_ns; /* 0: not ended */
    int64_t taken_ns; /* when the store took it in; 0: it is about to */
    enum session_outcome outcome;
    enum session_temperature temperature;
    uint64_t dropped;   /* samples that were counted but not kept at all, and those of which … */
    uint64_t condensed; /* … only the histogram was; of a hand-over: since the one before it */
    char *source;       /* "libtare", "tare run", "record", an importer's name */
};

void session_init(struct session *session);
void session_release(struct session *session);

#endif
