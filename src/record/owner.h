/* Whether the process that a session belongs to still runs. */
#ifndef RECORD_OWNER_H
#define RECORD_OWNER_H

#include "record/layout.h"

#include <sys/types.h>

/* A process of that number runs, and began before the session was opened: later ones that got the
 * number of a dead one are told apart. It still has the session's file, of that name and inode: a
 * program that replaced the one which recorded, by exec, has not. */
bool owner_alive(const struct session_card *card, const char *file_name, ino_t inode);

/* When a process began, in nanoseconds since boot, to 10 ms; -1: there is none. */
int64_t process_began_ns(uint32_t pid);

#endif
