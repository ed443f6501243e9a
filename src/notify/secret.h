/* Secrets: kept where tare.yml says, an environment variable or a file, and never told. */
#ifndef NOTIFY_SECRET_H
#define NOTIFY_SECRET_H

#include "base/error.h"

#include <stddef.h>

struct secret {
    char *text; /* NUL-terminated */
    size_t size;
};

/* Reads the variable `variable` or, when that is NULL, the file `path` (without line ends behind
 * it). TARE_E_NOT_FOUND when it is not there or empty; the sentence names variable or file only.
 */
enum tare_status secret_read(const char *variable, const char *path, struct secret *secret,
                             struct tare_error *error);

/* Wipes and frees. */
void secret_forget(struct secret *secret);

#endif
