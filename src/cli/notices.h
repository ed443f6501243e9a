/* What `run`, `record` and `ingest` say of alerts that opened or ended while they took data in. */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "app/ingest.h"
#include "store/store.h"

/* Prints a sentence a notice to standard error; of many the first few and how many more. What
 * tare.yml says of sinks of type stderr holds, and TARE_NOTIFY=off. */
void notices_print(const char *store_url, const struct config *config,
                   const struct ingest_result *result);

#endif
