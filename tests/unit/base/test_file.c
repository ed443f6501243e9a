#include "base/file.h"
#include "suite.h"

#include <stdlib.h>
#include <unistd.h>

static char *make_folder(void)
{
    char *folder = strdup("/tmp/tare-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

TEST(file__atomic_write_is_read_back_and_leaves_nothing_beside)
{
    char *folder = make_folder();
    char *path = file_join(folder, "f");
    struct tare_error error;
    assert_int_equal(file_write_atomic(path, "one", 3, 0600, true, &error), TARE_OK);
    assert_int_equal(file_write_atomic(path, "second", 6, 0600, false, &error), TARE_OK);
    char *bytes;
    size_t size;
    assert_int_equal(file_read(path, 0, &bytes, &size, &error), TARE_OK);
    assert_int_equal(size, 6);
    assert_string_equal(bytes, "second");
    free(bytes);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(folder);
}

TEST(file__failures_name_the_path)
{
    struct tare_error error;
    char *bytes;
    assert_int_equal(file_read("/nowhere/at/all", 0, &bytes, NULL, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
    assert_int_equal(file_read("/etc/passwd", 3, &bytes, NULL, &error), TARE_E_FULL);
    assert_int_equal(file_write_atomic("/nowhere/f", "x", 1, 0600, false, &error),
                     TARE_E_NOT_FOUND);
}

static void real_path_is(const char *folder, const char *name, const char *wanted)
{
    char *path = file_join(folder, name), *expected = file_join(folder, wanted);
    char *real = file_real_path(path);
    assert_non_null(real);
    assert_string_equal(real, expected);
    free(real);
    free(expected);
    free(path);
}

TEST(file__real_path_follows_links_even_to_what_is_not_there_yet)
{
    char *folder = make_folder(), *sub = file_join(folder, "sub");
    char *near = file_join(folder, "near"), *far = file_join(folder, "far");
    char *loop = file_join(folder, "loop"), *way = file_join(folder, "way");
    char *target = file_join(folder, "sub/target");
    assert_int_equal(file_make_folders(sub, NULL), TARE_OK);
    assert_int_equal(symlink("sub/target", near), 0);
    assert_int_equal(symlink(near, far), 0);
    assert_int_equal(symlink("loop", loop), 0);
    assert_int_equal(symlink("sub", way), 0);
    for (int round = 0; round < 2; round++) {
        real_path_is(folder, "sub/target", "sub/target");
        real_path_is(folder, "near", "sub/target");
        real_path_is(folder, "far", "sub/target");
        real_path_is(folder, "way/../way/target", "sub/target");
        assert_int_equal(file_write_atomic(target, "x", 1, 0600, false, NULL), TARE_OK);
    }
    assert_null(file_real_path("/nowhere/at/all"));
    free(file_real_path(loop)); /* comes to an end */
    const char *const made[] = {target, near, far, loop, way};
    for (size_t i = 0; i < 5; i++)
        unlink(made[i]);
    rmdir(sub);
    assert_int_equal(rmdir(folder), 0);
    free(target);
    free(way);
    free(loop);
    free(far);
    free(near);
    free(sub);
    free(folder);
}

TEST(file__folders_are_made_with_their_parents)
{
    char *folder = make_folder();
    char *deep = file_join(folder, "a/b/c");
    assert_int_equal(file_make_folders(deep, NULL), TARE_OK);
    assert_int_equal(file_make_folders(deep, NULL), TARE_OK);
    assert_true(file_exists(deep));
    for (int i = 0; i < 3; i++) {
        rmdir(deep);
        char *parent = file_parent(deep);
        free(deep);
        deep = parent;
    }
    rmdir(folder);
    free(deep);
    free(folder);
}

TEST(file__parents_and_base_names)
{
    char *parent = file_parent("/a/b");
    assert_string_equal(parent, "/a");
    free(parent);
    parent = file_parent("b");
    assert_string_equal(parent, ".");
    free(parent);
    parent = file_parent("/b");
    assert_string_equal(parent, "/");
    free(parent);
    assert_string_equal(file_base_name("/a/b"), "b");
}
