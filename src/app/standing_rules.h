/* The rules of a store: what its own tare.yml says of baselines and retention. Whoever works with
 * the store from elsewhere (a timer, a program that ends in another folder) goes by them too, not
 * by the defaults. */
#ifndef APP_STANDING_RULES_H
#define APP_STANDING_RULES_H

#include "app/config.h"
#include "store/store.h"

/* `config` with the rules that hold for this store; borrows all else. */
struct standing_rules {
    struct config config;
    char *noted; /* owned: what the store remembers */
};

/* The tare.yml that names the store has its rules noted there; under any other, or none, those
 * that were noted last hold. On failure there is nothing to release. */
enum tare_status standing_rules_take(struct store *store, const char *store_url,
                                     const struct config *config, struct standing_rules *rules,
                                     struct tare_error *error);
void standing_rules_release(struct standing_rules *rules);

/* Puts the rules that hold into `config` itself; nothing is noted. For whoever only asks. */
enum tare_status standing_rules_adopt(struct store *store, const char *store_url,
                                      struct config *config, struct tare_error *error);

#endif
