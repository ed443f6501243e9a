/* A fresh store for a test of the contract, and the nouns that go into it.
 *
 * The environment variable TARE_TEST_STORE says which backend: "sqlite" (or nothing) is a file in
 * a temporary folder, "memory" is ":memory:". To add a backend: a case in fixture_open() that
 * makes an empty store and one in fixture_close() that takes it away, and a row in ../meson.build.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "base/clock.h"
#include "store/store.h"
#include "suite.h"

#define SECOND CLOCK_NS_PER_SECOND

struct fixture {
    char *folder; /* NULL: none */
    char *url;
    struct store *store;
};

extern struct tare_error oops; /* of the last call under done() or refused() */

void fixture_open(struct fixture *fixture);
/* Closes and opens again; a store in memory stays as it is. */
void fixture_reopen(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

/* Removes a temporary folder of a test and the files in it. */
void folder_remove(const char *folder);
char *folder_make(void);

/* Borrowed texts: the caller releases nothing. */
struct session a_session(const char *id, int64_t started_ns);
struct series a_series(const char *metric_id);
struct measurement a_measurement(int64_t series_id, const char *session_id, int64_t time_ns,
                                 double value);
#define SESSION_A "aaaaaaaa-0000-4000-8000-000000000001"
#define SESSION_B "bbbbbbbb-0000-4000-8000-000000000002"
#define SESSION_C "cccccccc-0000-4000-8000-000000000003"

/* Puts the metric "m" in ms (or another id) when it is not there, the session and the series of
 * both, within the open transaction. The id of the series. */
int64_t put_series(struct store *store, const char *metric_id, const struct session *session);
/* Begins, puts `count` measurements 1, 2, … of "m", each a session of its own a second apart from
 * second 1000 on, commits. Their ids go to `ids` when it is not NULL. The id of the series. */
int64_t put_history(struct store *store, size_t count, int64_t *ids);
/* "10000000-0000-4000-8000-00000000000N", in a buffer of the caller's. */
const char *session_name(char text[UUID_TEXT_SIZE], size_t number);

#define done(call)            check_done((call), #call, __FILE__, __LINE__)
#define refused(call, status) check_refused((call), (status), #call, __FILE__, __LINE__)
#define says(part)            check_says((part), __FILE__, __LINE__)
void check_done(enum tare_status status, const char *call, const char *file, int line);
void check_refused(enum tare_status status, enum tare_status expected, const char *call,
                   const char *file, int line);
/* The message of the last refused() holds this. */
void check_says(const char *part, const char *file, int line);

#endif
