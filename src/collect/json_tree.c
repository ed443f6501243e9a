#include "collect/json_tree.h"

#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { BLOCK_SIZE = 64 * 1024, FEW_MEMBERS = 48 };

struct json_block {
    struct json_block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static const char NO_MEMORY[] = "";

/* FNV-1a. */
static const uint32_t HASH_BEGIN = 2166136261u;

static uint32_t hash_add(uint32_t hash, unsigned char byte)
{
    return (hash ^ byte) * 16777619u;
}

void json_tree_init(struct json_tree *tree)
{
    *tree = (struct json_tree){0};
}

static void blocks_free(struct json_block *block)
{
    while (block != NULL) {
        struct json_block *older = block->older;
        free(block);
        block = older;
    }
}

void json_tree_release(struct json_tree *tree)
{
    blocks_free(tree->blocks);
    free(tree->open);
    free(tree->begins);
    json_tree_init(tree);
}

/* Forgets the document; the newest block, which is the largest, is used again. */
static void tree_clear(struct json_tree *tree)
{
    if (tree->blocks != NULL) {
        blocks_free(tree->blocks->older);
        tree->blocks->older = NULL;
    }
    tree->used = tree->open_count = tree->begin_count = 0;
    tree->key = tree->wrong = NULL;
}

/* Room that holds as long as the document does. NULL: no memory. */
static void *take(struct json_tree *tree, size_t size)
{
    size_t align = alignof(max_align_t), wanted = (size + align - 1) / align * align;
    if (tree->blocks == NULL || tree->blocks->size - tree->used < wanted) {
        size_t larger = tree->blocks != NULL ? 2 * tree->blocks->size : BLOCK_SIZE;
        larger = larger > wanted ? larger : wanted;
        struct json_block *block = malloc(sizeof *block + larger);
        if (block == NULL) {
            tree->wrong = NO_MEMORY;
            return NULL;
        }
        *block = (struct json_block){.older = tree->blocks, .size = larger};
        tree->blocks = block;
        tree->used = 0;
    }
    void *taken = tree->blocks->bytes + tree->used;
    tree->used += wanted;
    return taken;
}

/* A copy with a NUL behind it, and its hash. */
static const char *text_take(struct json_tree *tree, const unsigned char *text, size_t length,
                             uint32_t *hash)
{
    char *copy = take(tree, length + 1);
    if (copy == NULL)
        return NULL;
    uint32_t value = HASH_BEGIN;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0') {
            tree->wrong = "a text with a NUL in it";
            return NULL;
        }
        copy[i] = (char)text[i];
        value = hash_add(value, text[i]);
    }
    copy[length] = '\0';
    *hash = value;
    return copy;
}

/* ---- what yajl tells ---- */

static struct json_node *node_add(struct json_tree *tree, enum json_kind kind)
{
    if (tree->open_count == tree->open_room) {
        size_t room = tree->open_room > 0 ? 2 * tree->open_room : 256;
        struct json_node *larger = realloc(tree->open, room * sizeof *larger);
        if (larger == NULL) {
            tree->wrong = NO_MEMORY;
            return NULL;
        }
        tree->open = larger;
        tree->open_room = room;
    }
    struct json_node *node = &tree->open[tree->open_count++];
    *node = (struct json_node){.kind = kind, .key = tree->key, .key_hash = tree->key_hash};
    tree->key = NULL;
    return node;
}

static int take_null(void *context)
{
    return node_add(context, TREE_NULL) != NULL;
}

static int take_truth(void *context, int truth)
{
    return node_add(context, truth ? TREE_TRUE : TREE_FALSE) != NULL;
}

static int take_number(void *context, const char *text, size_t length)
{
    struct json_tree *tree = context;
    (void)length; /* what stands behind a number is none of it */
    struct json_node *node = node_add(tree, TREE_NUMBER);
    if (node == NULL)
        return 0;
    node->number = strtod(text, NULL);
    if (!isfinite(node->number))
        tree->wrong = "a number that is too large";
    return tree->wrong == NULL;
}

static int take_text(void *context, const unsigned char *text, size_t length)
{
    struct json_tree *tree = context;
    uint32_t hash;
    struct json_node *node = node_add(tree, TREE_TEXT);
    if (node != NULL)
        node->text = text_take(tree, text, length, &hash);
    return tree->wrong == NULL;
}

static int take_key(void *context, const unsigned char *text, size_t length)
{
    struct json_tree *tree = context;
    tree->key = text_take(tree, text, length, &tree->key_hash);
    return tree->wrong == NULL;
}

static int begin(struct json_tree *tree, enum json_kind kind)
{
    if (tree->begin_count == tree->begin_room) {
        size_t room = tree->begin_room > 0 ? 2 * tree->begin_room : 32;
        size_t *larger = realloc(tree->begins, room * sizeof *larger);
        if (larger == NULL) {
            tree->wrong = NO_MEMORY;
            return 0;
        }
        tree->begins = larger;
        tree->begin_room = room;
    }
    if (node_add(tree, kind) == NULL)
        return 0;
    tree->begins[tree->begin_count++] = tree->open_count;
    return 1;
}

static int begin_object(void *context)
{
    return begin(context, TREE_OBJECT);
}

