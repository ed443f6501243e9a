#include "record/git_head.h"

#include "base/text.h"
#include "record/upwards.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_SIZE 1024

/* The first line of a small file, without its end. */
static bool line_read(const char *folder, const char *name, char *line, size_t size)
{
    char path[FOLDER_SIZE + 300];
    (void)text_join(path, sizeof path, folder, "/", name, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, line, size - 1);
    close(fd);
    if (got <= 0)
        return false;
    line[got] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static bool is_commit(const char *text)
{
    size_t length = strspn(text, "0123456789abcdef");
    return text[length] == '\0' && (length == 40 || length == 64);
}

/* A reference that has no file of its own stands in packed-refs, "<commit> <name>" a line. */
static bool packed_find(const char *folder, const char *name, char commit[GIT_HEAD_COMMIT_SIZE])
{
    char path[FOLDER_SIZE + 32], line[600];
    snprintf(path, sizeof path, "%s/packed-refs", folder);
    FILE *file = fopen(path, "re");
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        char *space = strchr(line, ' ');
        if (space == NULL || strcmp(space + 1, name) != 0)
            continue;
        *space = '\0';
        found = is_commit(line);
        if (found)
            snprintf(commit, GIT_HEAD_COMMIT_SIZE, "%.64s", line);
    }
    if (file != NULL)
        fclose(file);
    return found;
}

/* A linked work tree keeps its branches in the main repository: "commondir" says where. */
static void common_folder(const char *folder, char common[FOLDER_SIZE])
{
    char line[FOLDER_SIZE];
    int size = -1;
    if (!line_read(folder, "commondir", line, sizeof line))
        size = snprintf(common, FOLDER_SIZE, "%s", folder);
    else if (line[0] == '/')
        size = snprintf(common, FOLDER_SIZE, "%s", line);
    else
        size = snprintf(common, FOLDER_SIZE, "%.500s/%.500s", folder, line);
    if (size >= FOLDER_SIZE)
        common[0] = '\0';
}

static __attribute__((noinline)) bool head_resolve(const char *folder, struct git_head *head)
{
    static const char reference[] = "ref: ", branches[] = "refs/heads/";
    static const char elsewhere[] = "refs/heads/.invalid"; /* the format reftable: git-config(1) */
    char line[300], common[FOLDER_SIZE], commit[128];
    if (!line_read(folder, "HEAD", line, sizeof line))
        return false;
    if (is_commit(line))
        (void)text_join(head->commit, sizeof head->commit, line, NULL);
    if (strncmp(line, reference, sizeof reference - 1) != 0)
        return true;
    const char *name = line + sizeof reference - 1;
    if (strcmp(name, elsewhere) == 0)
        return true;
    if (strncmp(name, branches, sizeof branches - 1) == 0)
        snprintf(head->branch, sizeof head->branch, "%.127s", name + sizeof branches - 1);
    common_folder(folder, common);
    if (line_read(common, name, commit, sizeof commit) && is_commit(commit))
        snprintf(head->commit, sizeof head->commit, "%.64s", commit);
    else
        packed_find(common, name, head->commit);
    return true;
}

/* Where a ".git" that is a file says that the repository is. */
static __attribute__((noinline)) bool link_follow(char *git, size_t size)
{
    static const char link[] = "gitdir: ";
    char line[FOLDER_SIZE];
    size_t folder = (size_t)(strrchr(git, '/') - git);
    git[folder] = '\0';
    if (!line_read(git, ".git", line, sizeof line) || strncmp(line, link, sizeof link - 1) != 0)
        return false;
    const char *target = line + sizeof link - 1;
    if (target[0] == '/')
        return text_join(git, size, target, NULL);
    return text_join(git + folder, size - folder, "/", target, NULL);
}

void git_head_read(const char *folder, struct git_head *head)
{
    char git[FOLDER_SIZE];
    *head = (struct git_head){0};
    if (!upwards_find(folder, ".git", git, sizeof git))
        return;
    if (!head_resolve(git, head) && link_follow(git, sizeof git))
        head_resolve(git, head);
}
