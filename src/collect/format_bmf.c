/* Bencher Metric Format: {benchmark: {measure: {value}}}, without units or directions. Those of
 * Bencher's own measures are known; of another the user says which way is better. */
#include "collect/importer_format.h"
#include "collect/importer_json.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"

#include <string.h>

int bmf_probe(const char *head, size_t size, const char *file_name)
{
    static const char *const others[] = {"benchmarks", "entries", "params", "results", "session"};
    (void)file_name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (json_head_has(head, size, 1, others[i]))
            return 0;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 3, "value") ? 50 : 0;
}

struct bmf_measure {
    const char *name;
    const char *measure; /* as in struct import_measure */
    const char *unit;
    enum tare_better better;
};

static const struct bmf_measure known_measures[] = {
    {"latency", NULL, "ns", TARE_LOWER},
    {"throughput", "throughput", "ops/s", TARE_HIGHER},
    {"build-time", "build-time", "s", TARE_LOWER},
    {"file-size", "file-size", "B", TARE_LOWER},
};

static enum tare_status value_read(struct import_session *session, const struct place *benchmark,
                                   const struct place *measure, struct tare_error *error)
{
    double number;
    const struct import_options *options = session->import->options;
    struct place value = place_member(measure, "value");
    struct import_measure to = {
        .benchmark = benchmark->key, .measure = measure->key, .guessed = true, .fine = true};
    for (size_t i = 0; i < sizeof known_measures / sizeof known_measures[0]; i++)
        if (strcmp(known_measures[i].name, measure->key) == 0) {
            to.measure = known_measures[i].measure;
            to.unit = known_measures[i].unit;
            to.better = known_measures[i].better;
            to.guessed = false;
        }
    if (to.guessed && !options->has_better)
        return error_set(error, TARE_E_USAGE,
                         "%s: the measure '%.100s' of '%.100s' does not say which way is better: "
                         "say --better lower or --better higher, and its --unit",
                         benchmark->file, measure->key, benchmark->key);
    enum tare_status status = place_need_number(&value, &number, error);
    return status == TARE_OK ? import_session_add(session, &to, number, error) : status;
}

static enum tare_status benchmarks_read(struct import_session *session,
                                        const struct place *document, struct tare_error *error)
{
    const char *name, *measure_name;
    json_t *any;
    enum tare_status status = place_need_object(document, error);
    json_object_foreach(document->value, name, any)
    {
        struct place benchmark = place_member(document, name);
        if (status == TARE_OK)
            status = place_need_object(&benchmark, error);
        json_object_foreach(benchmark.value, measure_name, any)
        {
            struct place measure = place_member(&benchmark, measure_name);
            if (status == TARE_OK)
                status = place_need_object(&measure, error);
            if (status == TARE_OK)
                status = value_read(session, &benchmark, &measure, error);
        }
    }
    return status;
}

enum tare_status bmf_read(struct import *import, struct tare_error *error)
{
    struct import_session session = {0};
    const struct import_origin origin = {0};
    struct digest digest;
    json_t *root = NULL;
    enum tare_status status = import_json_read(import, &digest, &root, error);
    if (status != TARE_OK)
        return status;
    struct place document = place_root(import->source->name, root);
    status = import_session_begin(&session, import, &origin, error);
    if (status == TARE_OK)
        status = benchmarks_read(&session, &document, error);
    import_session_digest(&session, &digest, sizeof digest);
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    json_decref(root);
    return status;
}
