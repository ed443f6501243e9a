/* A session that tare itself records: `tare run`, `tare record`. */
#ifndef APP_SELF_SESSION_H
#define APP_SELF_SESSION_H

#include "app/config.h"
#include "app/ingest.h"
#include "model/batch.h"

/* What the command line says about the session; NULL: find out. */
struct self_session_options {
    const char *app;
    const char *fallback_app; /* when neither option, environment nor tare.yml name one */
    const char *version;
    const char *environment;
    const char *commit;
    const char *branch;
    const char *labels; /* canonical */
    const char *source; /* "tare run" */
    int64_t time_ns;    /* 0: now */
};

/* Describes this machine in an initialised environment, under `name` unless that is NULL. */
enum tare_status self_environment(struct environment *environment, const char *name,
                                  struct tare_error *error);

/* Fills in an initialised batch: id, and the session with app, machine, commit, labels and start.
 * TARE_SESSION in the environment makes it part of that session; with TARE_RUN it is still running
 * (the outcome is the surrounding run's to tell). */
enum tare_status self_session_begin(const struct config *config,
                                    const struct self_session_options *options,
                                    struct batch *batch, struct tare_error *error);

/* Hands the batch over: into the store's inbox, and from there, with all else that waits, into the
 * store. `*waiting` is set when only the latter failed: the samples are safe in the inbox, and the
 * next command takes them. The caller releases `*result`. */
enum tare_status self_session_hand_over(const struct config *config, const char *store_url,
                                        const struct batch *batch, struct ingest_result *result,
                                        bool *waiting, struct tare_error *error);

#endif
