/* Making a session's mapping, in the process that records.
 *
 * To make a file, allocate its pages and remove it again costs a short run of a program more than
 * all that it records. The first process of an app therefore takes the file `<app>.session`, and
 * when it has ended and all was handed over, it leaves the file as an idle one, which the next
 * process takes over, with its two pages. Whoever finds it taken makes a file of its own name, and
 * removes it. Idle is a word in the file: who changes it from idle, or removes the file, holds its
 * flock; who changes it to idle is the owner, as the last thing it does there. */
#ifndef RECORD_SESSION_H
#define RECORD_SESSION_H

#include "record/layout.h"
#include "record/runtime_folder.h"
#include "record/settings.h"

#include <sys/types.h>

#define SESSION_SUFFIX    ".session"
#define SESSION_PATH_SIZE (RUNTIME_FOLDER_SIZE + UUID_TEXT_SIZE + 16)

/* The path of a session's file. */
void session_path(const char *folder, const struct session_image *image,
                  char path[SESSION_PATH_SIZE]);

/* Takes the app's idle file, or makes `<app>.session` or `<writer>.session` in the folder, or
 * private memory when the settings say so, with a filled-in header and the first pages allocated.
 * NULL, with errno set, and nothing left behind: the folder cannot be used, or has no room.
 * Async-signal-safe. */
struct session_image *session_create(const char *folder, const struct settings *settings,
                                     uint32_t clock, bool cold);

/* The owner's last word to a file all of whose samples are handed over: left idle, or removed
 * where it has grown, or other threads may still be writing into it. */
void session_leave(struct session_image *image, const char *folder);

/* Removes the file of a session. `locked`: the caller has its flock; otherwise a file that
 * somebody is looking at stays, for the next sweep, and the session must be closed or not be
 * valid. */
void session_remove(const struct session_image *image, const char *folder, bool locked);

/* Whether a file is one that nobody uses, and has not for an hour. */
bool session_idle(const struct session_image *image);
bool session_idle_for_long(const struct session_image *image);

#endif
