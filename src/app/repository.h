/* What git says about where the work stands: commit, branch, dirty; and names of commits. */
#ifndef APP_REPOSITORY_H
#define APP_REPOSITORY_H

#include "base/error.h"
#include "model/measurement.h"
#include "model/session.h"

#include <stddef.h>

struct repository_head {
    char commit[COMMIT_TEXT_SIZE]; /* "" outside a repository, or before its first commit */
    char branch[128];              /* "" when detached */
    bool dirty;                    /* tracked files differ from the commit */
    char folder[512];              /* the work tree; "" outside */
};

/* The state at the working directory. The environment variables TARE_COMMIT and TARE_BRANCH come
 * before git. Never fails: what is unknown is empty. */
void repository_head_read(struct repository_head *head);

/* The full commit that `name` (a commit, tag, branch, HEAD~2, …) means in the repository of the
 * working directory. TARE_E_NOT_FOUND outside of one or when git knows no such name. */
enum tare_status repository_resolve(const char *name, char commit[COMMIT_TEXT_SIZE],
                                    struct tare_error *error);

/* The commits of a range. */
struct commit_range {
    char (*commits)[COMMIT_TEXT_SIZE]; /* owned */
    size_t count;
};

/* The commits that "A..B" means to git: reachable from B, not from A. */
enum tare_status repository_range(const char *range, struct commit_range *commits,
                                  struct tare_error *error);
void commit_range_release(struct commit_range *commits);

/* The commits that tags name, in no order; none outside of a repository. */
enum tare_status repository_tags(struct commit_range *commits, struct tare_error *error);

/* The branch that others go into: what origin/HEAD names, else the one checked out, else "main".
 */
void repository_main_branch(char branch[128]);

/* Calls `take` with the short name of every branch and tag; of none outside of a repository. */
void repository_refs(void (*take)(void *context, const char *name), void *context);

/* Whether `name` in the working directory would be offered for a commit: there is a repository and
 * it does not ignore it. */
bool repository_offers(const char *name);

/* Fills in commit, branch and dirty of a session that says none of them itself. */
enum tare_status repository_describe(struct session *session, struct tare_error *error);

#endif
