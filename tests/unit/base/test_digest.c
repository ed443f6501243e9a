#include "base/digest.h"
#include "suite.h"

static const char *text_of(const char *bytes, size_t size)
{
    static char text[DIGEST_TEXT_SIZE];
    struct digest digest = digest_begin();
    digest_add(&digest, bytes, size);
    digest_text(&digest, text);
    return text;
}

/* The values of the FNV reference test vectors for 128 bits. */
TEST(digest__is_fnv1a_of_128_bits)
{
    assert_string_equal(text_of("", 0), "6c62272e07bb014262b821756295c58d");
    assert_string_equal(text_of("a", 1), "d228cb696f1a8caf78912b704e4a8964");
    assert_string_equal(text_of("foobar", 6), "343e1662793c64bf6f0d3597ba446f18");
}

TEST(digest__continues_over_pieces)
{
    struct digest digest = digest_begin();
    char text[DIGEST_TEXT_SIZE];
    digest_add(&digest, "foo", 3);
    digest_add(&digest, "bar", 3);
    digest_text(&digest, text);
    assert_string_equal(text, text_of("foobar", 6));
}

TEST(digest__texts_keep_their_borders)
{
    struct digest one = digest_begin(), other = digest_begin(), none = digest_begin();
    digest_add_text(&one, "a");
    digest_add_text(&one, "bc");
    digest_add_text(&other, "ab");
    digest_add_text(&other, "c");
    assert_true(one.low != other.low);
    one = other = digest_begin();
    digest_add_text(&one, "");
    digest_add_text(&none, NULL);
    assert_true(one.low != none.low);
}

TEST(digest__has_the_shape_of_a_uuid)
{
    struct digest digest = digest_begin();
    char text[UUID_TEXT_SIZE];
    digest_uuid(&digest, text);
    assert_string_equal(text, "6c62272e-07bb-8142-a2b8-21756295c58d");
}
