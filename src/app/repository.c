#include "app/repository.h"

#include "base/array.h"
#include "base/error.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static git_repository *repository_open(void)
{
    git_repository *repository = NULL;
    git_libgit2_init();
    /* A repository of another owner may be read: nothing of it is run. */
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (git_repository_open_ext(&repository, ".", 0, NULL) != 0)
        return NULL;
    return repository;
}

static void repository_close(git_repository *repository)
{
    git_repository_free(repository);
    git_libgit2_shutdown();
}

static int stop_at_change(const char *path, unsigned flags, void *dirty)
{
    (void)path;
    if ((flags & (GIT_STATUS_IGNORED | GIT_STATUS_WT_NEW)) != 0)
        return 0;
    *(bool *)dirty = true;
    return 1;
}

static bool is_dirty(git_repository *repository)
{
    bool dirty = false;
    git_status_options options = {.version = GIT_STATUS_OPTIONS_VERSION};
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
    if (!git_repository_is_bare(repository))
        git_status_foreach_ext(repository, &options, stop_at_change, &dirty);
    return dirty;
}

static void head_from_git(struct repository_head *head)
{
    git_repository *repository = repository_open();
    git_reference *reference = NULL;
    if (repository != NULL) {
        const char *folder = git_repository_workdir(repository);
        snprintf(head->folder, sizeof head->folder, "%s", folder != NULL ? folder : "");
        if (git_repository_head(&reference, repository) == 0) {
            const git_oid *oid = git_reference_target(reference);
            if (oid != NULL)
                git_oid_tostr(head->commit, sizeof head->commit, oid);
            if (git_repository_head_detached(repository) == 0)
                snprintf(head->branch, sizeof head->branch, "%.127s",
                         git_reference_shorthand(reference));
            head->dirty = is_dirty(repository);
        }
    }
    git_reference_free(reference);
    repository_close(repository);
}

void repository_head_read(struct repository_head *head)
{
    const char *commit = getenv("TARE_COMMIT"), *branch = getenv("TARE_BRANCH");
    *head = (struct repository_head){0};
    head_from_git(head);
    if (commit != NULL && commit[0] != '\0') {
        head->dirty = head->dirty && strcmp(commit, head->commit) == 0;
        snprintf(head->commit, sizeof head->commit, "%.64s", commit);
    }
    if (branch != NULL && branch[0] != '\0')
        snprintf(head->branch, sizeof head->branch, "%.127s", branch);
}

enum tare_status repository_resolve(const char *name, char commit[COMMIT_TEXT_SIZE],
                                    struct tare_error *error)
{
    git_object *object = NULL, *peeled = NULL;
    git_repository *repository = repository_open();
    enum tare_status status = TARE_OK;
    if (repository == NULL)
        status = error_set(error, TARE_E_NOT_FOUND,
                           "'%.60s' cannot be looked up: the working directory is in no git "
                           "repository",
                           name);
    else if (git_revparse_single(&object, repository, name) != 0 ||
             git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) != 0)
        status = error_set(error, TARE_E_NOT_FOUND, "git knows no commit, tag or branch '%.60s'",
                           name);
    else
        git_oid_tostr(commit, COMMIT_TEXT_SIZE, git_object_id(peeled));
    git_object_free(peeled);
    git_object_free(object);
    repository_close(repository);
    return status;
}

void commit_range_release(struct commit_range *commits)
{
    free(commits->commits);
    *commits = (struct commit_range){0};
}

static enum tare_status walk_collect(git_revwalk *walk, struct commit_range *commits,
                                     struct tare_error *error)
{
    git_oid oid;
    while (git_revwalk_next(&oid, walk) == 0) {
        char(*slot)[COMMIT_TEXT_SIZE] = array_add(&commits->commits, &commits->count,
                                                  sizeof *commits->commits);
        if (slot == NULL)
            return error_memory(error);
        git_oid_tostr(*slot, COMMIT_TEXT_SIZE, &oid);
    }
    return TARE_OK;
}

/* Not git_revwalk_push_range(): that forgets the first commit when it does not find the second. */
static bool range_push(git_revwalk *walk, git_repository *repository, const char *range)
{
    git_revspec ends = {0};
    bool pushed = git_revparse(&ends, repository, range) == 0 && ends.flags == GIT_REVSPEC_RANGE &&
                  git_revwalk_push(walk, git_object_id(ends.to)) == 0 &&
                  git_revwalk_hide(walk, git_object_id(ends.from)) == 0;
    git_object_free(ends.from);
    git_object_free(ends.to);
    return pushed;
}

