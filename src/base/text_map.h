/* A map from texts to numbers: for finding what was met before. Texts are copied. */
#ifndef BASE_TEXT_MAP_H
#define BASE_TEXT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_map {
    struct text_map_slot {
        char *text; /* owned; NULL: empty */
        uint64_t hash;
        size_t number;
    } * slots;
    size_t room; /* a power of two, or 0 */
    size_t count;
};

void text_map_init(struct text_map *map);
void text_map_release(struct text_map *map); /* leaves an empty, usable map */

/* Whether `text` is there, and its number. */
bool text_map_find(const struct text_map *map, const char *text, size_t *number);

/* Adds a text that is not there. False: no memory, and nothing changed. */
bool text_map_add(struct text_map *map, const char *text, size_t number);

#endif
