#include "present/markdown_safe.h"

#include "suite.h"

static void check(const char *text, const char *wanted)
{
    struct strbuf out;
    strbuf_init(&out);
    markdown_add(&out, text);
    assert_string_equal(out.text, wanted);
    strbuf_release(&out);
}

TEST(markdown_safe__plain_text_stays)
{
    check("APP-001 start-up time (cold), 12.5 ms ±8", "APP-001 start-up time (cold), 12.5 ms ±8");
    check("", "");
    check(NULL, "");
}

TEST(markdown_safe__no_cell_ends_early)
{
    check("a|b", "a\\|b");
    check("a\\|b", "a\\\\\\|b");
    check("a\nb\r", "a\\\\x0ab\\\\x0d");
}

TEST(markdown_safe__no_markup)
{
    check("<b onclick=x>&amp;</b>", "&lt;b onclick=x&gt;&amp;amp;&lt;/b&gt;");
    check("*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~");
    check("[x](y) ![z](w)", "\\[x\\](y) !\\[z\\](w)");
    check("$x$", "\\$x\\$");
}

TEST(markdown_safe__nobody_is_notified)
{
    check("@octocat", "@\xe2\x80\x8boctocat");
    check("me@home", "me@home");
    check("see #12", "see \\#\xe2\x80\x8b"
                     "12");
    check("https://x.org", "https:\xe2\x80\x8b//x.org");
}
