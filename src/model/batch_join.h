/* Hand-overs of one session, one behind the other, made one: a program that takes a snapshot a
 * thousand times a minute is read and measured as one that takes it once. */
#ifndef MODEL_BATCH_JOIN_H
#define MODEL_BATCH_JOIN_H

#include "model/batch.h"

/* Whether `next` comes from the process and session that `batch` does, and says the same of it. */
bool batch_joins(const struct batch *batch, const struct batch *next);

/* Adds what `next` brings to `batch`, which keeps its id: the session is as `next` has it, parts
 * of one window become one where no order is lost. `next` is used up; it is released as ever. On
 * failure (TARE_E_MEMORY) both are only fit to be released. */
enum tare_status batch_join(struct batch *batch, struct batch *next, struct tare_error *error);

#endif
