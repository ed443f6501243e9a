/* JSON as importers read it: whole documents with the place of every error, and a look at the
 * keys of one that is not read yet. */
#ifndef COLLECT_IMPORTER_JSON_H
#define COLLECT_IMPORTER_JSON_H

#include "base/digest.h"
#include "base/error.h"
#include "collect/importer.h"
#include "collect/json_tree.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A value and the way to it from the document's root, for errors: a chain on the stack. */
struct place {
    const struct place *parent; /* NULL: the root */
    const char *key;            /* of a member */
    size_t index;               /* of an item, when there is no key */
    const char *file;
    size_t line;            /* of a document within a file of lines; 0: the file is the document */
    json_t *value;          /* borrowed; NULL: there is none */
    struct json_node *node; /* the same where the document is a line's tree; then value is NULL */
};

/* Reads the rest of the source as one document; `*root` is the caller's (json_decref). Numbers
 * come as reals. The words NaN and Infinity, which some tools write though JSON has none, are
 * read as the empty text, which is no number. `digest` (may be NULL) becomes the one of the
 * bytes. */
enum tare_status import_json_read(struct import *import, struct digest *digest, json_t **root,
                                  struct tare_error *error);

/* From text[at] on, a text stood at this line and column (from 1) of its file. */
struct json_cut {
    size_t at, line, column;
};

/* The same from `text`, which is changed. `cuts` (at least one, the first at 0, in order) say
 * where its pieces stood, for errors. */
enum tare_status import_json_parse(const char *file, const struct json_cut *cuts, size_t cut_count,
                                   char *text, size_t size, json_t **root,
                                   struct tare_error *error);

/* One document a line, into a tree that is used again; `*document` is its root and holds until the
 * next call. */
enum tare_status import_json_line(const char *file, size_t line, char *text, size_t size,
                                  struct json_tree *tree, struct place *document,
                                  struct tare_error *error);

struct place place_root(const char *file, json_t *root);
struct place place_member(const struct place *parent, const char *key);
struct place place_item(const struct place *parent, size_t index);

/* How many items an array, or members an object, has; 0 for anything else. */
size_t place_count(const struct place *place);

/* "FILE: benchmarks[3].real_time is missing: it must be a number". TARE_E_SYNTAX. */
enum tare_status place_wrong(const struct place *place, const char *wanted,
                             struct tare_error *error);

bool place_is_object(const struct place *place);
bool place_is_null(const struct place *place);         /* it is there, and null */
bool place_is_missing(const struct place *place);      /* it is not there at all */
const char *place_own_text(const struct place *place); /* NULL unless it is a text */

enum tare_status place_need_object(const struct place *place, struct tare_error *error);
enum tare_status place_need_array(const struct place *place, struct tare_error *error);
/* One that is not empty. */
enum tare_status place_need_text(const struct place *place, const char **text,
                                 struct tare_error *error);

/* A number, or a text that spells one: "12.5", "NaN", "+INF"; "" is NaN. */
enum tare_status place_need_number(const struct place *place, double *number,
                                   struct tare_error *error);

/* The member of an object when it is there and of that kind, else NULL, `otherwise`, false. */
const char *place_text(const struct place *parent, const char *key);
double place_number(const struct place *parent, const char *key, double otherwise);
bool place_true(const struct place *parent, const char *key);
bool place_has(const struct place *parent, const char *key); /* and it is not null */

/* Whether the document that begins with these bytes has this key at this depth (1: in the
 * outermost object, or in the objects of the outermost array's; arrays are not counted). */
bool json_head_has(const char *head, size_t size, unsigned depth, const char *key);

/* The first byte that is not white space; '\0' when there is none. */
char json_head_first(const char *head, size_t size);

#endif
