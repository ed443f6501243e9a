#include "app/self_session.h"

#include "app/repository.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/machine.h"
#include "record/inbox.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum tare_status copy(const char *text, char **into, struct tare_error *error)
{
    if (text == NULL || text[0] == '\0')
        return TARE_OK;
    *into = strdup(text);
    return *into != NULL ? TARE_OK : error_memory(error);
}

enum tare_status self_environment(struct environment *environment, const char *name,
                                  struct tare_error *error)
{
    struct machine machine;
    machine_describe(&machine);
    environment->cores = machine.cores;
    environment->memory_mb = machine.memory_mb;
    enum tare_status status = copy(machine.cpu, &environment->cpu, error);
    if (status == TARE_OK)
        status = copy(machine.os, &environment->os, error);
    if (status == TARE_OK)
        status = copy(machine.architecture, &environment->architecture, error);
    return status == TARE_OK ? environment_key(environment, name, error) : status;
}

static void id_fill(struct batch *batch)
{
    const char *given = getenv("TARE_SESSION");
    char unique[UUID_TEXT_SIZE];
    uuid_generate_text(unique);
    bool joins = given != NULL && strlen(given) == UUID_TEXT_SIZE - 1;
    memcpy(batch->session.id, joins ? given : unique, UUID_TEXT_SIZE);
    snprintf(batch->id, sizeof batch->id, "%s.%.8s", batch->session.id, unique);
    /* How the session ends, the `tare run` around us will know: until then nothing of it is
     * judged, and nothing of a run that fails ever is. */
    const char *inside = getenv("TARE_RUN");
    if (joins && inside != NULL && inside[0] != '\0')
        batch->session.outcome = OUTCOME_RUNNING;
}

enum tare_status self_session_begin(const struct config *config,
                                    const struct self_session_options *options,
                                    struct batch *batch, struct tare_error *error)
{
    struct session *session = &batch->session;
    const char *app = config_app(config, options->app);
    id_fill(batch);
    session->started_ns = options->time_ns != 0 ? options->time_ns : clock_now_ns();
    session->ended_ns = session->started_ns;
    enum tare_status status = copy(app != NULL ? app : options->fallback_app, &session->app,
                                   error);
    if (status == TARE_OK)
        status = copy(options->version, &session->version, error);
    if (status == TARE_OK)
        status = copy(options->commit, &session->commit, error);
    if (status == TARE_OK)
        status = copy(options->branch, &session->branch, error);
    if (status == TARE_OK)
        status = copy(options->source, &session->source, error);
    if (status == TARE_OK)
        status = config_labels(config, options->labels, &session->labels, error);
    if (status == TARE_OK)
        status = self_environment(&session->environment,
                                  config_environment(config, options->environment), error);
    return status == TARE_OK ? repository_describe(session, error) : status;
}

static enum tare_status into_store(const struct config *config, const char *store_url,
                                   struct ingest_result *result, struct tare_error *error)
{
    struct store *store = NULL;
    const struct store_options options = {.create = true};
    enum tare_status status = store_open(store_url, &options, &store, error);
    if (status == TARE_OK)
        status = ingest_run(store, store_url, config, result, error);
    store_close(store);
    return status;
}

enum tare_status self_session_hand_over(const struct config *config, const char *store_url,
                                        const struct batch *batch, struct ingest_result *result,
                                        bool *waiting, struct tare_error *error)
{
    /* By way of the inbox, like everybody: what is written there survives whatever comes. */
    *waiting = false;
    *result = (struct ingest_result){0};
    enum tare_status status = inbox_append(store_url, batch, error);
    if (status == TARE_E_FULL) { /* what waits there may go into the store now */
        struct ingest_result earlier = {0};
        if (into_store(config, store_url, &earlier, NULL) == TARE_OK)
            status = inbox_append(store_url, batch, error);
        ingest_result_release(&earlier);
    }
    if (status != TARE_OK)
        return status;
    status = into_store(config, store_url, result, error);
    *waiting = status != TARE_OK;
    return status;
}
