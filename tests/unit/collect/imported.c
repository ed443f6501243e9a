#include "imported.h"

#include "base/clock.h"
#include "base/file.h"
#include "model/metric.h"

#include <stdio.h>
#include <stdlib.h>

#define NEW_YEAR_NS (INT64_C(1767225600) * CLOCK_NS_PER_SECOND)

struct import_options imported_options(void)
{
    return (struct import_options){.time_ns = NEW_YEAR_NS};
}

static const char *or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static void session_show(struct strbuf *text, const struct session *session)
{
    char time[CLOCK_TEXT_SIZE];
    clock_format(session->started_ns, time);
    strbuf_add_format(text, "session app=%s commit=%s%s branch=%s time=%s environment=%s",
                      session->app, or_dash(session->commit), session->dirty ? "+" : "",
                      or_dash(session->branch), time, or_dash(session->environment.key));
    strbuf_add_format(text, " labels=%s outcome=%s %s\n", or_dash(session->labels),
                      outcome_word(session->outcome), temperature_word(session->temperature));
}

static void part_show(struct strbuf *text, const struct batch_part *part, size_t limit)
{
    strbuf_add_format(text, "  %s | %s %s%s %s | %llu %llu |", part->metric.id,
                      or_dash(part->metric.unit), better_word(part->metric.better),
                      part->metric_described ? "" : "?", category_word(part->metric.category),
                      (unsigned long long)part->n, (unsigned long long)part->failed);
    for (size_t i = 0; i < part->sample_count && i < limit; i++)
        strbuf_add_format(text, " %.10g", part->samples[i].value);
    if (part->sample_count > limit)
        strbuf_add_text(text, " …");
    if (part->summary.given)
        strbuf_add_format(text, " summary %.10g (%.10g–%.10g) mean %.10g", part->summary.value,
                          part->summary.min, part->summary.max, part->summary.mean);
    strbuf_add_char(text, '\n');
}

static enum tare_status note(void *ctx, const struct batch *batch, struct tare_error *error)
{
    struct imported *imported = ctx;
    (void)error;
    strbuf_add_format(&imported->ids, "%s, %s\n", batch->session.id, batch->id);
    session_show(&imported->text, &batch->session);
    for (size_t i = 0; i < batch->part_count; i++) {
        const struct batch_part *part = &batch->parts[i];
        assert_true(metric_id_valid(part->metric.id));
        assert_true(part->n >= part->sample_count);
        part_show(&imported->text, part,
                  imported->samples_limit > 0 ? imported->samples_limit : 8);
    }
    return TARE_OK;
}

static void imported_init(struct imported *imported)
{
    *imported = (struct imported){0};
    strbuf_init(&imported->text);
    strbuf_init(&imported->ids);
}

struct imported imported_bytes(const char *format, const char *name, const void *bytes,
                               size_t size, const struct import_options *options)
{
    struct imported imported;
    imported_init(&imported);
    imported.status = import_bytes(format, name, bytes, size, options, note, &imported,
                                   &imported.result, &imported.error);
    return imported;
}

struct imported imported_text(const char *format, const char *text)
{
    const struct import_options options = imported_options();
    return imported_bytes(format, "f", text, strlen(text), &options);
}

struct imported imported_path(const char *format, const char *path,
                              const struct import_options *options)
{
    struct imported imported;
    imported_init(&imported);
    imported.status = import_path(format, path, options, note, &imported, &imported.result,
                                  &imported.error);
    return imported;
}

void imported_release(struct imported *imported)
{
    strbuf_release(&imported->text);
    strbuf_release(&imported->ids);
}

void assert_imports(struct imported imported, const char *expected)
{
    if (imported.status != TARE_OK)
        fail_msg("%s", imported.error.message);
    assert_string_equal(imported.text.text, expected);
    imported_release(&imported);
}

void assert_imports_line(struct imported *imported, const char *line)
{
    if (imported->status != TARE_OK)
        fail_msg("%s", imported->error.message);
    if (strstr(imported->text.text, line) == NULL)
        fail_msg("'%s' is not in:\n%s", line, imported->text.text);
}

void assert_refuses(struct imported imported, const char *words)
{
    if (imported.status == TARE_OK)
        fail_msg("imported, though it should be refused:\n%s", imported.text.text);
    if (strstr(imported.error.message, words) == NULL)
        fail_msg("'%s' is not in the message '%s'", words, imported.error.message);
    imported_release(&imported);
}

const char *imported_fixture(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/formats/%s", TEST_DATA, name);
    return path;
}

const char *imported_sample(const char *name)
{
    static char path[1024];
    const char *shared = getenv("TARE_SHARED");
    snprintf(path, sizeof path, "%s/samples/%s",
             shared != NULL ? shared : TEST_DATA "/../../../shared", name);
    if (shared == NULL && !file_exists(path))
        snprintf(path, sizeof path, "%s/samples/%s", TEST_DATA "/../../../../shared", name);
    if (file_exists(path))
        return path;
    print_message("# %s is not there\n", path);
    return NULL;
}
