/* pytest-benchmark: seconds; the rounds are the samples when all of them are in the file. */
#include "base/clock.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int pytest_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    if (json_head_first(head, size) != '{')
        return 0;
    return json_head_has(head, size, 1, "machine_info") ||
                   (json_head_has(head, size, 2, "fullname") &&
                    json_head_has(head, size, 2, "stats"))
               ? 95
               : 0;
}

/* What pytest-benchmark says when it knows no better. */
static const char *known(const char *text)
{
    return text == NULL || text[0] == '(' || strcmp(text, "unknown") == 0 ||
                   strcmp(text, "unversioned") == 0
               ? NULL
               : text;
}

static void machine_read(const struct place *machine, struct document_origin *to)
{
    struct place cpu = place_member(machine, "cpu");
    const char *brand = place_text(&cpu, "brand_raw");
    const char *system = place_text(machine, "system"), *release = place_text(machine, "release");
    double cores = place_number(&cpu, "count", 0);
    to->origin.machine.cpu = (char *)(brand != NULL ? brand : place_text(&cpu, "brand"));
    to->origin.machine.architecture = (char *)place_text(machine, "machine");
    if (cores >= 1 && cores < 1e6)
        to->origin.machine.cores = (uint32_t)cores;
    if (system != NULL) {
        snprintf(to->text[0], sizeof to->text[0], "%s%s%s", system, release != NULL ? " " : "",
                 release != NULL ? release : "");
        to->origin.machine.os = to->text[0];
    }
}

static void origin_read(const struct place *document, struct document_origin *to)
{
    struct place machine = place_member(document, "machine_info");
    struct place commit = place_member(document, "commit_info");
    const char *date = place_text(document, "datetime");
    to->origin.commit = known(place_text(&commit, "id"));
    to->origin.branch = known(place_text(&commit, "branch"));
    to->origin.app = known(place_text(&commit, "project"));
    to->origin.dirty = place_true(&commit, "dirty");
    if (date != NULL)
        clock_parse(date, &to->origin.time_ns);
    machine_read(&machine, to);
}

/* Data may have been cut out of a file to make it small: then the median stands. */
static bool data_is_whole(const struct place *stats)
{
    struct place data = place_member(stats, "data");
    double rounds = place_number(stats, "rounds", NAN);
    return place_count(&data) > 0 && (double)place_count(&data) == rounds;
}

static enum tare_status benchmark_read(struct import_session *session,
                                       const struct place *benchmark, void *state,
                                       struct tare_error *error)
{
    (void)state;
    struct import_measure measure = {.unit = "s", .fine = true};
    struct place name = place_member(benchmark, "fullname");
    struct place stats = place_member(benchmark, "stats");
    struct place data = place_member(&stats, "data"), median = place_member(&stats, "median");
    double value;
    if (name.value == NULL)
        name = place_member(benchmark, "name");
    enum tare_status status = place_need_text(&name, &measure.benchmark, error);
    if (status == TARE_OK)
        status = place_need_object(&stats, error);
    if (status == TARE_OK && data_is_whole(&stats))
        return document_values(session, &data, &measure, error);
    if (status == TARE_OK)
        status = place_need_number(&median, &value, error);
    return status == TARE_OK ? import_session_add(session, &measure, value, error) : status;
}

enum tare_status pytest_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {"benchmarks", NULL};
    static const struct document_format format = {
        .path = path, .origin = origin_read, .row = benchmark_read};
    return import_document(import, &format, NULL, error);
}
