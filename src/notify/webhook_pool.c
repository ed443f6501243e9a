#include "notify/webhook_pool.h"

#include "base/error.h"

#include <stdlib.h>

#define HOST_CONNECTIONS_MOST 4L

struct webhook_pool *webhook_pool_of(struct courier *courier, struct tare_error *error)
{
    if (courier->web != NULL)
        return courier->web;
    const struct curl_library *curl = curl_library_load(error);
    if (curl == NULL)
        return NULL;
    struct webhook_pool *pool = calloc(1, sizeof *pool);
    CURLM *multi = pool != NULL ? curl->multi_init() : NULL;
    if (multi == NULL) {
        free(pool);
        error_memory(error);
        return NULL;
    }
    curl->multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, HOST_CONNECTIONS_MOST);
    *pool = (struct webhook_pool){curl, multi};
    courier->web = pool;
    return pool;
}

void webhook_pool_step(struct webhook_pool *pool)
{
    int running, left;
    pool->curl->multi_perform(pool->multi, &running);
    for (CURLMsg *message; (message = pool->curl->multi_info_read(pool->multi, &left)) != NULL;) {
        struct flight *flight = NULL;
        CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            pool->curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&flight) ==
                CURLE_OK)
            webhook_land(pool, flight, code);
    }
}

void webhook_pool_wait(struct webhook_pool *pool, int wait_ms)
{
    pool->curl->multi_poll(pool->multi, NULL, 0, wait_ms, NULL);
}

void webhook_pool_free(struct webhook_pool *pool)
{
    if (pool != NULL)
        pool->curl->multi_cleanup(pool->multi);
    free(pool);
}
