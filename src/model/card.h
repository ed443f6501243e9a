/* The reference card: what `ingest` leaves beside the store so that a program can judge its own
 * snapshot and print the start-up summary without a database. */
#ifndef MODEL_CARD_H
#define MODEL_CARD_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/session.h"

#include <stddef.h>

#define CARD_RECENT 8

struct card_entry {
    struct metric metric;
    char *app;
    char *environment;
    char *labels;
    enum session_temperature temperature;
    struct baseline baseline;
    double recent[CARD_RECENT]; /* last values, oldest first */
    uint32_t recent_count;
};

struct card {
    int64_t written_ns;
    uint32_t baseline_minimum;  /* what the store's rules ask for */
    struct card_entry *entries; /* owned */
    size_t entry_count;
};

void card_init(struct card *card);
void card_release(struct card *card);

/* Appends an empty entry. NULL: no memory. */
struct card_entry *card_entry_add(struct card *card);

/* The entry of a metric under this app, environment, temperature and labels, or NULL. */
const struct card_entry *card_find(const struct card *card, const char *metric_id, const char *app,
                                   const char *environment, const char *labels,
                                   enum session_temperature temperature);

/* Text of one line an entry with a checksum at the end; the caller frees. NULL: no memory. */
char *card_encode(const struct card *card);

/* Reads what card_encode() made into an initialised card. TARE_E_CORRUPT or TARE_E_NEWER leave it
 * empty: a program without a card goes on without one. */
enum tare_status card_decode(const char *text, struct card *card, struct tare_error *error);

#endif
