/* Times as tables spell them. */
#ifndef COLLECT_IMPORTER_TIME_H
#define COLLECT_IMPORTER_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Reads RFC 3339 and its relatives ("2024.01.31 3:00:00 +0100", "2024/01/31 15:04", "2024-01-31",
 * "… UTC"), and numbers: seconds, milliseconds, microseconds or nanoseconds since 1970, whichever
 * of them lies between 1973 and 2286. False for anything else. */
bool import_time_parse(const char *text, int64_t *time_ns);

#endif
