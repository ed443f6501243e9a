/* JMH's JSON: an array of results. The mode, the parameters and the threads are part of a
 * benchmark's identity: "org.x.Sort.run:avgt [size=10, threads=4]". */
#include "base/strbuf.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_source.h"
#include "collect/importer_unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int jmh_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '[' && (json_head_has(head, size, 1, "jmhVersion") ||
                                                  json_head_has(head, size, 1, "primaryMetric"))
               ? 95
               : 0;
}

static char *result_name(const struct place *result, const char *benchmark)
{
    struct strbuf name;
    struct place parameters = place_member(result, "params");
    const char *mode = place_text(result, "mode");
    double threads = place_number(result, "threads", 1);
    char *whole = NULL;
    json_t *all = json_is_object(parameters.value) ? json_copy(parameters.value) : json_object();
    if (threads != 1)
        json_object_set_new(all, "threads", json_real(threads));
    parameters.value = all;
    strbuf_init(&name);
    strbuf_add_text(&name, benchmark);
    if (mode != NULL)
        strbuf_add_format(&name, ":%s", mode);
    if (!name.failed && all != NULL)
        whole = document_name(name.text, &parameters);
    strbuf_release(&name);
    json_decref(all);
    return whole;
}

/* rawDataHistogram[fork][iteration][n] is [value, count]. */
static enum tare_status histogram_read(struct import_session *session,
                                       const struct import_slot *slot, const struct place *pairs,
                                       struct tare_error *error)
{
    enum tare_status status = place_need_array(pairs, error);
    for (size_t i = 0; i < place_count(pairs) && status == TARE_OK; i++) {
        struct place pair = place_item(pairs, i);
        struct place value = place_item(&pair, 0), count = place_item(&pair, 1);
        double number = NAN, times = 0;
        status = place_need_number(&value, &number, error);
        if (status == TARE_OK)
            status = place_need_number(&count, &times, error);
        if (status == TARE_OK && !(times >= 0 && times < 9e15))
            status = place_wrong(&count, "a count", error);
        if (status == TARE_OK)
            status = import_session_weighted(session, slot, number, (uint64_t)times, error);
    }
    return status;
}

/* rawData[fork][iteration]. */
static enum tare_status raw_read(struct import_session *session, const struct import_slot *slot,
                                 const struct place *forks, bool histograms,
                                 struct tare_error *error)
{
    enum tare_status status = place_need_array(forks, error);
    for (size_t i = 0; i < place_count(forks) && status == TARE_OK; i++) {
        struct place fork = place_item(forks, i);
        status = place_need_array(&fork, error);
        for (size_t j = 0; j < place_count(&fork) && status == TARE_OK; j++) {
            struct place iteration = place_item(&fork, j);
            double value = NAN;
            if (histograms) {
                status = histogram_read(session, slot, &iteration, error);
                continue;
            }
            status = place_need_number(&iteration, &value, error);
            if (status == TARE_OK)
                status = import_session_value(session, slot, 0, value, error);
        }
    }
    return status;
}

static enum tare_status metric_read(struct import_session *session, const struct place *metric,
                                    const char *name, const char *suffix, const char *mode,
                                    struct tare_error *error)
{
    bool sure;
    double score;
    struct import_slot slot;
    struct import_measure measure = {.benchmark = name, .measure = suffix, .fine = true};
    struct place raw = place_member(metric, "rawData"), place = place_member(metric, "score");
    struct place histograms = place_member(metric, "rawDataHistogram");
    enum tare_status status = place_need_object(metric, error);
    if (status != TARE_OK)
        return status;
    measure.unit = place_text(metric, "scoreUnit");
    measure.better = import_unit_better(measure.unit, &sure);
    measure.guessed = !sure || suffix != NULL;
    /* Of what a profiler adds, garbage a second is no achievement, and "B/op" is a mean. */
    if (suffix != NULL && (strncmp(suffix, "gc.", 3) == 0 || measure.better == TARE_EXACT))
        measure.better = TARE_LOWER;
    if (suffix == NULL && mode != NULL) {
        measure.better = strcmp(mode, "thrpt") == 0 ? TARE_HIGHER : TARE_LOWER;
        measure.guessed = false;
    }
    status = import_session_slot(session, &measure, &slot, error);
    if (status != TARE_OK)
        return status;
    if (place_count(&histograms) > 0)
        return raw_read(session, &slot, &histograms, true, error);
    if (place_count(&raw) > 0)
        return raw_read(session, &slot, &raw, false, error);
    status = place_need_number(&place, &score, error);
    return status == TARE_OK ? import_session_value(session, &slot, 0, score, error) : status;
}

/* A profiler's metric begins with a middle dot: "·gc.alloc.rate". */
static const char *suffix_of(const char *key)
{
    return strncmp(key, "\xc2\xb7", 2) == 0 ? key + 2 : key;
}

static enum tare_status result_read(struct import_session *session, const struct place *result,
                                    void *state, struct tare_error *error)
{
    (void)state;
    const char *benchmark, *key, *mode = place_text(result, "mode");
    json_t *any;
    struct place name_place = place_member(result, "benchmark");
    struct place primary = place_member(result, "primaryMetric");
    struct place others = place_member(result, "secondaryMetrics");
    enum tare_status status = place_need_text(&name_place, &benchmark, error);
    if (status != TARE_OK)
        return status;
    char *name = result_name(result, benchmark);
    status = name != NULL ? metric_read(session, &primary, name, NULL, mode, error)
                          : error_memory(error);
    json_object_foreach(others.value, key, any)
    {
        struct place other = place_member(&others, key);
        if (status == TARE_OK)
            status = metric_read(session, &other, name, suffix_of(key), mode, error);
    }
    free(name);
    return status;
}

enum tare_status jmh_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {NULL};
    static const struct document_format format = {.path = path, .row = result_read};
    return import_document(import, &format, NULL, error);
}
