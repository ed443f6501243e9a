/* The measurements in a line of tare's own JSON Lines. */
#ifndef COLLECT_IMPORTER_JSONL_H
#define COLLECT_IMPORTER_JSONL_H

#include "collect/importer_json.h"
#include "collect/importer_session.h"

/* A member that is a time in RFC 3339; 0 where it is null or missing. */
enum tare_status jsonl_time_read(const struct place *parent, const char *key, int64_t *time_ns,
                                 struct tare_error *error);

/* A member that is a whole number, none below 0; `otherwise` where it is null or missing. */
enum tare_status jsonl_count_read(const struct place *parent, const char *key, uint64_t otherwise,
                                  uint64_t *count, struct tare_error *error);

/* Adds the measurement to the session's batch: as it stands where the row says all of it, else
 * with what its observations will come to. */
enum tare_status jsonl_row_read(struct import_session *session, const struct place *row,
                                struct tare_error *error);

#endif
