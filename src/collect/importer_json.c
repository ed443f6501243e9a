#include "collect/importer_json.h"

#include "base/strbuf.h"
#include "collect/importer_source.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The byte behind the string that begins at `at`; `end` when it does not end. */
static char *string_end(char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : at;
}

/* A word that stands for no finite number becomes an empty string of the same length, so that
 * places in errors stay right. */
static char *word_replace(char *at, const char *end)
{
    static const char *const words[] = {"-infinity", "+infinity", "infinity", "-inf",
                                        "+inf",      "inf",       "-nan",     "nan"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(end - at) < length || strncasecmp(at, words[i], length) != 0 ||
            isalnum((unsigned char)at[length]))
            continue;
        memset(at, ' ', length);
        memcpy(at, "\"\"", 2);
        return at + length;
    }
    return at + 1;
}

static void words_replace(char *text, size_t size)
{
    char *end = text + size;
    for (char *at = text; at < end;) {
        if (*at == '"')
            at = string_end(at, end);
        else if (strchr("-+iInN", *at) != NULL && *at != '\0')
            at = word_replace(at, end);
        else if (isalnum((unsigned char)*at)) /* a number or a word: to its end */
            while (at < end && (isalnum((unsigned char)*at) || strchr(".+-", *at) != NULL))
                at++;
        else
            at++;
    }
}

enum tare_status import_json_parse(const char *file, size_t line, char *text, size_t size,
                                   json_t **root, struct tare_error *error)
{
    json_error_t wrong;
    words_replace(text, size);
    json_t *parsed = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
                                &wrong);
    if (parsed == NULL && json_error_code(&wrong) == json_error_out_of_memory)
        return error_memory(error);
    if (parsed == NULL)
        return error_set(error, TARE_E_SYNTAX, "%s:%zu:%d: %s", file,
                         line + (size_t)(wrong.line > 0 ? wrong.line - 1 : 0), wrong.column,
                         wrong.text);
    *root = parsed;
    return TARE_OK;
}

enum tare_status import_json_read(struct import *import, struct digest *digest, json_t **root,
                                  struct tare_error *error)
{
    char *bytes;
    size_t size;
    enum tare_status status = import_source_all(import->source, &bytes, &size, error);
    if (status != TARE_OK)
        return status;
    if (digest != NULL) {
        *digest = digest_begin();
        digest_add(digest, bytes, size);
    }
    return import_json_parse(import->source->name, 1, bytes, size, root, error);
}

struct place place_root(const char *file, json_t *root)
{
    return (struct place){.file = file, .value = root};
}

struct place place_member(const struct place *parent, const char *key)
{
    return (struct place){.parent = parent,
                          .key = key,
                          .file = parent->file,
                          .line = parent->line,
                          .value = json_object_get(parent->value, key)};
}

struct place place_item(const struct place *parent, size_t index)
{
    return (struct place){.parent = parent,
                          .index = index,
                          .file = parent->file,
                          .line = parent->line,
                          .value = json_array_get(parent->value, index)};
}

size_t place_count(const struct place *place)
{
    return json_is_object(place->value) ? json_object_size(place->value)
                                        : json_array_size(place->value);
}

static void path_add(const struct place *place, struct strbuf *path)
{
    if (place->parent == NULL)
        return;
    path_add(place->parent, path);
    if (place->key == NULL)
        strbuf_add_format(path, "[%zu]", place->index);
    else
        strbuf_add_format(path, "%s%.120s", path->length > 0 ? "." : "", place->key);
}

static const char *kind_of(const json_t *value)
{
    static const char *const kinds[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null"};
    return value == NULL ? "missing" : kinds[json_typeof(value)];
}

enum tare_status place_wrong(const struct place *place, const char *wanted,
                             struct tare_error *error)
{
    struct strbuf path;
    char line[24] = "";
    strbuf_init(&path);
    path_add(place, &path);
    if (place->line > 0)
        snprintf(line, sizeof line, ":%zu", place->line);
    enum tare_status status = error_set(
        error, TARE_E_SYNTAX, "%s%s: %.250s is %s: it must be %s", place->file, line,
        path.length > 0 ? path.text : "the document", kind_of(place->value), wanted);
    strbuf_release(&path);
    return status;
}

enum tare_status place_need_object(const struct place *place, struct tare_error *error)
{
    return json_is_object(place->value) ? TARE_OK : place_wrong(place, "an object", error);
}

enum tare_status place_need_array(const struct place *place, struct tare_error *error)
{
    return json_is_array(place->value) ? TARE_OK : place_wrong(place, "an array", error);
}

enum tare_status place_need_text(const struct place *place, const char **text,
                                 struct tare_error *error)
{
    if (!json_is_string(place->value))
        return place_wrong(place, "a text", error);
    *text = json_string_value(place->value);
    return TARE_OK;
}

/* The text "" is what words_replace() leaves of NaN. */
static bool text_number(const char *text, double *number)
{
    char *end;
    if (text[0] == '\0') {
        *number = NAN;
        return true;
    }
    double value = strtod(text, &end);
    while (*end == ' ')
        end++;
    if (end == text || *end != '\0')
        return false;
    *number = value;
    return true;
}

enum tare_status place_need_number(const struct place *place, double *number,
                                   struct tare_error *error)
{
    if (json_is_number(place->value)) {
        *number = json_number_value(place->value);
        return TARE_OK;
    }
    if (json_is_string(place->value) && text_number(json_string_value(place->value), number))
        return TARE_OK;
    return place_wrong(place, "a number", error);
}

const char *place_text(const struct place *parent, const char *key)
{
    return json_string_value(json_object_get(parent->value, key));
}

double place_number(const struct place *parent, const char *key, double otherwise)
{
    struct place member = place_member(parent, key);
    double number;
    return place_need_number(&member, &number, NULL) == TARE_OK ? number : otherwise;
}

bool place_true(const struct place *parent, const char *key)
{
    return json_is_true(json_object_get(parent->value, key));
}

bool place_has(const struct place *parent, const char *key)
{
    const json_t *value = json_object_get(parent->value, key);
    return value != NULL && !json_is_null(value);
}

char json_head_first(const char *head, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isspace((unsigned char)head[i]))
            return head[i];
    return '\0';
}

/* Whether the string that begins at `*at` (its quote) is `key` and is followed by a colon; moves
 * to its closing quote. */
static bool head_key(const char *head, size_t size, size_t *at, const char *key)
{
    size_t begin = ++*at;
    while (*at < size && head[*at] != '"')
        *at += head[*at] == '\\' ? 2 : 1;
    size_t end = *at, after = end + 1;
    while (after < size && isspace((unsigned char)head[after]))
        after++;
    return after < size && head[after] == ':' && end - begin == strlen(key) &&
           memcmp(head + begin, key, end - begin) == 0;
}

bool json_head_has(const char *head, size_t size, unsigned depth, const char *key)
{
    unsigned at_depth = 0;
    for (size_t i = 0; i < size; i++) {
        if (head[i] == '{')
            at_depth++;
        else if (head[i] == '}')
            at_depth -= at_depth > 0;
        else if (head[i] == '"' && head_key(head, size, &i, key) && at_depth == depth)
            return true;
    }
    return false;
}
