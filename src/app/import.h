/* `import`: other tools' files into the store. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/config.h"
#include "app/ingest.h"
#include "app/judge_queue.h"
#include "collect/importer.h"
#include "store/store.h"

/* Reads every path by the importer called `format` ("auto": by content) into the store, in one
 * transaction: a file that is broken changes nothing at all. What the store has already is
 * ignored. `judging` (may be NULL) hears how the second part goes on; the first, the reading, is
 * told by the options. The caller releases `*taken`. */
enum tare_status import_files(struct store *store, const char *store_url,
                              const struct config *config, const char *format, char *const *paths,
                              const struct import_options *options,
                              const struct judge_progress *judging, struct import_result *read,
                              struct ingest_result *taken, struct tare_error *error);

#endif
