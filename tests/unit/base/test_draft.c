#include "base/draft.h"
#include "base/file.h"
#include "suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char folder[64], path[96];
};

static struct place place_make(void)
{
    struct place place = {.folder = "/tmp/tare-draft-XXXXXX"};
    assert_non_null(mkdtemp(place.folder));
    snprintf(place.path, sizeof place.path, "%s/out", place.folder);
    return place;
}

static size_t files_count(const char *folder)
{
    size_t count = 0;
    DIR *files = opendir(folder);
    for (struct dirent *file; (file = readdir(files)) != NULL;)
        count += file->d_name[0] != '.';
    closedir(files);
    return count;
}

static void holds(const char *path, const char *expected)
{
    char *bytes;
    assert_int_equal(file_read(path, 0, &bytes, NULL, NULL), TARE_OK);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static struct draft draft_of(const char *path, const char *text)
{
    struct draft draft;
    assert_int_equal(draft_begin(&draft, path, 0666, NULL), TARE_OK);
    assert_int_equal(draft_write(&draft, text, strlen(text), NULL), TARE_OK);
    return draft;
}

TEST(draft__appears_when_it_is_finished)
{
    struct place place = place_make();
    struct draft draft = draft_of(place.path, "one ");
    assert_false(file_exists(place.path));
    assert_int_equal(draft_write(&draft, "two", 3, NULL), TARE_OK);
    assert_int_equal(draft_finish(&draft, NULL), TARE_OK);
    holds(place.path, "one two");
    assert_int_equal(files_count(place.folder), 1);
    unlink(place.path);
    rmdir(place.folder);
}

TEST(draft__dropped_leaves_what_was_there)
{
    struct place place = place_make();
    assert_int_equal(file_write_atomic(place.path, "old", 3, 0640, false, NULL), TARE_OK);
    struct draft draft = draft_of(place.path, "new");
    holds(place.path, "old");
    draft_drop(&draft);
    holds(place.path, "old");
    assert_int_equal(files_count(place.folder), 1);
    unlink(place.path);
    rmdir(place.folder);
}

TEST(draft__keeps_the_mode_and_follows_links)
{
    struct place place = place_make();
    struct stat info;
    char link[128];
    snprintf(link, sizeof link, "%s/link", place.folder);
    assert_int_equal(file_write_atomic(place.path, "old", 3, 0640, false, NULL), TARE_OK);
    assert_int_equal(chmod(place.path, 0604), 0);
    assert_int_equal(symlink("out", link), 0);
    struct draft draft = draft_of(link, "new");
    assert_int_equal(draft_finish(&draft, NULL), TARE_OK);
    holds(place.path, "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(place.path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0604);
    unlink(link);
    unlink(place.path);
    rmdir(place.folder);
}

TEST(draft__writes_to_a_device_as_it_is)
{
    struct stat info;
    struct draft draft = draft_of("/dev/null", "gone");
    assert_int_equal(draft_finish(&draft, NULL), TARE_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

TEST(draft__says_what_it_cannot_write)
{
    struct draft draft;
    struct tare_error error = {0};
    assert_int_equal(draft_begin(&draft, "/nowhere/at/all", 0666, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "cannot write /nowhere/at/all"));
    assert_int_equal(draft_begin(&draft, "/tmp", 0666, &error), TARE_E_IO);
    assert_non_null(strstr(error.message, "cannot write /tmp"));
}
