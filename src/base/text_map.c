#include "base/text_map.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        hash = (hash ^ *at) * 0x100000001b3u;
    return hash;
}

void text_map_init(struct text_map *map)
{
    *map = (struct text_map){0};
}

void text_map_release(struct text_map *map)
{
    for (size_t i = 0; i < map->room; i++)
        free(map->slots[i].text);
    free(map->slots);
    text_map_init(map);
}

/* The slot of the text, or the empty one where it belongs. */
static size_t place_of(const struct text_map *map, const char *text, uint64_t hash)
{
    size_t at = (size_t)hash & (map->room - 1);
    while (map->slots[at].text != NULL &&
           (map->slots[at].hash != hash || strcmp(map->slots[at].text, text) != 0))
        at = (at + 1) & (map->room - 1);
    return at;
}

bool text_map_find(const struct text_map *map, const char *text, size_t *number)
{
    if (map->count == 0)
        return false;
    size_t at = place_of(map, text, hash_of(text));
    if (map->slots[at].text == NULL)
        return false;
    *number = map->slots[at].number;
    return true;
}

static bool grow(struct text_map *map)
{
    struct text_map larger = {.room = map->room > 0 ? 2 * map->room : FIRST_ROOM,
                              .count = map->count};
    larger.slots = calloc(larger.room, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < map->room; i++) {
        const struct text_map_slot *slot = &map->slots[i];
        if (slot->text != NULL)
            larger.slots[place_of(&larger, slot->text, slot->hash)] = *slot;
    }
    free(map->slots);
    *map = larger;
    return true;
}

bool text_map_add(struct text_map *map, const char *text, size_t number)
{
    char *copy = strdup(text);
    if (copy == NULL || (2 * map->count >= map->room && !grow(map))) {
        free(copy);
        return false;
    }
    uint64_t hash = hash_of(text);
    map->slots[place_of(map, text, hash)] = (struct text_map_slot){copy, hash, number};
    map->count++;
    return true;
}
