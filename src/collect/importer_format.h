/* The probes and readers of the formats, for the table in importer.c. */
#ifndef COLLECT_IMPORTER_FORMAT_H
#define COLLECT_IMPORTER_FORMAT_H

#include "collect/importer.h"

#define FORMAT_DECLARE(name)                                                                      \
    int name##_probe(const char *head, size_t size, const char *file_name);                       \
    enum tare_status name##_read(struct import *import, struct tare_error *error)

FORMAT_DECLARE(asv);
FORMAT_DECLARE(benchmarkdotnet);
FORMAT_DECLARE(bmf);
FORMAT_DECLARE(cargo_criterion);
FORMAT_DECLARE(catch2);
FORMAT_DECLARE(criterion);
FORMAT_DECLARE(csv);
FORMAT_DECLARE(github);
FORMAT_DECLARE(go);
FORMAT_DECLARE(google);
FORMAT_DECLARE(hyperfine);
FORMAT_DECLARE(jmh);
FORMAT_DECLARE(jsonl);
FORMAT_DECLARE(openmetrics);
FORMAT_DECLARE(pytest);

#endif
