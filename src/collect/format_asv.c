/* asv: one file a commit, machine and environment. The machine's name is the environment; what
 * was installed are labels. Each benchmark is a batch of its own, so that a file to which asv
 * added results gives only those. */
#include "base/strbuf.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_source.h"
#include "model/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int asv_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 1, "commit_hash") &&
                   (json_head_has(head, size, 1, "params") ||
                    json_head_has(head, size, 1, "results"))
               ? 95
               : 0;
}

/* Of one benchmark, in whichever layout. */
struct asv_result {
    const char *name;
    struct place values;  /* an array, or one value */
    struct place params;  /* an array of arrays; missing or empty: none */
    struct place samples; /* an array of arrays, along with the values; may be missing */
};

/* The second layout names its columns once for all results; those at the end may be missing. */
static struct place column_of(const struct place *document, const struct place *row,
                              const char *name)
{
    struct place columns = place_member(document, "result_columns");
    for (size_t i = 0; i < place_count(&columns); i++) {
        const char *column = json_string_value(json_array_get(columns.value, i));
        if (column != NULL && strcmp(column, name) == 0)
            return place_item(row, i);
    }
    return (struct place){.parent = row, .key = name, .file = row->file};
}

static void result_find(const struct place *document, const struct place *row,
                        struct asv_result *result)
{
    *result = (struct asv_result){.name = row->key, .values = *row};
    if (json_is_object(row->value)) {
        result->values = place_member(row, "result");
        result->params = place_member(row, "params");
        result->samples = place_member(row, "samples");
    } else if (json_is_array(row->value)) {
        result->values = column_of(document, row, "result");
        result->params = column_of(document, row, "params");
        result->samples = column_of(document, row, "samples");
    }
}

/* "bench.time_sort(10, 'x')": the values of all parameters, the last one running fastest. */
static char *variant_name(const struct asv_result *result, size_t index)
{
    struct strbuf name;
    size_t count = place_count(&result->params), stride = 1;
    strbuf_init(&name);
    strbuf_add_text(&name, result->name);
    for (size_t i = 0; i < count; i++) {
        size_t inner = json_array_size(json_array_get(result->params.value, i));
        stride = inner > 0 && stride <= SIZE_MAX / inner ? stride * inner : stride;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *choices = json_array_get(result->params.value, i);
        size_t inner = json_array_size(choices);
        if (inner == 0)
            continue;
        stride = stride >= inner ? stride / inner : 1;
        const json_t *choice = json_array_get(choices, index / stride % inner);
        strbuf_add_text(&name, i == 0 ? "(" : ", ");
        if (json_is_string(choice))
            strbuf_add_text(&name, json_string_value(choice));
        else
            strbuf_add_format(&name, "%.15g", json_number_value(choice));
    }
    if (count > 0)
        strbuf_add_char(&name, ')');
    return strbuf_detach(&name);
}

/* asv tells what a benchmark measures by the beginning of its function's name. */
static void kind_find(const char *name, struct import_measure *measure)
{
    size_t length = strcspn(name, "(");
    size_t begin = length;
    while (begin > 0 && name[begin - 1] != '.')
        begin--;
    const char *function = name + begin;
    measure->guessed = false;
    if (strncmp(function, "mem", 3) == 0 || strncmp(function, "peakmem", 7) == 0) {
        measure->unit = "B";
    } else if (strncmp(function, "track", 5) == 0) {
        measure->unit = NULL;
        measure->guessed = true;
    } else {
        measure->unit = "s";
    }
}

/* null is a benchmark that failed, NaN one that was skipped. */
static enum tare_status variant_read(struct import_session *session,
                                     const struct asv_result *result, const struct place *value,
                                     size_t index, struct tare_error *error)
{
    double number = NAN;
    struct import_slot slot;
    struct import_measure measure = {.fine = true};
    struct place samples = place_item(&result->samples, index);
    bool failed = json_is_null(value->value);
    enum tare_status status = failed ? TARE_OK : place_need_number(value, &number, error);
    if (status != TARE_OK)
        return status;
    if (!failed && isnan(number)) {
        session->import->result->ignored++;
        return TARE_OK;
    }
    char *name = variant_name(result, index);
    if (name == NULL)
        return error_memory(error);
    measure.benchmark = name;
    kind_find(name, &measure);
    status = import_session_slot(session, &measure, &slot, error);
    if (status == TARE_OK && failed)
        import_session_failure(session, &slot, 0);
    else if (status == TARE_OK && place_count(&samples) > 0)
        status = document_values(session, &samples, &measure, error);
    else if (status == TARE_OK)
        status = import_session_value(session, &slot, 0, number, error);
    free(name);
    return status;
}

