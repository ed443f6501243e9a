#include "notify/secret.h"

#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void file_make(char *path, const char *text)
{
    strcpy(path, "/tmp/tare-secret-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

TEST(secret__of_a_file_ends_before_its_line_end)
{
    char path[40];
    struct secret secret;
    file_make(path, " open sesame \r\n\n");
    assert_int_equal(secret_read(NULL, path, &secret, NULL), TARE_OK);
    assert_string_equal(secret.text, " open sesame ");
    assert_int_equal(secret.size, 13);
    secret_forget(&secret);
    assert_null(secret.text);
    unlink(path);
}

TEST(secret__an_empty_file_is_none)
{
    char path[40];
    struct secret secret;
    struct tare_error error;
    file_make(path, "\n");
    assert_int_equal(secret_read(NULL, path, &secret, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, path));
    unlink(path);
}

TEST(secret__of_a_variable)
{
    struct secret secret;
    setenv("TEST_SECRET", "abc", 1);
    assert_int_equal(secret_read("TEST_SECRET", NULL, &secret, NULL), TARE_OK);
    assert_string_equal(secret.text, "abc");
    secret_forget(&secret);
}
