/* hyperfine --export-json: one session a file, seconds. A run that ended with another status than
 * 0, or by a signal (null), is a failed sample. */
#include "collect/importer_document.h"
#include "collect/importer_format.h"

#include <stdlib.h>

int hyperfine_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 1, "results") &&
                   json_head_has(head, size, 2, "command")
               ? 95
               : 0;
}

static bool run_failed(const struct place *result, size_t run)
{
    struct place codes = place_member(result, "exit_codes");
    const json_t *code = json_array_get(codes.value, run);
    return code != NULL && json_number_value(code) != 0;
}

/* Codes are numbers, or null for a run that a signal ended. */
static bool run_killed(const struct place *result, size_t run)
{
    struct place codes = place_member(result, "exit_codes");
    return json_is_null(json_array_get(codes.value, run));
}

/* The values of one array, each a run. */
static enum tare_status runs_add(struct import_session *session, const struct place *result,
                                 const char *array, const struct import_measure *measure,
                                 struct tare_error *error)
{
    struct import_slot slot;
    struct place runs = place_member(result, array);
    enum tare_status status = place_need_array(&runs, error);
    if (status == TARE_OK)
        status = import_session_slot(session, measure, &slot, error);
    for (size_t i = 0; i < place_count(&runs) && status == TARE_OK; i++) {
        struct place run = place_item(&runs, i);
        double value;
        status = place_need_number(&run, &value, error);
        if (status != TARE_OK)
            break;
        if (run_failed(result, i) || run_killed(result, i))
            import_session_failure(session, &slot, 0);
        else
            status = import_session_value(session, &slot, 0, value, error);
    }
    return status;
}

static enum tare_status summary_add(struct import_session *session, const struct place *result,
                                    const char *member, const struct import_measure *measure,
                                    struct tare_error *error)
{
    double value;
    struct place place = place_member(result, member);
    enum tare_status status = place_need_number(&place, &value, error);
    return status == TARE_OK ? import_session_add(session, measure, value, error) : status;
}

static enum tare_status result_read(struct import_session *session, const struct place *result,
                                    void *state, struct tare_error *error)
{
    (void)state;
    const char *command;
    struct place place = place_member(result, "command");
    enum tare_status status = place_need_text(&place, &command, error);
    if (status != TARE_OK)
        return status;
    struct place parameters = place_member(result, "parameters");
    char *name = document_name(command, &parameters); /* a name given may hide them */
    if (name == NULL)
        return error_memory(error);
    const struct import_measure wall = {.benchmark = name, .unit = "s"};
    const struct import_measure user = {.benchmark = name, .measure = "user", .unit = "s"};
    const struct import_measure system = {.benchmark = name, .measure = "system", .unit = "s"};
    const struct import_measure memory = {
        .benchmark = name, .measure = "peak_memory", .unit = "B"};
    if (place_has(result, "times"))
        status = runs_add(session, result, "times", &wall, error);
    else
        status = summary_add(session, result, place_has(result, "median") ? "median" : "mean",
                             &wall, error);
    if (status == TARE_OK && place_has(result, "user"))
        status = summary_add(session, result, "user", &user, error);
    if (status == TARE_OK && place_has(result, "system"))
        status = summary_add(session, result, "system", &system, error);
    if (status == TARE_OK && place_has(result, "memory_usage_byte"))
        status = runs_add(session, result, "memory_usage_byte", &memory, error);
    free(name);
    return status;
}

enum tare_status hyperfine_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {"results", NULL};
    static const struct document_format format = {.path = path, .row = result_read};
    return import_document(import, &format, NULL, error);
}
