/* Units as benchmark tools spell them. */
#ifndef COLLECT_IMPORTER_UNIT_H
#define COLLECT_IMPORTER_UNIT_H

#include "tare/better.h"

#include <stdbool.h>

#define IMPORT_UNIT_SIZE 32

/* Writes tare's base unit of `unit` ("ns/op", "nsec", "Megabytes", "Percent", "allocs/op", …) and
 * returns the factor that takes a value there. A unit that tare does not know is its own, cut
 * to fit; NULL is "". */
double import_unit(const char *unit, char base[IMPORT_UNIT_SIZE]);

/* Which way is better by the unit alone: rates ("ops/s", "MB/s", "iter/sec") higher, what is
 * counted an operation ("allocs/op") exact, all else lower. `*sure` says whether the unit decides
 * that; it may be NULL. */
enum tare_better import_unit_better(const char *unit, bool *sure);

#endif
