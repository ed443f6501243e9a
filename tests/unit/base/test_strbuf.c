#include "base/strbuf.h"
#include "suite.h"

#include <stdlib.h>

TEST(strbuf__appends_text_characters_and_formats)
{
    struct strbuf buf;
    strbuf_init(&buf);
    strbuf_add_text(&buf, "ab");
    strbuf_add_char(&buf, 'c');
    strbuf_add_repeated(&buf, '-', 3);
    strbuf_add_format(&buf, "%d/%s", 42, "x");
    assert_string_equal(buf.text, "abc---42/x");
    assert_int_equal(buf.length, 10);
    strbuf_release(&buf);
    assert_string_equal(buf.text, "");
}

TEST(strbuf__grows_past_its_first_capacity)
{
    struct strbuf buf;
    strbuf_init(&buf);
    for (int i = 0; i < 10000; i++)
        strbuf_add_char(&buf, (char)('a' + i % 26));
    assert_int_equal(buf.length, 10000);
    assert_int_equal(buf.text[9999], 'a' + 9999 % 26);
    strbuf_release(&buf);
}

TEST(strbuf__detach_gives_an_owned_string_even_when_empty)
{
    struct strbuf buf;
    strbuf_init(&buf);
    char *text = strbuf_detach(&buf);
    assert_string_equal(text, "");
    free(text);
}

TEST(strbuf__impossible_size_fails_once_and_for_all)
{
    struct strbuf buf;
    strbuf_init(&buf);
    strbuf_add_text(&buf, "kept");
    strbuf_add_repeated(&buf, 'x', SIZE_MAX - 8);
    strbuf_add_text(&buf, "ignored");
    assert_true(buf.failed);
    assert_null(strbuf_detach(&buf));
}

TEST(strbuf__uses_the_callers_room_as_long_as_it_lasts)
{
    struct strbuf buf;
    char room[16];
    strbuf_init_in(&buf, room, sizeof room);
    strbuf_add_text(&buf, "fifteen letters");
    assert_ptr_equal(buf.text, room);
    strbuf_add_char(&buf, '.');
    assert_ptr_not_equal(buf.text, room);
    assert_string_equal(buf.text, "fifteen letters.");
    strbuf_add_repeated(&buf, '!', 100);
    assert_int_equal(buf.length, 116);
    strbuf_release(&buf);
    strbuf_init_in(&buf, room, sizeof room);
    strbuf_add_text(&buf, "short");
    char *text = strbuf_detach(&buf);
    assert_ptr_not_equal(text, room);
    assert_string_equal(text, "short");
    free(text);
}
