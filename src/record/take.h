/* Taking samples out of a session: at a snapshot, at the end, or by `tare` from a session that
 * runs on or is dead. Every batch is taken once, whenever whoever takes it is killed.
 *
 * A take that others record beside is sealed first: under a file lock, ring by ring, what
 * is there is copied to a seal file, `<writer>.<number>.seal`; one store a ring (`taken`) says
 * that the seal has it and the session no more. A ring is locked for about a microsecond; who
 * finds it full meanwhile uses the shared one. The seal is then made a batch, called
 * `<writer>.<number>`, and removed once the inbox has it. Whoever finds a seal goes on where the
 * other was killed; the store ignores a batch that it has.
 *
 * A session to which nobody writes is made a batch as it stands. */
#ifndef RECORD_TAKE_H
#define RECORD_TAKE_H

#include "base/error.h"
#include "record/image.h"

#define WINDOW_ALL   UINT32_MAX
#define TAKE_PENDING 0 /* as a cut: no window, only what earlier takes left */

/* A session, mapped for reading and writing. */
struct take {
    struct session_image *live;
    const char *folder; /* of session and seal files */
    int fd;             /* of the session file, its flock held; -1: it has no name any more */
};

/* Moves the windows before `cut_window` into the inbox; later ones stay. First come the seals that
 * earlier takes left. TARE_E_BUSY: a thread of the program has held a ring for long (it is
 * stopped): later. Other failures of the inbox leave a seal. */
enum tare_status take_windows(const struct take *take, uint32_t cut_window,
                              struct tare_error *error);

/* Brings takes that were killed halfway to their end, in a session that nobody writes to. */
enum tare_status take_finish(const struct take *take, struct tare_error *error);

/* After take_finish(), moves all that is left of such a session into the inbox; `image` is the
 * mapping, or a private copy of it. ended_ns 0: at its last observation. */
enum tare_status take_rest(const struct take *take, struct session_image *image,
                           enum session_outcome outcome, int64_t ended_ns,
                           struct tare_error *error);

/* Removes the seals of a session that was taken whole, or that is forgotten; its file then goes
 * as session.h says. */
void take_clear(const char *folder, const struct session_image *image);

#endif
