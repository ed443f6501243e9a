/* The rules of baselines as tare.yml has them. */
#ifndef APP_RULES_H
#define APP_RULES_H

#include "app/config.h"
#include "baseline/baseline_window.h"
#include "store/store.h"

/* Borrows the strings of `config`. */
struct baseline_rule rules_baseline(const struct config *config);

/* The standing of a series, its baseline with the minimum that the rules ask for now. */
enum tare_status rules_standing_get(struct store *store, const struct config *config,
                                    int64_t series_id, struct baseline_standing *standing,
                                    struct tare_error *error);

#endif
