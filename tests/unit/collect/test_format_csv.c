#include "imported.h"

TEST(format_csv__map_names_the_columns)
{
    struct import_options options = imported_options();
    const char *text = "when,rev,what,took,host\n2024-01-01,c1,a,2,h1\n2024-01-01,c1,a,3,h2\n";
    options.map = "time=when,commit=rev,metric=what,value=took,label=host";
    options.unit = "s";
    struct imported imported = imported_bytes("csv", "f.csv", text, strlen(text), &options);
    assert_imports(imported, "session app=imported commit=c1 branch=- time=2024-01-01T00:00:00Z "
                             "environment=unknown labels=host=h1 outcome=ok warm\n"
                             "  a | ms lower? core | 1 0 | 2000\n"
                             "session app=imported commit=c1 branch=- time=2024-01-01T00:00:00Z "
                             "environment=unknown labels=host=h2 outcome=ok warm\n"
                             "  a | ms lower? core | 1 0 | 3000\n");
    options.map = "when=time";
    assert_refuses(imported_bytes("csv", "f.csv", text, strlen(text), &options),
                   "the map 'when=time' is not role=column");
    options.map = "time=whenever";
    assert_refuses(imported_bytes("csv", "f.csv", text, strlen(text), &options),
                   "names a column that is not there");
}

TEST(format_csv__a_lone_value_column_is_called_after_the_file)
{
    struct import_options options = imported_options();
    const char *text = "index,value\n0,5\n1,6\n";
    assert_imports(imported_bytes("csv", "a/nile.csv", text, strlen(text), &options),
                   "session app=imported commit=- branch=- time=2026-01-01T00:00:00.000001Z "
                   "environment=unknown labels=- outcome=ok warm\n"
                   "  nile | - lower? core | 1 0 | 5\n"
                   "session app=imported commit=- branch=- time=2026-01-01T00:00:00.000002Z "
                   "environment=unknown labels=- outcome=ok warm\n"
                   "  nile | - lower? core | 1 0 | 6\n");
}

TEST(format_csv__equal_rows_without_a_key_stay_several_sessions)
{
    struct import_options options = imported_options();
    struct imported imported = imported_bytes("csv", "f.csv", "value\n1\n1\n1\n", 12, &options);
    assert_int_equal(imported.result.batches, 3);
    char first[37], second[37];
    memcpy(first, imported.ids.text, 36);
    memcpy(second, strchr(imported.ids.text, '\n') + 1, 36);
    first[36] = second[36] = '\0';
    assert_string_not_equal(first, second);
    imported_release(&imported);
}

TEST(format_csv__a_file_that_grew_has_its_old_sessions_still)
{
    struct imported old = imported_text("csv", "value\n1\n2\n");
    struct imported grown = imported_text("csv", "value\n1\n2\n3\n");
    assert_memory_equal(old.ids.text, grown.ids.text, old.ids.length);
    imported_release(&old);
    imported_release(&grown);
}

TEST(format_csv__metrics_repeat_in_the_next_session)
{
    struct imported imported = imported_text("csv", "metric,value\na,1\nb,2\na,3\nb,4\n");
    assert_int_equal(imported.result.batches, 2);
    imported_release(&imported);
}

TEST(format_csv__numbers_alone_need_no_header)
{
    struct imported imported = imported_text("csv", "1\n2\n");
    assert_imports_line(&imported, "  f | - lower? core | 1 0 | 1\n");
    assert_int_equal(imported.result.batches, 2);
    imported_release(&imported);
}

TEST(format_csv__errors_name_the_line)
{
    assert_refuses(imported_text("csv", "time,a\n2024-01-01,1\n2024-01-02,x\n"),
                   "f:3: the column 'a' is 'x': it must be a number");
    assert_refuses(imported_text("csv", "time,a\nyesterday,1\n"), "f:2: the column 'time'");
    assert_refuses(imported_text("csv", "time,a\n2024-01-01\n"), "f:2: the row has 1 cells");
    assert_refuses(imported_text("csv", "a,b\n1,\"2\n"), "within quotes");
    assert_refuses(imported_text("csv", "a,b\n1,2\"3\n"), "f:2: a quote where none may be");
    assert_refuses(imported_text("csv", "metric,value,better\nm,1,up\n"),
                   "lower, higher or exact");
    assert_refuses(imported_text("csv", "time,a\n2024-01-01,x\n"),
                   "f:2: no column holds a number");
    assert_refuses(imported_text("csv", ""), "no header");
}