static enum tare_status result_read(struct import_session *session, const struct place *document,
                                    const struct place *row, struct tare_error *error)
{
    struct asv_result result;
    result_find(document, row, &result);
    enum tare_status status = TARE_OK;
    if (json_is_array(result.values.value)) {
        for (size_t i = 0; i < place_count(&result.values) && status == TARE_OK; i++) {
            struct place value = place_item(&result.values, i);
            status = variant_read(session, &result, &value, i, error);
        }
    } else if (result.values.value != NULL) {
        status = variant_read(session, &result, &result.values, 0, error);
    } else {
        session->import->result->ignored++;
    }
    if (status != TARE_OK)
        return status;
    char *text = json_dumps(row->value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (text == NULL)
        return error_memory(error);
    session->content = digest_begin();
    session->batch_number = 0;
    import_session_digest(session, row->key, strlen(row->key) + 1);
    import_session_digest(session, text, strlen(text));
    free(text);
    return import_session_flush(session, error);
}

/* Those parameters that are no part of the machine's description; with values only. */
static enum tare_status labels_read(const struct place *document, char **labels,
                                    struct tare_error *error)
{
    static const char *const machine[] = {"arch", "cpu", "machine", "num_cpu", "os", "ram"};
    struct place params = place_member(document, "params");
    struct strbuf text;
    const char *key;
    json_t *value;
    strbuf_init(&text);
    json_object_foreach(params.value, key, value)
    {
        const char *word = json_string_value(value);
        bool skip = word == NULL || word[0] == '\0';
        for (size_t i = 0; i < sizeof machine / sizeof machine[0]; i++)
            skip |= strcmp(machine[i], key) == 0;
        char *pair = skip ? NULL : labels_pair(key, word);
        text.failed |= !skip && pair == NULL;
        if (pair != NULL && text.length > 0)
            strbuf_add_char(&text, ',');
        strbuf_add_text(&text, pair);
        free(pair);
    }
    enum tare_status status = text.failed ? error_memory(error)
                                          : labels_canonical(text.text, labels, error);
    strbuf_release(&text);
    return status;
}

static enum tare_status origin_read(const struct place *document, struct import_origin *origin,
                                    char **labels, struct tare_error *error)
{
    struct place params = place_member(document, "params");
    double date = place_number(document, "date", 0), cores = place_number(&params, "num_cpu", 0);
    origin->commit = place_text(document, "commit_hash");
    origin->time_ns = date > 0 && date < 9e12 ? (int64_t)date * 1000000 : 0;
    origin->environment = place_text(&params, "machine");
    origin->machine.cpu = (char *)place_text(&params, "cpu");
    origin->machine.os = (char *)place_text(&params, "os");
    origin->machine.architecture = (char *)place_text(&params, "arch");
    origin->machine.cores = cores >= 1 && cores < 1e6 ? (uint32_t)cores : 0;
    enum tare_status status = labels_read(document, labels, error);
    origin->labels = *labels;
    return status;
}

enum tare_status asv_read(struct import *import, struct tare_error *error)
{
    json_t *root = NULL, *any;
    const char *name;
    char *labels = NULL;
    struct import_session session = {0};
    struct import_origin origin = {0};
    enum tare_status status = import_json_read(import, NULL, &root, error);
    if (status != TARE_OK)
        return status;
    struct place document = place_root(import->source->name, root);
    struct place results = place_member(&document, "results");
    status = place_need_object(&results, error);
    if (status == TARE_OK)
        status = origin_read(&document, &origin, &labels, error);
    if (status == TARE_OK)
        status = import_session_begin(&session, import, &origin, error);
    if (status == TARE_OK)
        import_session_name(&session, "");
    json_object_foreach(results.value, name, any)
    {
        struct place row = place_member(&results, name);
        if (status == TARE_OK)
            status = result_read(&session, &document, &row, error);
    }
    import_session_release(&session);
    free(labels);
    json_decref(root);
    return status;
}
