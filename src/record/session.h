/* Making a session's mapping, in the process that records. */
#ifndef RECORD_SESSION_H
#define RECORD_SESSION_H

#include "record/runtime_folder.h"
#include "record/settings.h"

#include <sys/types.h>

#define SESSION_SUFFIX    ".session"
#define SESSION_PATH_SIZE (RUNTIME_FOLDER_SIZE + UUID_TEXT_SIZE + 16)

/* The path of a session file. */
void session_path(const char *folder, const char *writer, char path[SESSION_PATH_SIZE]);

/* Makes the file `<folder>/<writer>.session`, or private memory when the settings say so, with
 * a filled-in header and the first pages allocated. NULL, with errno set, and nothing left behind:
 * the folder cannot be used, or has no room. Async-signal-safe. */
struct session_image *session_create(const char *folder, const struct settings *settings,
                                     uint32_t clock, bool cold);

/* Takes the mapping, and with `remove` its file, away. */
void session_discard(struct session_image *image, const char *folder, bool remove);

#endif
