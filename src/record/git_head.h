/* What commit and branch the working directory is at, from the files of .git alone: libtare has no
 * library for it and starts no program. Whether the work tree is dirty cannot be told this way. */
#ifndef RECORD_GIT_HEAD_H
#define RECORD_GIT_HEAD_H

#define GIT_HEAD_COMMIT_SIZE 65
#define GIT_HEAD_BRANCH_SIZE 128

struct git_head {
    char commit[GIT_HEAD_COMMIT_SIZE]; /* hexadecimal; "" unknown */
    char branch[GIT_HEAD_BRANCH_SIZE]; /* "" detached or unknown */
};

/* Looks from `folder` upwards. Never fails: what is not found is "". */
void git_head_read(const char *folder, struct git_head *head);

#endif
