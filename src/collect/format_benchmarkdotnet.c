/* BenchmarkDotNet's full JSON: nanoseconds; the original values are the samples. */
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_time.h"

#include "base/strbuf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int benchmarkdotnet_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 1, "Benchmarks") &&
                   (json_head_has(head, size, 1, "HostEnvironmentInfo") ||
                    json_head_has(head, size, 2, "FullName"))
               ? 95
               : 0;
}

/* "Sample.Benchmarks-20200529-164431" ends in the time of the run. */
static void title_time(const char *title, int64_t *time_ns)
{
    char text[40];
    int date, time;
    size_t length = title != NULL ? strlen(title) : 0;
    if (length < 16 || title[length - 16] != '-' ||
        sscanf(title + length - 15, "%8d-%6d", &date, &time) != 2 || date < 0 || time < 0)
        return;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", date / 10000, date / 100 % 100,
             date % 100, time / 10000, time / 100 % 100, time % 100);
    import_time_parse(text, time_ns);
}

static void origin_read(const struct place *document, struct document_origin *to)
{
    struct place host = place_member(document, "HostEnvironmentInfo");
    struct environment *machine = &to->origin.machine;
    double cores = place_number(&host, "LogicalCoreCount", 0);
    title_time(place_text(document, "Title"), &to->origin.time_ns);
    machine->cpu = (char *)place_text(&host, "ProcessorName");
    machine->os = (char *)place_text(&host, "OsVersion");
    machine->architecture = (char *)place_text(&host, "Architecture");
    if (cores >= 1 && cores < 1e6)
        machine->cores = (uint32_t)cores;
}

/* Parameters are in newer files' full names; the job, where there are several, is in none. */
static char *benchmark_name(const struct place *benchmark, const char *full_name)
{
    struct strbuf name;
    const char *parameters = place_text(benchmark, "Parameters");
    const char *display = place_text(benchmark, "DisplayInfo");
    const char *job = display != NULL ? strstr(display, ": ") : NULL;
    strbuf_init(&name);
    strbuf_add_text(&name, full_name);
    if (parameters != NULL && parameters[0] != '\0' && strchr(full_name, '(') == NULL)
        strbuf_add_format(&name, " [%s]", parameters);
    if (job != NULL && strncmp(job + 2, "DefaultJob", 10) != 0) {
        size_t length = strcspn(job + 2, "[(");
        while (length > 0 && isspace((unsigned char)job[1 + length]))
            length--;
        strbuf_add_text(&name, " @");
        strbuf_add(&name, job + 2, length);
    }
    return strbuf_detach(&name);
}

static enum tare_status memory_read(struct import_session *session, const struct place *benchmark,
                                    const char *name, struct tare_error *error)
{
    struct place memory = place_member(benchmark, "Memory");
    struct place bytes = place_member(&memory, "BytesAllocatedPerOperation");
    const struct import_measure measure = {
        .benchmark = name, .measure = "allocated", .unit = "B", .fine = true};
    double value;
    if (!place_has(&memory, "BytesAllocatedPerOperation"))
        return TARE_OK;
    enum tare_status status = place_need_number(&bytes, &value, error);
    return status == TARE_OK ? import_session_add(session, &measure, value, error) : status;
}

static enum tare_status statistics_read(struct import_session *session,
                                        const struct place *benchmark, const char *name,
                                        struct tare_error *error)
{
    const struct import_measure measure = {.benchmark = name, .unit = "ns", .fine = true};
    struct place statistics = place_member(benchmark, "Statistics");
    struct place values = place_member(&statistics, "OriginalValues");
    struct place median = place_member(&statistics, "Median");
    struct import_slot slot;
    double value;
    enum tare_status status;
    if (!place_has(benchmark, "Statistics")) { /* it did not run to its end */
        status = import_session_slot(session, &measure, &slot, error);
        if (status == TARE_OK)
            import_session_failure(session, &slot, 0);
        return status;
    }
    if (place_count(&values) > 0)
        return document_values(session, &values, &measure, error);
    status = place_need_number(&median, &value, error);
    return status == TARE_OK ? import_session_add(session, &measure, value, error) : status;
}

static enum tare_status benchmark_read(struct import_session *session,
                                       const struct place *benchmark, void *state,
                                       struct tare_error *error)
{
    (void)state;
    struct place full = place_member(benchmark, "FullName");
    const char *full_name;
    enum tare_status status = place_need_text(&full, &full_name, error);
    if (status != TARE_OK)
        return status;
    char *name = benchmark_name(benchmark, full_name);
    status = name != NULL ? statistics_read(session, benchmark, name, error) : error_memory(error);
    if (status == TARE_OK)
        status = memory_read(session, benchmark, name, error);
    free(name);
    return status;
}

enum tare_status benchmarkdotnet_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {"Benchmarks", NULL};
    static const struct document_format format = {
        .path = path, .origin = origin_read, .row = benchmark_read};
    return import_document(import, &format, NULL, error);
}
