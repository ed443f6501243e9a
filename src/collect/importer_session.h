/* The session that an importer fills: it makes metric ids, converts units, finds the part of a
 * metric, composes the environment, and gives session and batches their ids. */
#ifndef COLLECT_IMPORTER_SESSION_H
#define COLLECT_IMPORTER_SESSION_H

#include "base/digest.h"
#include "collect/importer.h"
#include "model/batch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a file says of a session. Strings are borrowed; NULL and 0 where it is silent. */
struct import_origin {
    const char *session_id; /* a UUID that the file itself gives; NULL: a digest */
    const char *app;
    const char *commit;
    const char *branch;
    const char *version;
    const char *labels;      /* "k=v,…" as in model/labels.h */
    const char *environment; /* the environment's name */
    bool dirty;
    bool whole; /* what it is silent about is not known: no work tree stands in */
    int64_t time_ns;
    int64_t ended_ns; /* 0: time_ns */
    enum session_outcome outcome;
    enum session_temperature temperature;
    /* The machine; `key` is not looked at. */
    struct environment machine;
};

/* Where values of a measure go. */
struct import_slot {
    size_t part;
    double factor;
};

struct import_session {
    struct import *import;
    struct batch batch;
    size_t *slots; /* hash table over parts: index + 1, 0 empty; owned */
    size_t slot_count;
    uint64_t pending; /* samples since the last batch */
    uint32_t batch_number;
    bool named;             /* has its session id */
    bool keep_empty;        /* a session without measurements is emitted too */
    bool as_told;           /* the session's end is what it is, whatever is in it */
    bool content_alone;     /* the batch id is the content's, whatever session it comes in */
    struct digest identity; /* of app, commit, labels, …, before any content */
    struct digest content;  /* of what importers add by import_session_digest() */
};

/* A measure of a benchmark. */
struct import_measure {
    const char *benchmark; /* its whole identity */
    const char *measure;   /* NULL: the principal one */
    const char *unit;      /* as the format spells it; NULL or "": the options', else none */
    enum tare_better better;
    bool guessed; /* the format does not say which way is better */
    bool fine;    /* values are quotients: steps smaller than the unit's are real */
};

/* Begins a session; `self` may hold anything. Release it whatever comes back. */
enum tare_status import_session_begin(struct import_session *self, struct import *import,
                                      const struct import_origin *origin,
                                      struct tare_error *error);
void import_session_release(struct import_session *self);

/* Gives the session its id now, by what it is and not by what is in it: rows of one session that
 * do not stand together come to one. */
void import_session_name(struct import_session *self, const char *text);

/* Adds to what the ids are digests of. */
void import_session_digest(struct import_session *self, const void *bytes, size_t size);

/* Finds or makes the part of a measure. */
enum tare_status import_session_slot(struct import_session *self,
                                     const struct import_measure *measure,
                                     struct import_slot *slot, struct tare_error *error);

/* Adds one observation; one that is not finite counts as failed. `time_ns` 0: the session's. */
enum tare_status import_session_value(struct import_session *self, const struct import_slot *slot,
                                      int64_t time_ns, double value, struct tare_error *error);
void import_session_failure(struct import_session *self, const struct import_slot *slot,
                            int64_t time_ns);

/* Notes why an observation failed, where the file says it. */
void import_failure_note(struct import *import, const char *benchmark, const char *why);

/* Adds `count` observations of one value, into a histogram where they are many. */
enum tare_status import_session_weighted(struct import_session *self,
                                         const struct import_slot *slot, double value,
                                         uint64_t count, struct tare_error *error);

/* Slot and value in one step. */
enum tare_status import_session_add(struct import_session *self,
                                    const struct import_measure *measure, double value,
                                    struct tare_error *error);

/* Emits what there is as one batch (nothing when there is nothing) and goes on with the same
 * session: how a long file stays within bounded memory. Slots hold until then. */
enum tare_status import_session_flush(struct import_session *self, struct tare_error *error);

/* Whether it is time to flush. */
bool import_session_full(const struct import_session *self);

/* The time of a session that the file does not date. */
int64_t import_time(const struct import *import, int64_t file_time_ns);

/* The metric id of a measure (importer.h); the caller frees it. NULL: no memory. */
char *import_metric_id(const char *benchmark, const char *measure);

#endif
