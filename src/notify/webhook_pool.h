/* Requests that are under way together (the multi interface of libcurl). */
#ifndef NOTIFY_WEBHOOK_POOL_H
#define NOTIFY_WEBHOOK_POOL_H

#include "notify/curl_library.h"
#include "notify/sink_kind.h"

struct webhook_pool {
    const struct curl_library *curl;
    CURLM *multi;
};

/* What a request has come to: given to the flight that is its CURLOPT_PRIVATE. */
void webhook_land(struct webhook_pool *pool, struct flight *flight, CURLcode code);

/* The courier's pool, made when it is the first; NULL with a sentence. */
struct webhook_pool *webhook_pool_of(struct courier *courier, struct tare_error *error);

/* Moves every request on without waiting, and lands those that have ended. */
void webhook_pool_step(struct webhook_pool *pool);

/* Waits until a request can move on, at most `wait_ms`. */
void webhook_pool_wait(struct webhook_pool *pool, int wait_ms);

void webhook_pool_free(struct webhook_pool *pool); /* NULL is fine */

#endif
