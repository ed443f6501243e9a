/* The metrics of a session, by id and kind. Lock-free: any thread may add; async-signal-safe. */
#ifndef RECORD_REGISTRY_H
#define RECORD_REGISTRY_H

#include "record/layout.h"
#include "tare/metric.h"

/* Finds entries by hash without touching those it does not look for; and what only the process
 * needs to know of them. In its own memory; all zero to begin with. Cells hold index + 1. */
#define REGISTRY_CELLS   256
#define REGISTRY_GUESSES 64
struct registry_index {
    uint8_t cells[REGISTRY_CELLS];
    uint8_t guesses[REGISTRY_GUESSES]; /* by where an id lies, not by what it is: to be checked */
    uint32_t warmup_left[REGISTRY_CAPACITY]; /* samples to skip, by entry */
};

/* Fills in REGISTRY_OTHER; called once, before any other thread knows the image. */
bool registry_open(struct session_image *image);

/* The entry of a metric, made at its first use with what the handle says and the catalogue knows;
 * REGISTRY_OTHER when the registry is full. -1: the id is none, `better` or `aggregate` are, or
 * the unit does not fit the catalogue's or the kind (ticks are times). `described`: the handle was
 * declared by the program, not made up from an id. */
int registry_find(struct session_image *image, struct registry_index *index,
                  const tare_metric *metric, enum entry_kind kind, bool described);

/* Skips one of the metric's first samples: true while some are left to skip. */
bool registry_warming(struct registry_index *index, int entry);

/* Whether some are left. */
static inline bool registry_warms(const struct registry_index *index, int entry)
{
    return __atomic_load_n(&index->warmup_left[entry], __ATOMIC_RELAXED) != 0;
}

#endif
