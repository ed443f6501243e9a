/* Standard error: what a command has just done is told there at once; there is nothing to retry.
 */
#include "notify/sink_kind.h"

#include "base/file.h"

#include <stdio.h>
#include <unistd.h>

static void place(const struct sink *sink, char text[SINK_PLACE_SIZE])
{
    (void)sink;
    snprintf(text, SINK_PLACE_SIZE, "standard error");
}

static void launch(struct courier *courier, struct flight *flight)
{
    (void)courier;
    struct tare_error error;
    const struct parcel *parcel = flight->parcel;
    if (file_write_all(STDERR_FILENO, parcel->body, parcel->size, "standard error", &error) ==
        TARE_OK)
        flight_land(flight, PARCEL_DELIVERED, "%s", "");
    else
        flight_land(flight, PARCEL_FAILED, "%s", error.message);
}

const struct sink_kind sink_stderr = {
    .name = "stderr",
    .keys = {NULL},
    .formats = {"text", NULL},
    .place = place,
    .launch = launch,
};
