/* The folder of this user's session files: on tmpfs, mode 0700. */
#ifndef RECORD_RUNTIME_FOLDER_H
#define RECORD_RUNTIME_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define RUNTIME_FOLDER_SIZE 512

/* $TARE_RUNTIME_DIR/tare, else $XDG_RUNTIME_DIR/tare, else /dev/shm/tare-<uid>; not made here.
 * False: too long. */
bool runtime_folder_path(char path[RUNTIME_FOLDER_SIZE]);

/* Where sessions of programs lie that run without XDG_RUNTIME_DIR, as this user: maybe the same.
 * False: TARE_RUNTIME_DIR says that there is no other. */
bool runtime_folder_fallback(char path[RUNTIME_FOLDER_SIZE]);

/* So many files may lie there, about: where nobody ever takes sessions up, those that crash must
 * not fill the machine's memory. */
#define RUNTIME_FOLDER_MOST 1000

/* Makes it if need be. False, with errno set: it cannot be made, is not ours alone (EPERM), or is
 * full (EDQUOT). */
bool runtime_folder_make(const char *path);

#endif
