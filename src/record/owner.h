/* Whether the process that a session belongs to still runs. */
#ifndef RECORD_OWNER_H
#define RECORD_OWNER_H

#include "record/layout.h"

#include <stdbool.h>

/* Of an open session file, whose descriptor others do not use at the same time. Where the kernel
 * says that nobody else has the file it is dead. Else a process of that number runs, began before
 * the session was opened (later ones that got the number of a dead one are told apart), and still
 * has the file: a program that replaced the one which recorded, by exec, has not. Else whoever has
 * the file counts: the owner under his number in a container, or somebody in one that cannot be
 * seen from here; a child that the dead owner left behind has it, too, and is not the owner. */
bool owner_alive(const struct session_card *card, int fd, const char *file_name);

/* Whether somebody else has the open file, as far as the kernel tells. */
bool file_held(int fd);

/* When a process began, in nanoseconds since boot, to 10 ms; -1: there is none. */
int64_t process_began_ns(uint32_t pid);

#endif
