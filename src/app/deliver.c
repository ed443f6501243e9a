#include "app/deliver.h"

#include "app/deliver_round.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "notify/backoff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define AT_ONCE_MOST    8                          /* of one sink in one round */
#define CLAIM_MARGIN_NS (20 * CLOCK_NS_PER_SECOND) /* for what is between claim and settling */

static bool is_meant(const struct sink *sink, const struct deliver_options *options)
{
    return sink_is_queued(sink) &&
           (options->sink == NULL || strcmp(options->sink, sink->name) == 0) &&
           sink_ready(sink, NULL) == TARE_OK;
}

static enum tare_status sink_claim(struct store *store, const struct sink *sink,
                                   struct deliver_round *round, struct tare_error *error)
{
    struct delivery *list = NULL;
    size_t count = 0;
    int64_t now_ns = clock_now_ns();
    const struct store_claim claim = {.sink = sink->name,
                                      .now_ns = now_ns,
                                      .until_ns = now_ns + CLAIM_MARGIN_NS +
                                                  sink->timeout_s * CLOCK_NS_PER_SECOND,
                                      .claimant = round->claimant,
                                      .limit = AT_ONCE_MOST};
    enum tare_status status = store_delivery_due(store, &claim, &count, error);
    if (status != TARE_OK || count == 0)
        return status;
    status = store_delivery_claim(store, &claim, &list, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = deliver_round_add(round, &list[i], sink, error);
    free(list);
    return status;
}

static enum tare_status claim_all(struct store *store, const struct config *config,
                                  const struct deliver_options *options,
                                  struct deliver_round *round, struct deliver_result *result,
                                  struct tare_error *error)
{
    size_t given_up = 0;
    enum tare_status status = store_delivery_give_up(store, clock_now_ns(), &given_up, error);
    for (size_t i = 0; i < config->sink_count && status == TARE_OK; i++)
        if (is_meant(&config->sinks[i], options))
            status = sink_claim(store, &config->sinks[i], round, error);
    result->given_up += given_up;
    return status;
}

static uint32_t chance(void)
{
    uint32_t number = 0;
    return getrandom(&number, sizeof number, GRND_NONBLOCK) == sizeof number
               ? number
               : (uint32_t)clock_monotonic_ns();
}

static void failure_note(struct deliver_result *result, const struct parcel *parcel)
{
    snprintf(result->sink, sizeof result->sink, "%s", parcel->sink->name);
    snprintf(result->why, sizeof result->why, "%s", parcel->why);
}

/* A sink that failed is left alone with everything until the next attempt. */
static enum tare_status one_settle(struct store *store, const struct parcel *parcel,
                                   struct delivery *delivery, const char *claimant,
                                   struct tare_error *error)
{
    int64_t now_ns = clock_now_ns();
    delivery->settled_ns = now_ns;
    if (parcel->end == PARCEL_DELIVERED) {
        delivery->state = DELIVERY_DELIVERED;
        return store_delivery_settle(store, delivery, claimant, error);
    }
    snprintf(delivery->last_error, sizeof delivery->last_error, "%s", parcel->why);
    if (parcel->end == PARCEL_REFUSED) {
        delivery->state = DELIVERY_FAILED;
        return store_delivery_settle(store, delivery, claimant, error);
    }
    delivery->settled_ns = 0;
    delivery->next_attempt_ns = now_ns + backoff_ns(delivery->attempts, chance(), parcel->wait_ns);
    enum tare_status status = store_delivery_settle(store, delivery, claimant, error);
    if (status == TARE_OK)
        status = store_delivery_defer(store, delivery->sink, delivery->next_attempt_ns, false,
                                      error);
    return status;
}

static enum tare_status settle_all(struct store *store, struct deliver_round *round,
                                   struct deliver_result *result, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < round->count && status == TARE_OK; i++) {
        const struct parcel *parcel = &round->parcels[i];
        status = one_settle(store, parcel, &round->deliveries[i], round->claimant, error);
        result->delivered += parcel->end == PARCEL_DELIVERED;
        result->failed += parcel->end == PARCEL_FAILED;
        result->refused += parcel->end == PARCEL_REFUSED;
        if (parcel->end != PARCEL_DELIVERED)
            failure_note(result, parcel);
    }
    return status;
}

static enum tare_status commit_or_not(struct store *store, enum tare_status status,
                                      struct tare_error *error)
{
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}

/* Claims, carries, settles; `*more` says whether there was anything. */
static enum tare_status round_run(struct store *store, const struct config *config,
                                  const struct deliver_options *options,
                                  struct deliver_result *result, bool *more,
                                  struct tare_error *error)
{
    struct deliver_round round;
    deliver_round_init(&round);
    enum tare_status status = store_begin(store, error);
    if (status == TARE_OK)
        status = commit_or_not(store, claim_all(store, config, options, &round, result, error),
                               error);
    *more = round.count > 0;
    if (status == TARE_OK && *more)
        status = deliver_round_carry(&round, store, error);
    if (status == TARE_OK && *more)
        status = store_begin(store, error);
    if (status == TARE_OK && *more)
        status = commit_or_not(store, settle_all(store, &round, result, error), error);
    deliver_round_release(&round);
    return status;
}

static enum tare_status bring_forward(struct store *store, const struct config *config,
                                      const struct deliver_options *options,
                                      struct tare_error *error)
{
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < config->sink_count && status == TARE_OK; i++)
        if (is_meant(&config->sinks[i], options))
            status = store_delivery_defer(store, config->sinks[i].name, clock_now_ns(), true,
                                          error);
    return commit_or_not(store, status, error);
}

enum tare_status deliver_run(const char *store_url, const struct config *config,
                             const struct deliver_options *options, struct deliver_result *result,
                             struct tare_error *error)
{
    struct store *store = NULL;
    const struct store_options how = {.wait_ms = options->wait_ms};
    int64_t began_ns = clock_monotonic_ns();
    bool more = true;
    *result = (struct deliver_result){0};
    enum tare_status status = store_open(store_url, &how, &store, error);
    if (status == TARE_OK && options->hasty)
        status = bring_forward(store, config, options, error);
    while (status == TARE_OK && more &&
           (options->within_ns == 0 || clock_monotonic_ns() - began_ns < options->within_ns))
        status = round_run(store, config, options, result, &more, error);
    store_close(store);
    return status;
}
