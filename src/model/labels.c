#include "model/labels.h"

#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    const char *text; /* escaped, "key=value" */
    size_t length;
    size_t key_length;
    size_t order; /* position in the input: a later pair wins */
};

/* The length of the pair at `text` up to an unescaped comma; `*key_length` up to the equals. */
static size_t pair_measure(const char *text, size_t *key_length)
{
    size_t at = 0;
    *key_length = 0;
    bool found = false;
    for (; text[at] != '\0' && text[at] != ','; at++) {
        if (text[at] == '\\' && text[at + 1] != '\0')
            at++;
        else if (text[at] == '=' && !found) {
            found = true;
            *key_length = at;
        }
    }
    return at;
}

static int pair_compare(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    size_t shorter = a->key_length < b->key_length ? a->key_length : b->key_length;
    int order = memcmp(a->text, b->text, shorter);
    if (order != 0)
        return order;
    if (a->key_length != b->key_length)
        return a->key_length < b->key_length ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static bool same_key(const struct pair *a, const struct pair *b)
{
    return a->key_length == b->key_length && memcmp(a->text, b->text, a->key_length) == 0;
}

static char *pairs_join(const struct pair *pairs, size_t count)
{
    struct strbuf buf;
    strbuf_init(&buf);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && same_key(&pairs[i], &pairs[i + 1]))
            continue;
        if (buf.length > 0)
            strbuf_add_char(&buf, ',');
        strbuf_add(&buf, pairs[i].text, pairs[i].length);
    }
    return strbuf_detach(&buf);
}

enum tare_status labels_canonical(const char *text, char **canonical, struct tare_error *error)
{
    if (text == NULL)
        text = "";
    size_t room = 1, count = 0;
    for (const char *at = text; *at != '\0'; at++)
        room += *at == ',';
    struct pair *pairs = calloc(room, sizeof *pairs);
    if (pairs == NULL)
        return error_memory(error);
    enum tare_status status = TARE_OK;
    for (const char *at = text; *at != '\0';) {
        struct pair pair = {.text = at, .order = count};
        pair.length = pair_measure(at, &pair.key_length);
        if (pair.length > 0 && pair.key_length == 0) {
            status = error_set(error, TARE_E_USAGE, "the label '%.*s' is not key=value",
                               (int)(pair.length > 100 ? 100 : pair.length), at);
            break;
        }
        if (pair.length > 0)
            pairs[count++] = pair;
        at += pair.length;
        if (*at == ',')
            at++;
    }
    if (status == TARE_OK) {
        qsort(pairs, count, sizeof *pairs, pair_compare);
        char *joined = pairs_join(pairs, count);
        if (joined == NULL)
            status = error_memory(error);
        else
            *canonical = joined;
    }
    free(pairs);
    return status;
}

enum tare_status labels_merge(const char *first, const char *second, char **canonical,
                              struct tare_error *error)
{
    struct strbuf both;
    strbuf_init(&both);
    strbuf_add_text(&both, first);
    strbuf_add_char(&both, ',');
    strbuf_add_text(&both, second);
    enum tare_status status = both.failed ? error_memory(error)
                                          : labels_canonical(both.text, canonical, error);
    strbuf_release(&both);
    return status;
}

static void add_escaped(struct strbuf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == ',' || *text == '=' || *text == '\\')
            strbuf_add_char(buf, '\\');
        strbuf_add_char(buf, *text);
    }
}

char *labels_pair(const char *key, const char *value)
{
    struct strbuf buf;
    strbuf_init(&buf);
    add_escaped(&buf, key);
    strbuf_add_char(&buf, '=');
    add_escaped(&buf, value);
    return strbuf_detach(&buf);
}

bool labels_contain(const char *labels, const char *wanted)
{
    while (wanted != NULL && *wanted != '\0') {
        size_t key_length, length = pair_measure(wanted, &key_length);
        bool found = false;
        for (const char *at = labels != NULL ? labels : ""; *at != '\0' && !found;) {
            size_t own = pair_measure(at, &key_length);
            found = own == length && memcmp(at, wanted, length) == 0;
            at += own;
            at += *at == ',';
        }
        if (!found)
            return false;
        wanted += length;
        wanted += *wanted == ',';
    }
    return true;
}

static char *unescape(const char *text, size_t length)
{
    char *plain = malloc(length + 1);
    size_t to = 0;
    for (size_t i = 0; plain != NULL && i < length; i++) {
        if (text[i] == '\\' && i + 1 < length)
            i++;
        plain[to++] = text[i];
    }
    if (plain != NULL)
        plain[to] = '\0';
    return plain;
}

bool labels_next(const char **at, char **key, char **value)
{
    if (*at == NULL || **at == '\0')
        return false;
    size_t key_length, length = pair_measure(*at, &key_length);
    char *own_key = unescape(*at, key_length);
    char *own_value = unescape(*at + key_length + 1, length - key_length - 1);
    if (own_key == NULL || own_value == NULL) {
        free(own_key);
        free(own_value);
        return false;
    }
    *key = own_key;
    *value = own_value;
    *at += length;
    *at += **at == ',';
    return true;
}
