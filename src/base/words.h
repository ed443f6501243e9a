/* Enumerations and their words, by a table in the order of the enumeration. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The index of `word` in `words`, or -1. */
int words_find(const char *const *words, size_t count, const char *word);

#define WORDS_COUNT(words) (sizeof(words) / sizeof((words)[0]))

/* Defines NAME_word() and NAME_parse() for `enum TYPE` over the table `words`. */
#define WORDS_DEFINE(NAME, TYPE, words)                                                           \
    const char *NAME##_word(enum TYPE value)                                                      \
    {                                                                                             \
        return words[value];                                                                      \
    }                                                                                             \
    bool NAME##_parse(const char *word, enum TYPE *value)                                         \
    {                                                                                             \
        int found = words_find(words, WORDS_COUNT(words), word);                                  \
        if (found < 0)                                                                            \
            return false;                                                                         \
        *value = (enum TYPE)found;                                                                \
        return true;                                                                              \
    }

#endif
