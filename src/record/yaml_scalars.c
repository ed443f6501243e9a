#include "record/yaml_scalars.h"

#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 65536

/* The value behind "key:", without quotes and comment. */
static void value_take(const char *line, char *value, size_t size)
{
    const char *at = line + strspn(line, " \t");
    size_t length;
    if (*at == '"' || *at == '\'') {
        char quote = *at++;
        const char *end = strchr(at, quote);
        length = end != NULL ? (size_t)(end - at) : 0;
    } else {
        const char *comment = strstr(at, " #");
        length = *at == '#' ? 0 : comment != NULL ? (size_t)(comment - at) : strlen(at);
        while (length > 0 && (at[length - 1] == ' ' || at[length - 1] == '\t'))
            length--;
    }
    if (length > 0 && length < size) {
        memcpy(value, at, length);
        value[length] = '\0';
    }
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
            value_take(line + length, keys[i].value, keys[i].size);
    }
}

static void store_resolve(const char *path, struct yaml_scalars *scalars)
{
    char *store = scalars->store;
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
        text[size] = '\0';
        for (char *line = text; line != NULL;) {
            char *next = strchr(line, '\n');
            if (next != NULL)
                *next++ = '\0';
            line_take(line, scalars);
            line = next;
        }
        store_resolve(path, scalars);
    }
    free(text);
}

void yaml_scalars_find(struct yaml_scalars *scalars)
{
    char path[1024 + 16];
    const char *named = getenv("TARE_CONFIG");
    if (named != NULL && named[0] != '\0') {
        yaml_scalars_read(named, scalars);
        return;
    }
    *scalars = (struct yaml_scalars){0};
    if (getcwd(path, 1024) == NULL)
        return;
    for (;;) {
        size_t length = strlen(path);
        (void)text_join(path + length, 16, path[length - 1] == '/' ? "" : "/", "tare.yml", NULL);
        if (access(path, R_OK) == 0) {
            yaml_scalars_read(path, scalars);
            return;
        }
        path[length] = '\0';
        char *slash = strrchr(path, '/');
        if (slash == NULL || length <= 1)
            return;
        slash[slash == path ? 1 : 0] = '\0';
    }
}
