#include "present/html_safe.h"

#include "present/html_style.h"
#include "suite.h"

TEST(html_safe__names_are_text)
{
    struct strbuf out;
    strbuf_init(&out);
    html_add(&out, "<script>alert(\"1\" & '2')</script>");
    assert_string_equal(out.text,
                        "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
    strbuf_clear(&out);
    html_add(&out, "a\033[31m\xe2\x80\xae\xff");
    assert_string_equal(out.text, "a\\x1b[31m\\u{202e}\\xff");
    strbuf_clear(&out);
    html_add(&out, NULL);
    assert_string_equal(out.text, "");
    strbuf_release(&out);
}

TEST(html_safe__an_element_holds_it)
{
    struct strbuf out;
    strbuf_init(&out);
    html_add_element(&out, "td", "number", "<1>");
    html_add_element(&out, "b", NULL, "x");
    assert_string_equal(out.text, "<td class=\"number\">&lt;1&gt;</td><b>x</b>");
    strbuf_release(&out);
}

TEST(html_safe__no_line_ends_within_a_day)
{
    struct strbuf out;
    strbuf_init(&out);
    html_add_phrase(&out, "on 2026-11-24 04:30, since 2026-11-02, not 2026-11 & 12026-11-2");
    assert_string_equal(out.text,
                        "on <time>2026-11-24 04:30</time>, since <time>2026-11-02</time>, "
                        "not 2026-11 &amp; 12026-11-2");
    strbuf_release(&out);
}

TEST(html_safe__the_style_closes_nothing)
{
    assert_null(strchr(html_style, '<'));
    assert_null(strstr(html_style, "url("));
    assert_non_null(strstr(html_style, "prefers-color-scheme:dark"));
    assert_memory_equal(html_style_digest, "sha256-", 7);
}
