/* The reference card beside the store: written by whoever takes batches in. */
#ifndef APP_CARD_FILE_H
#define APP_CARD_FILE_H

#include "app/config.h"
#include "store/store.h"

/* Writes it anew from the series that were measured lately. Failures are of no consequence: a
 * program without a card goes on without one. */
void card_file_write(struct store *store, const char *store_url, const struct config *config);

#endif
