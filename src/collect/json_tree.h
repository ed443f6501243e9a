/* One JSON document after the other as a tree in memory that is used again: for files of a million
 * lines, where making and freeing each value by itself costs more than reading it (yajl reads).
 *
 * Strict: UTF-8, no key twice in an object, no NUL in a text, no number that a double cannot hold,
 * nothing behind the document. */
#ifndef COLLECT_JSON_TREE_H
#define COLLECT_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind {
    TREE_NULL,
    TREE_FALSE,
    TREE_TRUE,
    TREE_NUMBER,
    TREE_TEXT,
    TREE_ARRAY,
    TREE_OBJECT
};

struct json_node {
    enum json_kind kind;
    uint32_t key_hash;
    const char *key; /* of a member; NULL */
    double number;
    const char *text;
    struct json_node *children; /* in order */
    size_t count;
    size_t hint; /* where to look for a member first: behind the one that was found last */
};

struct json_tree {
    struct json_block *blocks; /* owned; what the document is made of */
    size_t used;               /* bytes of the newest */
    struct json_node *open;    /* owned; what has not found its container yet */
    size_t open_count, open_room;
    size_t *begins; /* owned; where the children of each open container begin */
    size_t begin_count, begin_room;
    const char *key; /* the one that was read */
    uint32_t key_hash;
    const char *wrong; /* why it cannot be read; static; NULL: it can */
};

void json_tree_init(struct json_tree *tree);
void json_tree_release(struct json_tree *tree);

#define JSON_WRONG_SIZE 120

/* The document's root, which holds until the next call. NULL: `*column` (from 1, where what is
 * wrong ends) and `wrong` say where and why; without memory `wrong` is "". */
struct json_node *json_tree_read(struct json_tree *tree, const char *text, size_t size,
                                 size_t *column, char wrong[JSON_WRONG_SIZE]);

/* A member of an object, an item of an array; NULL: there is none. */
struct json_node *json_node_member(struct json_node *node, const char *key);
struct json_node *json_node_item(struct json_node *node, size_t index);

#endif
