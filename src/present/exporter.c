#include "present/exporter.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/number.h"
#include "present/export_formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct export_format *const export_formats[] = {&export_csv, &export_json, &export_jsonl,
                                                      &export_openmetrics, NULL};

const char *const export_number_names[EXPORT_NUMBERS] = {"value", "min", "max", "mean",
                                                         "p50",   "p95", "p99"};

const struct export_format *export_format_find(const char *name)
{
    for (const struct export_format *const *at = export_formats; *at != NULL; at++)
        if (strcmp((*at)->name, name) == 0)
            return *at;
    return NULL;
}

const struct export_format *export_format_of_file(const char *path)
{
    size_t length = strlen(path);
    for (const struct export_format *const *at = export_formats; *at != NULL; at++) {
        size_t ending = strlen((*at)->ending);
        if (length > ending && strcmp(path + length - ending, (*at)->ending) == 0)
            return *at;
    }
    return NULL;
}

enum tare_status exporter_init(struct exporter *self, const struct export_format *format,
                               size_t series_count, struct tare_error *error)
{
    *self = (struct exporter){.format = format};
    self->series = calloc(series_count + 1, sizeof *self->series);
    if (self->series == NULL)
        return error_memory(error);
    self->series_count = series_count;
    for (size_t i = 0; i < series_count; i++)
        strbuf_init(&self->series[i].text);
    strbuf_init(&self->session_text);
    text_map_init(&self->names);
    return TARE_OK;
}

void exporter_release(struct exporter *self)
{
    for (size_t i = 0; i < self->series_count; i++)
        strbuf_release(&self->series[i].text);
    free(self->series);
    strbuf_release(&self->session_text);
    text_map_release(&self->names);
    *self = (struct exporter){0};
}

bool exporter_failed(const struct exporter *self)
{
    bool failed = self->session_text.failed;
    for (size_t i = 0; i < self->series_count; i++)
        failed = failed || self->series[i].text.failed;
    return failed;
}

void export_session_note(struct exporter *self, const struct session *session, size_t measurements,
                         struct strbuf *out)
{
    (void)measurements;
    (void)out;
    self->session = session;
    strbuf_clear(&self->session_text);
}

void export_nothing(struct exporter *self, struct strbuf *out)
{
    (void)self;
    (void)out;
}

void export_number_add(struct strbuf *out, double value, const char *none)
{
    char text[NUMBER_TEXT_SIZE];
    if (isfinite(value))
        strbuf_add(out, text, number_write(value, text));
    else
        strbuf_add_text(out, none);
}

void export_whole_add(struct strbuf *out, uint64_t value)
{
    char text[NUMBER_TEXT_SIZE];
    strbuf_add(out, text, number_write_whole(value, text));
}

void export_time_add(struct strbuf *out, int64_t time_ns)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(time_ns, text);
    strbuf_add_text(out, text);
}

void export_numbers_take(const struct measurement *measurement, double numbers[EXPORT_NUMBERS])
{
    const double own[EXPORT_NUMBERS] = {measurement->value, measurement->min, measurement->max,
                                        measurement->mean,  measurement->p50, measurement->p95,
                                        measurement->p99};
    memcpy(numbers, own, sizeof own);
}
