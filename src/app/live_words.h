/* What can be typed where a command wants a name: read from the store, git and tare.yml, for the
 * completion of shells. */
#ifndef APP_LIVE_WORDS_H
#define APP_LIVE_WORDS_H

#include "app/config.h"

#include <stddef.h>

enum live_word {
    LIVE_METRIC,
    LIVE_APP,
    LIVE_ENVIRONMENT,
    LIVE_ALERT,   /* numbers of live ones */
    LIVE_SESSION, /* the newest */
    LIVE_REF,     /* branches and tags of the repository */
    LIVE_SINK
};

struct word {
    char *text;
    char *what; /* in a few words; NULL: nothing to say */
};

struct word_list {
    struct word *words; /* owned */
    size_t count;
};

/* Adds the words of one kind, each once, as far as they can be had without writing or waiting.
 * What would steer a terminal is left out. */
void live_words_add(struct word_list *list, enum live_word kind, const struct config *config,
                    const char *store_url);

/* Adds one; both are copied. */
void word_list_add(struct word_list *list, const char *text, const char *what);
void word_list_release(struct word_list *list);

#endif
