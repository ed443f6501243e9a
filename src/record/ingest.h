/* Starting `tare ingest` when a program ends. */
#ifndef RECORD_INGEST_H
#define RECORD_INGEST_H

#include "record/settings.h"

/* Starts it in the background, on its own, for the store of these settings: when TARE_BINARY names
 * it or it is in PATH, at most once a minute a store, and unless the settings forbid it. Nobody
 * waits. */
void ingest_start(const struct settings *settings);

#endif
