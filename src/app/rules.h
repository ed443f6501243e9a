/* The rules of baselines as tare.yml has them. */
#ifndef APP_RULES_H
#define APP_RULES_H

#include "app/config.h"
#include "baseline/baseline_window.h"

/* Borrows the strings of `config`. */
struct baseline_rule rules_baseline(const struct config *config);

#endif
