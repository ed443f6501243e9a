/* `tare run`: a command as a session. */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/config.h"
#include "app/self_session.h"
#include "collect/child.h"
#include "model/batch.h"

struct run_options {
    const char *name; /* of the metrics; NULL: the command's base name */
    unsigned repeat;  /* measured runs; at least 1 */
    unsigned warmup;  /* runs before them that are not measured */
    bool cold;        /* the caller says so */
    bool warm;
    struct self_session_options session;
};

/* How far it came. */
struct run_course {
    struct child_usage last; /* run */
    unsigned warmups, runs;  /* that ended well, and before anybody interrupted them */
};

/* Runs `argv` repeat + warmup times, as one session whose samples the runs are. The command finds
 * TARE_SESSION, TARE_RUN, TARE_STORE and TARE_APP in its environment and may add metrics of its
 * own. Stops at the first run that fails, or in which somebody interrupts: of several runs that
 * one is cut short and does not count, those before it are a session that went well. `batch`
 * (initialised) receives what is to be handed over. A command that cannot be executed: the error
 * of child_run(), nothing measured. */
enum tare_status run_measure(const struct config *config, const char *store_url,
                             const struct run_options *options, char *const argv[],
                             struct batch *batch, struct run_course *course,
                             struct tare_error *error);

#endif