enum tare_status repository_range(const char *range, struct commit_range *commits,
                                  struct tare_error *error)
{
    git_repository *repository = repository_open();
    git_revwalk *walk = NULL;
    enum tare_status status = TARE_OK;
    if (repository == NULL)
        status = error_set(error, TARE_E_NOT_FOUND,
                           "the range '%.60s' cannot be looked up: the working directory is in no "
                           "git repository",
                           range);
    else if (git_revwalk_new(&walk, repository) != 0 || !range_push(walk, repository, range))
        status = error_set(error, TARE_E_NOT_FOUND, "git knows no range '%.60s'", range);
    else
        status = walk_collect(walk, commits, error);
    git_revwalk_free(walk);
    repository_close(repository);
    return status;
}

struct tag_walk {
    git_repository *repository;
    struct commit_range *commits;
    bool failed;
};

static int tag_take(const char *name, git_oid *oid, void *context)
{
    struct tag_walk *walk = context;
    git_object *object = NULL, *peeled = NULL;
    (void)name;
    if (git_object_lookup(&object, walk->repository, oid, GIT_OBJECT_ANY) == 0 &&
        git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) == 0) {
        char(*slot)[COMMIT_TEXT_SIZE] = array_add(&walk->commits->commits, &walk->commits->count,
                                                  sizeof *walk->commits->commits);
        walk->failed = slot == NULL;
        if (slot != NULL)
            git_oid_tostr(*slot, COMMIT_TEXT_SIZE, git_object_id(peeled));
    }
    git_object_free(peeled);
    git_object_free(object);
    return walk->failed;
}

enum tare_status repository_tags(struct commit_range *commits, struct tare_error *error)
{
    struct tag_walk walk = {.repository = repository_open(), .commits = commits};
    if (walk.repository != NULL)
        git_tag_foreach(walk.repository, tag_take, &walk);
    repository_close(walk.repository);
    return walk.failed ? error_memory(error) : TARE_OK;
}

void repository_main_branch(char branch[128])
{
    static const char remote[] = "refs/remotes/origin/";
    git_repository *repository = repository_open();
    git_reference *origin = NULL, *head = NULL;
    const char *name = "main";
    if (repository != NULL &&
        git_reference_lookup(&origin, repository, "refs/remotes/origin/HEAD") == 0) {
        const char *target = git_reference_symbolic_target(origin);
        if (target != NULL && strncmp(target, remote, sizeof remote - 1) == 0)
            name = target + sizeof remote - 1;
    } else if (repository != NULL && git_reference_lookup(&head, repository, "HEAD") == 0) {
        const char *target = git_reference_symbolic_target(head); /* perhaps not born yet */
        if (target != NULL && strncmp(target, "refs/heads/", 11) == 0)
            name = target + 11;
    }
    snprintf(branch, 128, "%.127s", name);
    git_reference_free(origin);
    git_reference_free(head);
    repository_close(repository);
}

void repository_refs(void (*take)(void *context, const char *name), void *context)
{
    static const char *const kinds[] = {"refs/heads/", "refs/tags/", "refs/remotes/"};
    git_repository *repository = repository_open();
    git_strarray names = {0};
    if (repository != NULL && git_reference_list(&names, repository) == 0)
        for (size_t i = 0; i < names.count; i++)
            for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
                if (strncmp(names.strings[i], kinds[k], strlen(kinds[k])) == 0)
                    take(context, names.strings[i] + strlen(kinds[k]));
    git_strarray_dispose(&names);
    repository_close(repository);
}

bool repository_offers(const char *name)
{
    git_repository *repository = repository_open();
    const char *tree = repository != NULL ? git_repository_workdir(repository) : NULL;
    char *folder = realpath(".", NULL), *path = NULL;
    int ignored = 1;
    size_t length = tree != NULL ? strlen(tree) : 0; /* it ends with a slash */
    if (length > 0 && folder != NULL && asprintf(&path, "%s/%s", folder, name) >= 0) {
        if (strncmp(path, tree, length) != 0 ||
            git_ignore_path_is_ignored(&ignored, repository, path + length) != 0)
            ignored = 1;
        free(path);
    }
    free(folder);
    repository_close(repository);
    return ignored == 0;
}

enum tare_status repository_describe(struct session *session, struct tare_error *error)
{
    struct repository_head head;
    if (session->commit != NULL)
        return TARE_OK;
    repository_head_read(&head);
    session->dirty = head.dirty;
    if (head.commit[0] != '\0' && (session->commit = strdup(head.commit)) == NULL)
        return error_memory(error);
    if (session->branch == NULL && head.branch[0] != '\0' &&
        (session->branch = strdup(head.branch)) == NULL)
        return error_memory(error);
    return TARE_OK;
}
