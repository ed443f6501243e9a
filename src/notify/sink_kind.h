/* The kinds of sinks there are. To add one: a file sink_NAME.c with `const struct sink_kind
 * sink_NAME`, its row in the table of sink.c, its file in meson.build; keys that are new go to
 * struct sink, app/config_notify.c and tare.yml(5); a format that is new is a row of
 * notice_renderers[] in present/. tests/unit/notify/test_sink.c walks the table. */
#ifndef NOTIFY_SINK_KIND_H
#define NOTIFY_SINK_KIND_H

#include "notify/courier.h"
#include "notify/sink.h"

/* A parcel on its way. */
struct flight {
    struct parcel *parcel;
    int64_t began_ns, until_ns; /* monotonic */
    bool landed;
    void *cargo; /* the kind's own, from launch to landing */
};

struct webhook_pool;

struct courier {
    struct flight *flights;
    size_t count;
    struct webhook_pool *web; /* NULL: no webhook among them */
};

struct sink_kind {
    const char *name; /* the type in tare.yml */
    bool queued;
    const char *keys[8];    /* of tare.yml, beside those that every sink has; ends with NULL */
    const char *formats[3]; /* names of renderers, the first is the default; ends with NULL */
    /* Where it goes, for people. */
    void (*place)(const struct sink *sink, char place[SINK_PLACE_SIZE]);
    /* Sets out, being ready; may land at once. */
    void (*launch)(struct courier *courier, struct flight *flight);
    /* Goes on without waiting, and lands when it is over. NULL when launch always lands. */
    void (*step)(struct courier *courier, struct flight *flight);
    /* Time is up: lands, whatever is under way. NULL as well. */
    void (*abandon)(struct courier *courier, struct flight *flight);
};

extern const struct sink_kind sink_stderr, sink_log, sink_syslog, sink_webhook, sink_command;

/* Ends a flight; with a reason unless it was delivered. */
void flight_land(struct flight *flight, enum parcel_end end, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* How long it was given, for the sentence. */
double flight_seconds(const struct flight *flight);

#endif
