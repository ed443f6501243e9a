#include "record/yaml_scalars.h"

#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 65536

/* Where a plain value begins and how long it is, up to one of `ends` or a comment. */
static const char *plain_measure(const char *at, const char *ends, size_t *length)
{
    const char *comment = strstr(at, " #"), *behind = at + strcspn(at, ends);
    *length = (size_t)(behind - at);
    if (comment != NULL && comment < behind)
        *length = (size_t)(comment - at);
    if (*at == '#')
        *length = 0;
    while (*length > 0 && (at[*length - 1] == ' ' || at[*length - 1] == '\t'))
        --*length;
    bool nothing = (*length == 1 && *at == '~') || (*length == 4 && strncmp(at, "null", 4) == 0);
    if (nothing)
        *length = 0;
    return behind;
}

/* The value at `at`, without quotes and comment, up to one of `ends` (none inside quotes). Returns
 * where it ended. What does not fit, or is YAML's word for nothing, is left out. */
static const char *value_take(const char *at, const char *ends, char *value, size_t size)
{
    at += strspn(at, " \t");
    size_t length = 0;
    const char *behind;
    if (*at == '"' || *at == '\'') {
        const char *end = strchr(at + 1, *at);
        at++;
        length = end != NULL ? (size_t)(end - at) : 0;
        behind = end != NULL ? end + 1 : at + strlen(at);
    } else {
        behind = plain_measure(at, ends, &length);
    }
    if (length > 0 && length < size) {
        memcpy(value, at, length);
        value[length] = '\0';
    }
    return behind;
}

static const char *label_take(const char *at, const char *ends, struct yaml_scalars *scalars)
{
    char label[sizeof scalars->labels] = "";
    size_t used = strlen(scalars->labels);
    at = value_take(at, ends, label, sizeof label);
    if (label[0] != '\0')
        (void)text_join(scalars->labels + used, sizeof scalars->labels - used, used > 0 ? "," : "",
                        label, NULL);
    return at;
}

/* Where the reader is within the list of labels: nowhere, between the lines that begin with a
 * dash, or within brackets. */
enum labels_part { LABELS_NONE, LABELS_BLOCK, LABELS_FLOW };

static enum labels_part flow_take(const char *at, struct yaml_scalars *scalars)
{
    while (*at != '\0' && *at != ']' && *at != '#') {
        at = label_take(at, ",]", scalars);
        at += strspn(at, ", \t");
    }
    return *at == ']' ? LABELS_NONE : LABELS_FLOW;
}

/* A line of the list; says where that leaves the reader. */
static enum labels_part labels_take(const char *line, enum labels_part part,
                                    struct yaml_scalars *scalars)
{
    const char *at = line + strspn(line, " \t");
    if (strncmp(line, "labels:", 7) == 0) {
        at = line + 7 + strspn(line + 7, " \t");
        return *at == '[' ? flow_take(at + 1, scalars) : LABELS_BLOCK;
    }
    if (part == LABELS_FLOW)
        return flow_take(at, scalars);
    if (part == LABELS_BLOCK && at[0] == '-' && at[1] == ' ')
        label_take(at + 2, "", scalars);
    else if (*at != '\0' && *at != '#')
        return LABELS_NONE;
    return part;
}

static void line_take(const char *line, struct yaml_scalars *scalars)
{
    const struct {
        const char *key;
        char *value;
        size_t size;
    } keys[] = {
        {"store:", scalars->store, sizeof scalars->store},
        {"app:", scalars->app, sizeof scalars->app},
        {"environment:", scalars->environment, sizeof scalars->environment},
        {"window:", scalars->window, sizeof scalars->window},
        {"ingest:", scalars->ingest, sizeof scalars->ingest},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        size_t length = strlen(keys[i].key);
        if (strncmp(line, keys[i].key, length) == 0)
            value_take(line + length, "", keys[i].value, keys[i].size);
    }
}

static void store_resolve(const char *path, struct yaml_scalars *scalars)
{
    char *store = scalars->store;
    if (strncmp(store, "sqlite:", 7) == 0)
        memmove(store, store + 7, strlen(store + 7) + 1);
    const char *slash = strrchr(path, '/');
    if (store[0] == '\0' || store[0] == '/' || store[0] == ':' || strstr(store, "://") != NULL ||
        slash == NULL)
        return;
    char joined[sizeof scalars->store * 2];
    int size = snprintf(joined, sizeof joined, "%.*s%s", (int)(slash - path + 1), path, store);
    if (size > 0 && (size_t)size < sizeof scalars->store)
        memcpy(store, joined, (size_t)size + 1);
    else
        store[0] = '\0';
}

void yaml_scalars_read(const char *path, struct yaml_scalars *scalars)
{
    *scalars = (struct yaml_scalars){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = fd >= 0 ? malloc(FILE_MAX) : NULL;
    ssize_t size = text != NULL ? read(fd, text, FILE_MAX - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (size > 0) {
        enum labels_part part = LABELS_NONE;
        text[size] = '\0';
        for (char *line = text; line != NULL;) {
            char *next = strchr(line, '\n');
            if (next != NULL)
                *next++ = '\0';
            line_take(line, scalars);
            part = labels_take(line, part, scalars);
            line = next;
        }
        store_resolve(path, scalars);
    }
    free(text);
}
