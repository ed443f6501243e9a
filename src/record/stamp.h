/* The stamp of an app, beside the session files: that it has run since boot, of which build, and
 * which clock the machine has. It is a symbolic link that leads nowhere, for that is read by one
 * system call, and replaced whole. */
#ifndef RECORD_STAMP_H
#define RECORD_STAMP_H

#include "record/clock_source.h"

#include <stdbool.h>
#include <stdint.h>

struct stamp {
    uint64_t build;   /* identifies the executable */
    uint32_t clock;   /* enum clock_source */
    char boot_id[40]; /* "" where the folder does not outlive a boot */
};

/* The name that the files of an app have in the folder: 16 hexadecimal digits. */
#define STAMP_NAME_SIZE 17
void stamp_name(const char *app, char name[STAMP_NAME_SIZE]);

/* Finds out the clock, and whether a session of `app` that starts now is cold; `*fresh` is what
 * stamp_write() shall leave, and `*current` whether it is there already. */
void stamp_read(const char *folder, const char *app, struct stamp *fresh, bool *cold,
                bool *current);

/* Leaves the stamp for the next session. Whether that worked matters to nobody. */
void stamp_write(const char *folder, const char *app, const struct stamp *fresh);

/* The same for a command that is run, by its file: whether this run of `app` is cold; leaves the
 * stamp at once. A command that is not found is warm. */
bool stamp_command(const char *app, const char *command);

#endif
