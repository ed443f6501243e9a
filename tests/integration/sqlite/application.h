/* Databases seen from outside, as an application or a person with the sqlite3 shell sees them. */
#ifndef SQLITE_APPLICATION_H
#define SQLITE_APPLICATION_H

#include "fixture.h"

#include <sqlite3.h>

sqlite3 *application_open(const char *path); /* creates */
void application_run(sqlite3 *db, const char *sql);
int64_t application_number(sqlite3 *db, const char *sql);
/* The first column of all rows, a newline behind each. The caller frees. */
char *application_text(sqlite3 *db, const char *sql);
/* One statement on a database by its path. */
void path_run(const char *path, const char *sql);
int64_t path_number(const char *path, const char *sql);
char *path_text(const char *path, const char *sql);

/* The whole file; the caller frees. */
char *bytes_of(const char *path, size_t *size);
void assert_same_bytes(const char *path, const char *bytes, size_t size);
/* How many files of the folder have this in their name. */
size_t files_named(const char *folder, const char *part);

/* Puts a session with a measurement and a sample of 1.5, as batch `id`, in a transaction. */
enum tare_status write_batch(struct store *store, const char *id, bool *fresh);

/* Writes batches until the store is full; how many went in. */
int fill_store(struct store *store);
/* So many batches of write_batch() are there, whole, and the store is sound. */
void assert_store_holds(struct store *store, int count);

#endif
