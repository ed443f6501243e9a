/* What can follow on a command line, from the tables of commands and options: their synopsis says
 * what operands are. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "app/live_words.h"

/* What a shell has to find by itself, besides the words. */
enum completion_rest { REST_NOTHING, REST_FILES, REST_COMMANDS };

/* The words that the last of `words` (may be empty) can become; `words` stand behind "tare". A
 * shell that breaks words at an equals sign hands that on as a word of its own. */
enum completion_rest completion_find(char *const *words, size_t count, struct word_list *found);

#endif
