/* Taking in what programs handed over: the inbox of a store, and before it the session files of
 * programs that ended without handing over, or that run on past a window. */
#ifndef APP_INGEST_H
#define APP_INGEST_H

#include "app/config.h"
#include "app/judge.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct ingest_result {
    size_t batches; /* taken in now */
    size_t known;   /* were in the store already */
    size_t judged;  /* series that went through detection */
    uint64_t samples;
    uint64_t refused; /* samples whose unit does not fit; counted as dropped */
    struct tare_error refusal;
    size_t crashed; /* sessions whose program died */
    size_t running; /* sessions that go on */
    size_t damaged; /* stretches of the inbox, or session files, that could not be read */
    size_t newer;   /* frames of a newer tare, left where they are */
    size_t waiting; /* sessions that could not be taken for more than a moment … */
    struct tare_error obstacle;   /* … and why the first of them could not */
    struct judge_notice *notices; /* owned */
    size_t notice_count;
};

/* Takes everything in, each batch exactly once, those of one session that lie together in one
 * short transaction; judges it, and what somebody who was stopped left unjudged; then writes the
 * card anew when anything came of that. On failure what was not stored stays where it was. */
enum tare_status ingest_run(struct store *store, const char *store_url,
                            const struct config *config, struct ingest_result *result,
                            struct tare_error *error);

/* What an intake counted and noticed, moved over; the rest of `result` stays. */
struct intake;
void ingest_result_take(struct ingest_result *result, struct intake *intake);

void ingest_result_release(struct ingest_result *result);

/* Before a command reads: takes in what waits, if something does; `*came` becomes true when
 * something was. A failure is that something waits on: what is read then is not the newest. */
enum tare_status ingest_quietly(const char *store_url, const struct config *config, bool *came,
                                struct tare_error *error);

/* The same, of what is in the store that the command is about to read but was not judged yet:
 * whoever brought it was stopped. Costs a look into an empty table when there is nothing. */
enum tare_status ingest_judge_quietly(struct store *reading, const char *store_url,
                                      const struct config *config, bool *came,
                                      struct tare_error *error);

#endif
