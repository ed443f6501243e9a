/* `import`: other tools' files into the store. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/config.h"
#include "app/ingest.h"
#include "collect/importer.h"
#include "store/store.h"

/* Reads every path by the importer called `format` ("auto": by content) into the store, in one
 * transaction: a file that is broken changes nothing at all. What the store has already is
 * ignored. The caller releases `*taken`. */
enum tare_status import_files(struct store *store, const char *store_url,
                              const struct config *config, const char *format, char *const *paths,
                              const struct import_options *options, struct import_result *read,
                              struct ingest_result *taken, struct tare_error *error);

#endif
