/* A verdict replayed from the stored inputs. */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "app/config.h"
#include "model/report.h"
#include "store/store.h"

/* Fills in an initialised report for the measurement that an alert stands on: the window the
 * baseline was computed from, that baseline computed anew, and the verdict passed anew on it,
 * beside the one that was stored. TARE_E_NOT_FOUND: no such alert, or its measurement is gone. */
enum tare_status explain_build(struct store *store, const struct config *config, int64_t alert_id,
                               struct explain_report *report, struct tare_error *error);

#endif
