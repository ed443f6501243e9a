/* A recorder's surroundings for one test: a folder of its own for session files and store. */
#ifndef SCENE_H
#define SCENE_H

#include "record/inbox.h"
#include "record/session_file.h"
#include "tare/tare.h"

struct scene {
    char folder[64];
    char store[96];
    tare_options options;
};

/* Makes the folder, points XDG_RUNTIME_DIR at it, and clears what would speak into the settings.
 */
void scene_begin(struct scene *scene);

/* Removes the folder; fails the test when a session file or a seal is left. */
void scene_end(struct scene *scene);

/* Fills the runtime folder with what a thousand programs might leave: no session finds room. */
void scene_crowd(const struct scene *scene);

/* A tracker on the scene's store. */
tare_tracker *scene_tracker(const struct scene *scene);

/* All batches of the scene's inbox, in order; the caller releases each and frees the array. Takes
 * them out of it. */
size_t scene_batches(const struct scene *scene, struct batch **batches);
void scene_batches_free(struct batch *batches, size_t count);

/* The part of a metric, or NULL. */
const struct batch_part *scene_part(const struct batch *batch, const char *id);

/* Observations that a part accounts for: samples and buckets. */
uint64_t scene_accounted(const struct batch_part *part);

/* Files of the scene's runtime folder whose name ends so, but for those that lie idle. */
size_t scene_files(const struct scene *scene, const char *suffix);

#endif
