/* Labels: key=value pairs that split series. As text: "key=value,key=value", keys in order of
 * their bytes, each once, a comma, equals sign or backslash inside escaped by a backslash. */
#ifndef MODEL_LABELS_H
#define MODEL_LABELS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The canonical form of `text` (pairs in any order; NULL or "" is none); a later pair wins. The
 * caller frees `*canonical`. TARE_E_USAGE names the pair that is not key=value. */
enum tare_status labels_canonical(const char *text, char **canonical, struct tare_error *error);

/* `first` and `second` together, canonical; the second wins. The caller frees. */
enum tare_status labels_merge(const char *first, const char *second, char **canonical,
                              struct tare_error *error);

/* One pair from plain key and value, escaped. The caller frees. NULL: no memory. */
char *labels_pair(const char *key, const char *value);

/* Whether canonical `labels` holds every pair of canonical `wanted`. */
bool labels_contain(const char *labels, const char *wanted);

/* Walks canonical labels: writes the unescaped key and value of the pair at `*at` into owned
 * strings, moves on. False at the end or without memory. `*at` starts as the text. */
bool labels_next(const char **at, char **key, char **value);

#endif
