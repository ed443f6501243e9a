/* Folders of result files. */
#ifndef COLLECT_IMPORTER_FOLDER_H
#define COLLECT_IMPORTER_FOLDER_H

#include "collect/importer.h"

/* Walks `path` in order of names, without following links to folders, and reads every file that
 * the format (or, for "auto", any format) knows. Of a benchmark's folder of criterion, `new` is
 * read as one file; `base`, `change` and `report` beside it are not. */
enum tare_status import_folder(const char *format, const char *path,
                               const struct import_options *options, import_emit emit,
                               void *emit_ctx, struct import_result *result,
                               struct tare_error *error);

/* One file, of a folder that has `folder_digest` (struct import). */
enum tare_status import_file(const char *format, const char *path, const char *folder_digest,
                             const struct import_options *options, import_emit emit,
                             void *emit_ctx, struct import_result *result,
                             struct tare_error *error);

#endif
