/* Taking batches into the store: the one way in for the recorder's hand-overs, `tare run`,
 * `tare record` and every importer. */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

#include "app/config.h"
#include "app/intake_pairs.h"
#include "app/judge_queue.h"
#include "model/batch.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run of the intake over any number of batches. */
struct intake {
    struct store *store;         /* borrowed; inside a transaction while batches are added */
    const struct config *config; /* borrowed: definitions of metrics, rules of baselines */
    struct intake_pairs pairs;
    size_t batches_fresh;
    size_t batches_known; /* were there already: ignored */
    size_t judged;        /* series that intake_judge() read from the store */
    uint64_t samples;
    uint64_t refused; /* samples of a unit that does not fit their metric; counted as dropped */
    struct tare_error refusal; /* about the first of them */
    struct judge judge;        /* with the notices that judging caused */
    bool at_once;              /* intake_at_once() */
    struct judge_queue queue;
};

void intake_init(struct intake *intake, struct store *store, const struct config *config);
void intake_release(struct intake *intake);

/* All batches will be added, and judged, within the transaction that has begun: of series that are
 * new, nothing needs to be read back. */
void intake_at_once(struct intake *intake);

/* Adds one batch, unless the store has it: session, metrics, series, samples, measurements. On
 * failure the caller rolls the transaction back. */
enum tare_status intake_add(struct intake *intake, const struct batch *batch,
                            struct tare_error *error);

/* Judges every series that got something new (app/judge.h), now or from somebody who was stopped
 * before; still inside the transaction. Whoever wants to hear how it goes on passes `progress`. */
enum tare_status intake_judge(struct intake *intake, const struct judge_progress *progress,
                              struct tare_error *error);

/* Adds batches in a transaction of their own, as if one hand-over had brought them: they are of
 * one session, each joins the one before (batch_joins()), and what is in them is used up. Later
 * intake_finish() judges, in another transaction, what all brought. Whoever is stopped in between
 * has lost nothing: the store knows what is not judged yet, and the next intake_finish(), whoever
 * calls it, judges it. */
enum tare_status intake_take(struct intake *intake, struct batch *batches, size_t count,
                             struct tare_error *error);
/* Whether the store has a batch. */
enum tare_status intake_knows(struct intake *intake, const char *batch_id, bool *known,
                              struct tare_error *error);
enum tare_status intake_finish(struct intake *intake, struct tare_error *error);

#endif
