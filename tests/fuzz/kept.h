/* Fuzz targets of what tare keeps data in: frames, session files, losses, cards, packed samples,
 * tare.yml. Where a checksum stands over the bytes the target makes it right, for what lies behind
 * it is what is to be looked at. To add one: a row in kept_targets[], its name in meson.build. */
#ifndef FUZZ_KEPT_H
#define FUZZ_KEPT_H

#include "base/strbuf.h"

#include <stdint.h>

struct kept_target {
    const char *name;
    /* Aborts when the reader makes of these bytes what it may not make. */
    void (*run)(const uint8_t *bytes, size_t size);
    /* Appends what a sound writer writes, as this target takes it. */
    void (*seed)(struct strbuf *out);
};

extern const struct kept_target kept_targets[];
extern const size_t kept_target_count;

const struct kept_target *kept_target_find(const char *name);

#endif
