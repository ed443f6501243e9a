/* The inbox of a store: a folder beside it in which programs leave frames, and from which `tare`
 * takes them in.
 *
 * Writers append to `<inbox>/frames` under its lock. A reader first moves that file aside, to
 * `frames.<uuid>`, so that no writer waits for a database; what a dead reader left aside, the
 * next one takes up. What is no whole frame is kept in `<inbox>/damaged`. Where the store is a
 * symbolic link, so are its inbox and card. */
#ifndef RECORD_INBOX_H
#define RECORD_INBOX_H

#include "base/strbuf.h"
#include "model/batch.h"

#define INBOX_PATH_SIZE 2048

/* No more than this waits in one inbox, unless TARE_INBOX_LIMIT (bytes) says otherwise. */
#define INBOX_LIMIT_BYTES (INT64_C(256) << 20)

/* The folder, and the reference card, of a store: "<path>.inbox", "<path>.card"; of a URL, under
 * $XDG_STATE_HOME/tare by its checksum. Who may write to the store's folder may write to its
 * inbox, who may read the store may read its card. False: too long. */
bool inbox_folder(const char *store, char path[INBOX_PATH_SIZE]);
bool inbox_card_path(const char *store, char path[INBOX_PATH_SIZE]);

/* Whether two names are one store's: spelled otherwise, or by a symbolic link. */
bool store_same(const char *one, const char *other);

/* Opens a file of the inbox to write to it; where it is not there, makes it, for whoever may write
 * to the inbox. -1 with errno. */
int inbox_file_open(const char *path, int flags);

/* Appends a batch's frame, making the folder if need be; of the store ":memory:" nothing is kept,
 * and that is TARE_OK. TARE_E_FULL: the disk or the inbox is full; on every failure the inbox is
 * as it was. */
enum tare_status inbox_append(const char *store, const struct batch *batch,
                              struct tare_error *error);

/* Appends a frame that is ready (frame.h, image_frame.h), likewise. */
enum tare_status inbox_append_frame(const char *store, const struct strbuf *frame,
                                    struct tare_error *error);

/* Where a reader finds the inbox, by whichever name of the store it was made. False: too long. */
bool inbox_find(const char *store, char path[INBOX_PATH_SIZE]);

/* Reading: everything that lay there at inbox_open(), oldest file first. */
struct inbox;

/* `*inbox` is NULL when nothing waits. */
enum tare_status inbox_open(const char *store, struct inbox **inbox, struct tare_error *error);

/* The next batch into an initialised `batch`, its environment described by this machine where the
 * program did not name one. False: there is no other. Damaged bytes are set aside and counted. */
bool inbox_next(struct inbox *inbox, struct batch *batch);

/* How many stretches of damaged bytes were set aside so far; how many frames of a newer tare,
 * which stay. */
size_t inbox_damaged(const struct inbox *inbox);
size_t inbox_newer(const struct inbox *inbox);

/* Says that every batch given out so far is safely stored. Files that were read to their end go as
 * soon as all of theirs are. */
void inbox_stored(struct inbox *inbox);

/* The same but for the last one. */
void inbox_stored_before(struct inbox *inbox);

/* Damaged bytes that were a frame of a batch that can be named still wait: a writer that is killed
 * in the middle of it leaves such, and what it had recorded comes by another way. Those that
 * `known` has are forgotten; the others are set aside. Without this their files stay, too. */
struct inbox_store {
    void *context;
    enum tare_status (*known)(void *context, const char *batch_id, bool *known,
                              struct tare_error *error);
};
size_t inbox_torn(const struct inbox *inbox);
enum tare_status inbox_settle(struct inbox *inbox, const struct inbox_store *store,
                              struct tare_error *error);

/* Closes; files of which a batch was not stored, or not read, stay for the next reader. */
void inbox_close(struct inbox *inbox);

#endif
