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

/* What may go on in a number or a word. */
static bool goes_on(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '+' ||
           (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void words_replace(char *text, size_t size)
{
    char *end = text + size;
    for (char *at = text; at < end;) {
        if (*at == '"') {
            at = string_end(at, end);
        } else if (*at == '-' || *at == '+' || *at == 'i' || *at == 'I' || *at == 'n' ||
                   *at == 'N') {
            at = word_replace(at, end);
        } else if (goes_on(*at) && *at != '.') {
            while (at < end && goes_on(*at))
                at++;
        } else {
            at++;
        }
    }
}

/* What jansson says of a place in the text, as a place in the file. */
static enum tare_status parse_wrong(const char *file, const struct json_cut *cuts,
                                    size_t cut_count, const char *text, const json_error_t *wrong,
                                    struct tare_error *error)
{
    size_t position = wrong->position > 0 ? (size_t)wrong->position : 0, lines = 0, begin = 0;
    const struct json_cut *cut = cuts;
    for (size_t i = 1; i < cut_count && cuts[i].at <= position; i++)
        cut = &cuts[i];
    for (size_t i = 0; i < cut->at; i++)
        if (text[i] == '\n') {
            lines++;
            begin = i + 1;
        }
    size_t line = wrong->line > 0 ? (size_t)wrong->line - 1 : 0;
    size_t column = wrong->column > 0 ? (size_t)wrong->column : 0;
    if (line == lines) /* on the line on which the piece begins */
        column += cut->column - 1 - (cut->at - begin);
    line += cut->line - lines;
    return error_set(error, TARE_E_SYNTAX, "%s:%zu:%zu: %s", file, line, column, wrong->text);
}

enum tare_status import_json_parse(const char *file, const struct json_cut *cuts, size_t cut_count,
                                   char *text, size_t size, json_t **root,
                                   struct tare_error *error)
{
    json_error_t wrong;
    words_replace(text, size);
    json_t *parsed = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
                                &wrong);
    if (parsed == NULL && json_error_code(&wrong) == json_error_out_of_memory)
        return error_memory(error);
    if (parsed == NULL)
        return parse_wrong(file, cuts, cut_count, text, &wrong, error);
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
    const struct json_cut whole = {.line = 1, .column = 1};
    return import_json_parse(import->source->name, &whole, 1, bytes, size, root, error);
}

enum tare_status import_json_line(const char *file, size_t line, char *text, size_t size,
                                  struct json_tree *tree, struct place *document,
                                  struct tare_error *error)
{
    char wrong[JSON_WRONG_SIZE];
    size_t column = 0;
    words_replace(text, size);
    struct json_node *root = json_tree_read(tree, text, size, &column, wrong);
    if (root == NULL && wrong[0] == '\0')
        return error_memory(error);
    if (root == NULL)
        return error_set(error, TARE_E_SYNTAX, "%s:%zu:%zu: %s", file, line, column, wrong);
    *document = (struct place){.file = file, .line = line, .node = root};
    return TARE_OK;
}

struct place place_root(const char *file, json_t *root)
{
    return (struct place){.file = file, .value = root};
}

struct place place_member(const struct place *parent, const char *key)
{
    struct place member = {
        .parent = parent, .key = key, .file = parent->file, .line = parent->line};
    if (parent->node != NULL)
        member.node = json_node_member(parent->node, key);
    else
        member.value = json_object_get(parent->value, key);
    return member;
}

struct place place_item(const struct place *parent, size_t index)
{
    struct place item = {
        .parent = parent, .index = index, .file = parent->file, .line = parent->line};
    if (parent->node != NULL)
        item.node = json_node_item(parent->node, index);
    else
        item.value = json_array_get(parent->value, index);
    return item;
}

size_t place_count(const struct place *place)
{
    if (place->node != NULL)
        return place->node->count;
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

/* What it is, whichever library read it. False: it is missing. */
static bool kind_find(const struct place *place, enum json_kind *kind)
{
    static const enum json_kind kinds[] = {
        [JSON_OBJECT] = TREE_OBJECT,  [JSON_ARRAY] = TREE_ARRAY, [JSON_STRING] = TREE_TEXT,
        [JSON_INTEGER] = TREE_NUMBER, [JSON_REAL] = TREE_NUMBER, [JSON_TRUE] = TREE_TRUE,
        [JSON_FALSE] = TREE_FALSE,    [JSON_NULL] = TREE_NULL};
    if (place->node == NULL && place->value == NULL)
        return false;
    *kind = place->node != NULL ? place->node->kind : kinds[json_typeof(place->value)];
    return true;
}

static bool is_kind(const struct place *place, enum json_kind wanted)
{
    enum json_kind kind;
    return kind_find(place, &kind) && kind == wanted;
}

static const char *kind_of(const struct place *place)
{
    static const char *const words[] = {
        [TREE_OBJECT] = "an object", [TREE_ARRAY] = "an array", [TREE_TEXT] = "a text",
        [TREE_NUMBER] = "a number",  [TREE_TRUE] = "true",      [TREE_FALSE] = "false",
        [TREE_NULL] = "null"};
    enum json_kind kind;
    if (!kind_find(place, &kind))
        return "missing";
    return kind == TREE_TEXT && place_own_text(place)[0] == '\0' ? "empty" : words[kind];
}

bool place_is_object(const struct place *place)
{
    return is_kind(place, TREE_OBJECT);
}

bool place_is_null(const struct place *place)
{
    return is_kind(place, TREE_NULL);
}

bool place_is_missing(const struct place *place)
{
    return place->node == NULL && place->value == NULL;
}

const char *place_own_text(const struct place *place)
{
    return place->node != NULL ? place->node->text : json_string_value(place->value);
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
        path.length > 0 ? path.text : "the document", kind_of(place), wanted);
    strbuf_release(&path);
    return status;
}

enum tare_status place_need_object(const struct place *place, struct tare_error *error)
{
    return is_kind(place, TREE_OBJECT) ? TARE_OK : place_wrong(place, "an object", error);
}

enum tare_status place_need_array(const struct place *place, struct tare_error *error)
{
    return is_kind(place, TREE_ARRAY) ? TARE_OK : place_wrong(place, "an array", error);
}

enum tare_status place_need_text(const struct place *place, const char **text,
                                 struct tare_error *error)
{
    const char *own = place_own_text(place);
    if (own == NULL || own[0] == '\0')
        return place_wrong(place, "a text", error);
    *text = own;
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
    const char *text = place_own_text(place);
    if (is_kind(place, TREE_NUMBER)) {
        *number = place->node != NULL ? place->node->number : json_number_value(place->value);
        return TARE_OK;
    }
    if (text != NULL && text_number(text, number))
        return TARE_OK;
    return place_wrong(place, "a number", error);
}

const char *place_text(const struct place *parent, const char *key)
{
    const struct place member = place_member(parent, key);
    return place_own_text(&member);
}

double place_number(const struct place *parent, const char *key, double otherwise)
{
    const struct place member = place_member(parent, key);
    double number;
    return place_need_number(&member, &number, NULL) == TARE_OK ? number : otherwise;
}

bool place_true(const struct place *parent, const char *key)
{
    const struct place member = place_member(parent, key);
    return is_kind(&member, TREE_TRUE);
}

bool place_has(const struct place *parent, const char *key)
{
    const struct place member = place_member(parent, key);
    return !place_is_missing(&member) && !place_is_null(&member);
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
