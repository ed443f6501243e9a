#include "base/text.h"

#include "base/uuid.h"
#include "suite.h"

TEST(text__joins_what_fits_and_empties_what_does_not)
{
    char text[8];
    assert_true(text_join(text, sizeof text, "abc", "", "defg", NULL));
    assert_string_equal(text, "abcdefg");
    assert_false(text_join(text, sizeof text, "abc", "defgh", NULL));
    assert_string_equal(text, "");
    assert_true(text_join(text, sizeof text, "", NULL));
    assert_string_equal(text, "");
}

TEST(text__knows_utf8)
{
    const char *const whole[] = {"",    "plain", "caf\xc3\xa9", "\xe6\xb8\xac", "\xf0\x9f\x90\x8c",
                                 "\x7f"};
    const char *const broken[] = {"\xff",     "a\x80",        "\xc3",         "\xe6\xb8",
                                  "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        assert_true(text_is_utf8(whole[i]));
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_false(text_is_utf8(broken[i]));
}

TEST(uuid__is_of_version_4_and_never_the_same)
{
    char first[UUID_TEXT_SIZE], second[UUID_TEXT_SIZE];
    uuid_generate_text(first);
    uuid_generate_text(second);
    assert_int_equal(strlen(first), 36);
    assert_int_equal(strspn(first, "0123456789abcdef-"), 36);
    assert_int_equal(first[14], '4');
    assert_non_null(strchr("89ab", first[19]));
    for (int dash = 8; dash <= 23; dash += 5)
        assert_int_equal(first[dash], '-');
    assert_string_not_equal(first, second);
}
