#include "present/csv_cells.h"

#include "suite.h"

static void check_text(const char *text, const char *wanted)
{
    struct strbuf out;
    strbuf_init(&out);
    csv_add_text(&out, text, true);
    assert_string_equal(out.text, wanted);
    strbuf_release(&out);
}

TEST(csv_cells__quotes_where_need_be)
{
    check_text("plain text", "plain text");
    check_text("a,b", "\"a,b\"");
    check_text("say \"so\"", "\"say \"\"so\"\"\"");
    check_text(NULL, "");
}

TEST(csv_cells__no_formula_reaches_a_spreadsheet)
{
    check_text("=1+1", "'=1+1");
    check_text("+1", "'+1");
    check_text("-1", "'-1");
    check_text("@SUM(A1)", "'@SUM(A1)");
    check_text("'=1", "''=1");
    check_text("'tis", "'tis");
    check_text("\t=1", "'\\x09=1");
    check_text("\r=1", "'\\x0d=1");
    check_text("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"");
}

TEST(csv_cells__a_line_stays_a_line)
{
    check_text("two\nlines\r", "two\\x0alines\\x0d");
    check_text("\033[31mred", "\\x1b[31mred");
}

TEST(csv_cells__numbers_come_back)
{
    struct strbuf out;
    strbuf_init(&out);
    csv_add_number(&out, -3.25);
    csv_add_number(&out, 0.1);
    csv_add_number(&out, 1.0 / 3);
    csv_add_number(&out, NAN);
    csv_add_count(&out, 18446744073709551615u);
    csv_add_time(&out, 0);
    csv_add_time(&out, 1000000000);
    csv_end_line(&out);
    assert_string_equal(out.text, ",-3.25,0.1,0.3333333333333333,,18446744073709551615,,"
                                  "1970-01-01T00:00:01Z\n");
    strbuf_release(&out);
}
