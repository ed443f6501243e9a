#include "record/upwards.h"

#include <string.h>
#include <unistd.h>

bool upwards_find(const char *folder, const char *name, char *path, size_t size)
{
    size_t length = strlen(folder), tail = strlen(name) + 1;
    if (folder[0] != '/' || length + 1 + tail > size)
        return false;
    memcpy(path, folder, length);
    if (length == 1)
        length = 0;
    for (;;) {
        path[length] = '/';
        memcpy(path + length + 1, name, tail);
        if (access(path, F_OK) == 0)
            return true;
        if (length == 0)
            return false;
        while (path[--length] != '/')
            ;
    }
}