static int begin_array(void *context)
{
    return begin(context, TREE_ARRAY);
}

static int by_hash(const void *left, const void *right)
{
    const struct json_node *a = *(const struct json_node *const *)left;
    const struct json_node *b = *(const struct json_node *const *)right;
    return a->key_hash < b->key_hash ? -1 : a->key_hash > b->key_hash;
}

static bool same_key(const struct json_node *a, const struct json_node *b)
{
    return a->key_hash == b->key_hash && strcmp(a->key, b->key) == 0;
}

/* Whether one of many keys is there twice: sorted by their hashes. */
static bool twice_of_many(struct json_tree *tree, const struct json_node *members, size_t count)
{
    const struct json_node **sorted = malloc(count * sizeof *sorted);
    bool twice = false;
    if (sorted == NULL) {
        tree->wrong = NO_MEMORY;
        return false;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof *sorted, by_hash);
    for (size_t i = 0; i < count && !twice; i++)
        for (size_t k = i + 1; k < count && sorted[k]->key_hash == sorted[i]->key_hash && !twice;
             k++)
            twice = same_key(sorted[i], sorted[k]);
    free(sorted);
    return twice;
}

static bool is_twice(struct json_tree *tree, const struct json_node *members, size_t count)
{
    if (count > FEW_MEMBERS)
        return twice_of_many(tree, members, count);
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (same_key(&members[i], &members[k]))
                return true;
    return false;
}

/* The children of the innermost container find their place behind each other. */
static int end(void *context)
{
    struct json_tree *tree = context;
    size_t first = tree->begins[--tree->begin_count], count = tree->open_count - first;
    struct json_node *container = &tree->open[first - 1];
    if (container->kind == TREE_OBJECT && is_twice(tree, tree->open + first, count))
        tree->wrong = "duplicate object key";
    struct json_node *children = take(tree, count * sizeof *children);
    if (tree->wrong != NULL)
        return 0;
    if (count > 0)
        memcpy(children, tree->open + first, count * sizeof *children);
    container->children = children;
    container->count = count;
    tree->open_count = first;
    return 1;
}

static const yajl_callbacks callbacks = {.yajl_null = take_null,
                                         .yajl_boolean = take_truth,
                                         .yajl_number = take_number,
                                         .yajl_string = take_text,
                                         .yajl_start_map = begin_object,
                                         .yajl_map_key = take_key,
                                         .yajl_end_map = end,
                                         .yajl_start_array = begin_array,
                                         .yajl_end_array = end};

/* yajl's own words, on one line. */
static void wrong_say(yajl_handle reader, const char *text, size_t size,
                      char wrong[JSON_WRONG_SIZE])
{
    unsigned char *said = yajl_get_error(reader, 0, (const unsigned char *)text, size);
    snprintf(wrong, JSON_WRONG_SIZE, "%s", said != NULL ? (const char *)said : "no JSON");
    yajl_free_error(reader, said);
    wrong[strcspn(wrong, "\n")] = '\0';
}

struct json_node *json_tree_read(struct json_tree *tree, const char *text, size_t size,
                                 size_t *column, char wrong[JSON_WRONG_SIZE])
{
    tree_clear(tree);
    yajl_handle reader = yajl_alloc(&callbacks, NULL, tree);
    if (reader == NULL) {
        wrong[0] = '\0';
        return NULL;
    }
    yajl_status status = yajl_parse(reader, (const unsigned char *)text, size);
    *column = yajl_get_bytes_consumed(reader);
    *column += *column == 0;
    if (status == yajl_status_ok)
        status = yajl_complete_parse(reader);
    if (status != yajl_status_ok && tree->wrong != NULL)
        snprintf(wrong, JSON_WRONG_SIZE, "%s", tree->wrong);
    else if (status != yajl_status_ok)
        wrong_say(reader, text, size, wrong);
    yajl_free(reader);
    return status == yajl_status_ok && tree->open_count == 1 ? tree->open : NULL;
}

/* ---- reading ---- */

struct json_node *json_node_member(struct json_node *node, const char *key)
{
    if (node == NULL || node->kind != TREE_OBJECT)
        return NULL;
    struct json_node *next = node->count > 0 ? &node->children[node->hint] : NULL;
    if (next != NULL && strcmp(next->key, key) == 0) { /* asked for in the order they stand in */
        node->hint = node->hint + 1 < node->count ? node->hint + 1 : 0;
        return next;
    }
    uint32_t hash = HASH_BEGIN;
    for (const char *byte = key; *byte != '\0'; byte++)
        hash = hash_add(hash, (unsigned char)*byte);
    for (size_t i = 0; i < node->count; i++) {
        size_t at = node->hint + i;
        at -= at >= node->count ? node->count : 0;
        if (node->children[at].key_hash != hash || strcmp(node->children[at].key, key) != 0)
            continue;
        node->hint = at + 1 < node->count ? at + 1 : 0;
        return &node->children[at];
    }
    return NULL;
}

struct json_node *json_node_item(struct json_node *node, size_t index)
{
    if (node == NULL || node->kind != TREE_ARRAY || index >= node->count)
        return NULL;
    return &node->children[index];
}
