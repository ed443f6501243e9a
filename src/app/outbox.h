/* The outbox: what happened to an alert, for every sink that wants to hear of it. */
#ifndef APP_OUTBOX_H
#define APP_OUTBOX_H

#include "app/config.h"
#include "model/alert.h"
#include "store/store.h"

/* What is older than this when tare learns of it is history, not news: nobody is told. */
#define OUTBOX_NEWS_NS (24 * 3600 * INT64_C(1000000000))

/* Within the transaction that keeps the event and its alert, so that either all are there or none.
 * Nothing is added for an event that asks for no notice, or with TARE_NOTIFY=off. */
enum tare_status outbox_add(struct store *store, const struct config *config,
                            const struct alert_event *event, struct tare_error *error);

#endif
