/* Errors in tare.yml, with the line and the column of what is wrong. */
#ifndef APP_CONFIG_PLACE_H
#define APP_CONFIG_PLACE_H

#include "base/error.h"

#include <stddef.h>

#define CONFIG_SIZE_MOST (1 << 20)

/* The file that is being read; borrowed. */
struct config_source {
    const char *path;
    const char *bytes;
    size_t size;
};

/* TARE_E_SYNTAX with "file:line:column: " before the message. `place` names the value that is
 * wrong by its keys and 0-based indexes: "app", "baseline.window", "metrics.3.unit". When the file
 * does not say it, the place is that of the nearest value around it. */
enum tare_status config_error(const struct config_source *source, const char *place,
                              struct tare_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "file:line:column" of a value in the file at `path`, for what turns out later; the path alone
 * when it cannot be read any more. The caller frees; NULL: no memory. */
char *config_where(const char *path, const char *place);

#endif
