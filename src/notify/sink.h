/* A sink: somebody or something that is told of alerts, as tare.yml describes it. */
#ifndef NOTIFY_SINK_H
#define NOTIFY_SINK_H

#include "base/error.h"
#include "model/alert.h"

#include <stdbool.h>
#include <stddef.h>

struct sink_kind;

/* All strings are owned; NULL where tare.yml does not say. */
struct sink {
    char *name; /* what deliveries call it; never NULL once filled in */
    const struct sink_kind *kind;
    char *url, *url_env, *url_file; /* where it is, or what holds that: it may be a secret */
    char *secret_env, *secret_file; /* what holds the key of the signature */
    char *ca_file;                  /* certificates to trust in the system's place */
    char *path;                     /* of a log, or of the system log's socket */
    char *command;
    char *folder;       /* where a command runs */
    const char *format; /* a word of kind->formats, or the first of them */
    enum severity min_severity;
    unsigned events; /* bits by enum alert_action */
    char **apps, **metrics;
    size_t app_count, metric_count; /* 0: all */
    unsigned timeout_s;
    unsigned give_up_days;
    bool strange; /* somebody else says so: it is not used */
};

#define SINK_TIMEOUT_S      10
#define SINK_TIMEOUT_MOST_S 60
#define SINK_GIVE_UP_DAYS   7

/* The events that there are notices of. */
#define SINK_EVENTS                                                                               \
    (1u << ALERT_ACTION_OPENED | 1u << ALERT_ACTION_REOPENED | 1u << ALERT_ACTION_ESCALATED |     \
     1u << ALERT_ACTION_RESOLVED)

void sink_init(struct sink *sink);
void sink_release(struct sink *sink);

/* The kind with this name, or NULL; and the kinds one by one, NULL behind the last. */
const struct sink_kind *sink_kind_find(const char *name);
const struct sink_kind *sink_kind_at(size_t index);
const char *sink_kind_name(const struct sink_kind *kind);

/* Whether deliveries to it are recorded and retried; else it hears what a command does at once. */
bool sink_is_queued(const struct sink *sink);

/* Whether sinks of this kind have a key of tare.yml ("url"); and a format. */
bool sink_kind_has_key(const struct sink_kind *kind, const char *key);
const char *sink_kind_format(const struct sink_kind *kind, const char *format);

/* Whether it wants to hear of this. The lists hold patterns of fnmatch(3). */
bool sink_wants(const struct sink *sink, const char *app, const char *metric_id,
                enum severity severity, enum alert_action action);

/* Where notices go, for people: "https://hooks.example.com", never with what could be a secret. */
#define SINK_PLACE_SIZE 128
void sink_place(const struct sink *sink, char place[SINK_PLACE_SIZE]);

/* Whether it can be used here: the variables and files that hold its secrets are there, and it is
 * not a stranger's. The error says why not. */
enum tare_status sink_ready(const struct sink *sink, struct tare_error *error);

#endif
