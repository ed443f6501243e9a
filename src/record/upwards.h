/* From a folder upwards, as git does it. */
#ifndef RECORD_UPWARDS_H
#define RECORD_UPWARDS_H

#include <stdbool.h>
#include <stddef.h>

/* The path of `name` in the nearest of `folder` (absolute) and those above it that has it, into
 * `path`. False: none has, or `size` bytes are too few. */
bool upwards_find(const char *folder, const char *name, char *path, size_t size);

#endif
