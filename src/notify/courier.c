#include "notify/courier.h"

#include "base/clock.h"
#include "base/error.h"
#include "notify/sink_kind.h"
#include "notify/webhook_pool.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_MS 20 /* between looks at what cannot be waited for together with sockets */

/* What others say becomes one line. */
static void text_tame(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = ' ';
}

void flight_land(struct flight *flight, enum parcel_end end, const char *format, ...)
{
    struct parcel *parcel = flight->parcel;
    va_list args;
    va_start(args, format);
    vsnprintf(parcel->why, sizeof parcel->why, format, args);
    va_end(args);
    text_tame(parcel->why);
    parcel->end = end;
    parcel->took_ns = clock_monotonic_ns() - flight->began_ns;
    flight->landed = true;
}

double flight_seconds(const struct flight *flight)
{
    return (double)(flight->until_ns - flight->began_ns) / 1e9;
}

static void flights_launch(struct courier *courier, struct parcel *parcels)
{
    for (size_t i = 0; i < courier->count; i++) {
        struct flight *flight = &courier->flights[i];
        const struct sink *sink = parcels[i].sink;
        flight->parcel = &parcels[i];
        flight->landed = parcels[i].body == NULL;
        if (flight->landed)
            continue;
        flight->began_ns = clock_monotonic_ns();
        flight->until_ns = flight->began_ns + sink->timeout_s * CLOCK_NS_PER_SECOND;
        struct tare_error problem;
        if (sink_ready(sink, &problem) == TARE_OK)
            sink->kind->launch(courier, flight);
        else
            flight_land(flight, PARCEL_FAILED, "%s", problem.message);
    }
}

/* One look at everything; how many are still under way, and until when the first of them may be.
 */
static size_t flights_step(struct courier *courier, int64_t *until_ns, bool *unpollable)
{
    size_t flying = 0;
    *until_ns = INT64_MAX;
    *unpollable = false;
    if (courier->web != NULL)
        webhook_pool_step(courier->web);
    for (size_t i = 0; i < courier->count; i++) {
        struct flight *flight = &courier->flights[i];
        const struct sink_kind *kind = flight->parcel->sink->kind;
        if (!flight->landed)
            kind->step(courier, flight);
        if (!flight->landed && clock_monotonic_ns() >= flight->until_ns)
            kind->abandon(courier, flight);
        if (flight->landed)
            continue;
        flying++;
        *unpollable = *unpollable || kind != &sink_webhook;
        if (flight->until_ns < *until_ns)
            *until_ns = flight->until_ns;
    }
    return flying;
}

static void courier_wait(struct courier *courier, int64_t until_ns, bool unpollable)
{
    int64_t left_ms = (until_ns - clock_monotonic_ns()) / 1000000 + 1;
    int wait_ms = left_ms < 0 ? 0 : left_ms > 1000 ? 1000 : (int)left_ms;
    if (unpollable && wait_ms > PAUSE_MS)
        wait_ms = PAUSE_MS;
    if (courier->web != NULL)
        webhook_pool_wait(courier->web, wait_ms);
    else
        poll(NULL, 0, wait_ms);
}

enum tare_status courier_run(struct parcel *parcels, size_t count, struct tare_error *error)
{
    struct courier courier = {.flights = calloc(count + 1, sizeof *courier.flights),
                              .count = count};
    int64_t until_ns;
    bool unpollable;
    if (courier.flights == NULL)
        return error_memory(error);
    flights_launch(&courier, parcels);
    while (flights_step(&courier, &until_ns, &unpollable) > 0)
        courier_wait(&courier, until_ns, unpollable);
    webhook_pool_free(courier.web);
    free(courier.flights);
    return TARE_OK;
}
