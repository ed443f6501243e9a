#include "notify/secret.h"

#include "base/error.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_MOST_BYTES 8192

static enum tare_status take(char *text, const char *what, const char *name, struct secret *secret,
                             struct tare_error *error)
{
    if (text == NULL)
        return error_memory(error);
    size_t size = strlen(text);
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        text[--size] = '\0';
    if (size == 0) {
        free(text);
        return error_set(error, TARE_E_NOT_FOUND, "the %s %.200s, which tare.yml names, is empty",
                         what, name);
    }
    *secret = (struct secret){text, size};
    return TARE_OK;
}

enum tare_status secret_read(const char *variable, const char *path, struct secret *secret,
                             struct tare_error *error)
{
    char *bytes = NULL;
    if (variable != NULL) {
        const char *value = getenv(variable);
        if (value == NULL)
            return error_set(error, TARE_E_NOT_FOUND,
                             "the environment variable %.100s, which tare.yml names, is not set",
                             variable);
        return take(strdup(value), "environment variable", variable, secret, error);
    }
    enum tare_status status = file_read(path, SECRET_MOST_BYTES, &bytes, NULL, error);
    return status == TARE_OK ? take(bytes, "file", path, secret, error) : status;
}

void secret_forget(struct secret *secret)
{
    if (secret->text != NULL)
        explicit_bzero(secret->text, secret->size);
    free(secret->text);
    *secret = (struct secret){0};
}
