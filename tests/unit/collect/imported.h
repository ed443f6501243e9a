/* What an import gave, as text that tests look into:
 *
 *   session app=… commit=… branch=… time=… environment=… labels=… outcome=ok warm
 *     METRIC | unit better category | n failed | values…
 */
#ifndef COLLECT_IMPORTED_H
#define COLLECT_IMPORTED_H

#include "base/strbuf.h"
#include "collect/importer.h"
#include "suite.h"

#include <stdbool.h>

struct imported {
    struct strbuf text;
    struct strbuf ids; /* "session id, batch id" a line */
    struct import_result result;
    struct tare_error error;
    enum tare_status status;
    size_t samples_limit; /* values of a part that are shown; 0: 8 */
};

/* Options with the time that stands in, 2026-01-01T00:00:00Z, and nothing else. */
struct import_options imported_options(void);

struct imported imported_bytes(const char *format, const char *name, const void *bytes,
                               size_t size, const struct import_options *options);
struct imported imported_text(const char *format, const char *text);
struct imported imported_path(const char *format, const char *path,
                              const struct import_options *options);
void imported_release(struct imported *imported);

/* The import worked and its text is `expected`; or has the line; or failed with a message that
 * has these words. Each releases it. */
void assert_imports(struct imported imported, const char *expected);
void assert_imports_line(struct imported *imported, const char *line);
void assert_refuses(struct imported imported, const char *words);

/* The fixture's path, "formats/NAME" below tests/data; "../shared/samples/NAME" or NULL, having
 * said so, when that is not there. Both static until the next call. */
const char *imported_fixture(const char *name);
const char *imported_sample(const char *name);

#endif