TEST(format_csv__a_long_session_comes_in_bounded_batches)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_text(&text, "commit,metric,value\n");
    for (int i = 0; i < 150000; i++)
        strbuf_add_format(&text, "c,m,%d\n", i);
    const struct import_options options = imported_options();
    struct imported imported = imported_bytes("csv", "f", text.text, text.length, &options);
    assert_int_equal(imported.status, TARE_OK);
    assert_int_equal(imported.result.batches, 3);
    assert_int_equal(imported.result.samples, 150000);
    imported_release(&imported);
    strbuf_release(&text);
}

#define EXPORT                                                                                    \
    "session_id,started_at,metric_id,time,n,value,min,max,mean,p50,p95,p99,better,rolled_up\n"
#define ID "0b9e2a44-7c1d-4f6e-9a57-1f2e3d4c5b6a,"

TEST(format_csv__what_tare_exported_is_the_measurement_that_it_was)
{
    const struct import_options options = imported_options();
    struct imported imported = imported_path("auto", imported_fixture("csv/exported.csv"),
                                             &options);
    assert_memory_equal(imported.ids.text, "0b9e2a44-7c1d-4f6e-9a57-1f2e3d4c5b6a, ", 38);
    assert_int_equal(imported.result.batches, 3);
    assert_int_equal(imported.result.ignored, 1);
    imported_release(&imported);
    assert_refuses(imported_text("csv", EXPORT ID "x,m,2025-01-01,1,1,1,1,1,1,1,1,,\n"),
                   "f:2: the column 'started_at' is 'x': it must be a time");
    assert_refuses(imported_text("csv", EXPORT ID "2025-01-01,,2025-01-01,1,1,1,1,1,1,1,1,,\n"),
                   "f:2: the column 'metric_id' is '': it must be the name of a metric");
    assert_refuses(imported_text("csv", EXPORT ID "2025-01-01,m,2025-01-01,1,x,1,1,1,1,1,1,,\n"),
                   "f:2: the column 'value' is 'x': it must be a number");
    assert_refuses(imported_text("csv", EXPORT ID "2025-01-01,m,2025-01-01,1,,1,1,1,1,1,1,,\n"),
                   "f:2: the column 'value' is '': it must be a number");
    assert_refuses(imported_text("csv", EXPORT ID "2025-01-01,m,2025-01-01,1.5,1,1,1,1,1,1,1,,\n"),
                   "f:2: the column 'n' is '1.5': it must be a whole number");
    assert_refuses(imported_text("csv", EXPORT ID "2025-01-01,m,2025-01-01,1,1,1,1,1,1,1,1,up,\n"),
                   "lower, higher or exact");
}

/* With a map it is a table like any other. */
TEST(format_csv__a_map_goes_before_what_a_table_looks_like)
{
    struct import_options options = imported_options();
    options.map = "value=p99";
    const char *text = EXPORT ID "2025-01-01,m,2025-01-01,7,1,1,1,1,1,1,9,,\n";
    struct imported imported = imported_bytes("csv", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "  m | - lower? core | 1 0 | 9\n");
    imported_release(&imported);
}

TEST(format_csv__apostrophes_before_formulas_are_taken_off)
{
    struct imported imported = imported_text("csv",
                                             "metric,value,commit\n'=m,'-5,'tis\n''@x,1,''\n");
    assert_imports_line(&imported, "commit='tis ");
    assert_imports_line(&imported, "  =m | - lower? core | 1 0 | -5\n");
    assert_imports_line(&imported, "commit='' ");
    assert_imports_line(&imported, "  '@x | - lower? core | 1 0 | 1\n");
    imported_release(&imported);
}
