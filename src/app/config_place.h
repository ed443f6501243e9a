/* Errors in tare.yml, with the line and the column of what is wrong. */
#ifndef APP_CONFIG_PLACE_H
#define APP_CONFIG_PLACE_H

#include "base/error.h"

#include <stddef.h>

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

#endif
