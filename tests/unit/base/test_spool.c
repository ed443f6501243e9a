#include "base/spool.h"

#include "suite.h"

#include <stdlib.h>

/* Numbers in turn, as many as `count`, written and read in pieces of odd sizes. */
static void round_trip(uint32_t count, bool to_disk)
{
    struct spool spool;
    struct tare_error oops;
    spool_init(&spool);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(spool_add(&spool, &i, sizeof i, &oops), TARE_OK);
    assert_int_equal(spool_begin(&spool, &oops), TARE_OK);
    assert_int_equal(spool.file >= 0, to_disk);
    uint32_t pair[2];
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        assert_int_equal(spool_take(&spool, pair, 5, &oops), TARE_OK);
        assert_int_equal(spool_take(&spool, (char *)pair + 5, 3, &oops), TARE_OK);
        assert_true(pair[0] == i && pair[1] == i + 1);
    }
    assert_int_equal(spool_take(&spool, pair, 1, &oops), TARE_E_IO);
    spool_release(&spool);
}

TEST(spool__gives_back_what_was_added_in_order)
{
    round_trip(0, false);
    round_trip(1000, false);
    round_trip(1000000, true);
}

TEST(spool__a_folder_that_is_not_there_is_said)
{
    struct spool spool;
    struct tare_error oops;
    char *bytes = calloc(1, SPOOL_HELD);
    char *before = getenv("TMPDIR") != NULL ? strdup(getenv("TMPDIR")) : NULL;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    spool_init(&spool);
    assert_int_not_equal(spool_add(&spool, bytes, SPOOL_HELD, &oops), TARE_OK);
    assert_non_null(strstr(oops.message, "/nowhere/at/all"));
    spool_release(&spool);
    if (before != NULL)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    free(before);
    free(bytes);
}
