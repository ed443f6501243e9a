#include "base/error.h"

#include "suite.h"

#include <string.h>

TEST(error__what_is_for_the_doctor_says_where_that_begins)
{
    struct tare_error error;
    assert_int_equal(error_damaged(&error, "row %d of %s is torn", 3, "a.db"), TARE_E_CORRUPT);
    assert_int_equal(error.status, TARE_E_CORRUPT);
    assert_string_equal(error.message, "row 3 of a.db is torn; run 'tare doctor'");
    error.message[error.doctor_at] = '\0';
    assert_string_equal(error.message, "row 3 of a.db is torn");
    assert_int_equal(error_set(&error, TARE_E_IO, "gone"), TARE_E_IO);
    assert_int_equal(error.doctor_at, 0);
    assert_int_equal(error_damaged(NULL, "nobody asks"), TARE_E_CORRUPT);
}

TEST(error__the_advice_has_room_behind_a_message_that_has_not)
{
    struct tare_error error;
    char name[600];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    error_damaged(&error, "%s", name);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_string_equal(error.message + error.doctor_at, "; run 'tare doctor'");
}
