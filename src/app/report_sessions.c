#include "app/report_parts.h"

#include "base/array.h"
#include "base/error.h"
#include "detect/deviation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A measurement of the period: of which session, and how much slower than usual. */
struct session_note {
    char session_id[UUID_TEXT_SIZE];
    size_t row;
    double value, percent, weight; /* weight 0: it tells no slowness */
};

struct session_notes {
    struct session_note *list;
    size_t count;
};

struct session_notes *session_notes_new(void)
{
    return calloc(1, sizeof(struct session_notes));
}

void session_notes_free(struct session_notes *notes)
{
    if (notes != NULL)
        free(notes->list);
    free(notes);
}

/* Times of which less is better, measured often enough to say what is usual. */
static bool tells_slowness(const struct period_row *row)
{
    const struct metric *metric = &row->course.metric;
    return strcmp(metric->unit, "ms") == 0 && metric->better == TARE_LOWER && metric->weight > 0 &&
           row->values.n >= BASELINE_MINIMUM && row->values.median > 0;
}

bool session_notes_add(struct session_notes *notes, const struct period_report *report, size_t row,
                       const struct period_data *data)
{
    const struct period_row *of = &report->rows[row];
    bool tells = tells_slowness(of);
    size_t end = period_data_place(data, report->until_ns);
    for (size_t i = period_data_place(data, report->since_ns); i < end; i++) {
        const struct measurement *measurement = &data->list[i];
        struct session_note *note = array_add(&notes->list, &notes->count, sizeof *note);
        if (note == NULL)
            return false;
        *note = (struct session_note){
            .row = row,
            .value = measurement->value,
            .percent = deviation_percent(TARE_LOWER, measurement->value, of->values.median),
            .weight = tells ? of->course.metric.weight : 0};
        memcpy(note->session_id, measurement->session_id, UUID_TEXT_SIZE);
    }
    return true;
}

/* By session, then series, the slowest window of each first. */
static int note_compare(const void *left, const void *right)
{
    const struct session_note *a = left, *b = right;
    int order = strcmp(a->session_id, b->session_id);
    if (order != 0)
        return order;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->percent < b->percent) - (a->percent > b->percent);
}

/* The notes of one session, which begin at `first`, made into one; returns how many they are. */
static size_t session_weigh(const struct session_note *first, size_t left,
                            struct period_slow *slow)
{
    double sum = 0, weights = 0;
    size_t i = 0;
    *slow = (struct period_slow){.row = first->row, .value_percent = -INFINITY};
    for (; i < left && strcmp(first[i].session_id, first->session_id) == 0; i++) {
        bool another_window = i > 0 && first[i].row == first[i - 1].row;
        if (another_window || !(first[i].weight > 0))
            continue;
        sum += first[i].weight * first[i].percent;
        weights += first[i].weight;
        slow->metrics++;
        if (first[i].percent > slow->value_percent) {
            slow->row = first[i].row;
            slow->value = first[i].value;
            slow->value_percent = first[i].percent;
        }
    }
    slow->percent = sum / weights;
    return i;
}

static void slowest_enter(struct period_slow *slowest, size_t *count,
                          const struct period_slow *slow, const char *session_id)
{
    size_t at = *count;
    if (!(slow->percent > 0))
        return;
    while (at > 0 && slowest[at - 1].percent < slow->percent)
        at--;
    if (at >= PERIOD_SLOWEST)
        return;
    size_t moved = *count - at - (*count == PERIOD_SLOWEST);
    memmove(&slowest[at + 1], &slowest[at], moved * sizeof *slowest);
    slowest[at] = *slow;
    memcpy(slowest[at].session.id, session_id, UUID_TEXT_SIZE);
    *count += *count < PERIOD_SLOWEST;
}

static enum tare_status session_read(struct store *store, const char *id, struct session **found,
                                     size_t *count, struct tare_error *error)
{
    const struct store_filter by_id = {.session_id = id, .limit = 1};
    return store_session_list(store, &by_id, found, count, error);
}

static enum tare_status slowest_pick(struct store *store, const struct session_notes *notes,
                                     struct period_sessions *sessions, struct tare_error *error)
{
    struct period_slow slowest[PERIOD_SLOWEST], slow;
    size_t count = 0;
    for (size_t i = 0; i < notes->count;) {
        const struct session_note *first = &notes->list[i];
        i += session_weigh(first, notes->count - i, &slow);
        slowest_enter(slowest, &count, &slow, first->session_id);
    }
    for (size_t i = 0; i < count; i++) {
        struct session *found = NULL;
        size_t found_count = 0;
        enum tare_status status = session_read(store, slowest[i].session.id, &found, &found_count,
                                               error);
        if (status != TARE_OK)
            return status;
        if (found_count == 0)
            continue;
        struct period_slow *entry = period_slow_add(sessions);
        if (entry == NULL) {
            store_session_list_free(found, found_count);
            return error_memory(error);
        }
        *entry = slowest[i];
        entry->session = found[0];
        free(found); /* the strings have moved */
    }
    return TARE_OK;
}

static bool commit_note(const struct session *session, struct period_sessions *sessions)
{
    if (session->commit == NULL || session->commit[0] == '\0')
        return true;
    for (size_t i = sessions->commit_count; i-- > 0;) {
        struct period_commit *commit = &sessions->commits[i];
        if (strcmp(commit->commit, session->commit) == 0) {
            commit->sessions++;
            return true;
        }
    }
    struct period_commit *commit = array_add(&sessions->commits, &sessions->commit_count,
                                             sizeof *commit);
    if (commit == NULL)
        return false;
    *commit = (struct period_commit){.sessions = 1, .first_ns = session->started_ns};
    strncat(commit->commit, session->commit, COMMIT_TEXT_SIZE - 1);
    return true;
}

static bool session_count(const struct session *session, struct period_sessions *sessions)
{
    size_t *of_outcome[] = {[OUTCOME_OK] = &sessions->ok,
                            [OUTCOME_FAILED] = &sessions->failed,
                            [OUTCOME_CRASHED] = &sessions->crashed,
                            [OUTCOME_RUNNING] = &sessions->running};
    sessions->total++;
    ++*of_outcome[session->outcome];
    sessions->dropped += session->dropped;
    sessions->condensed += session->condensed;
    return commit_note(session, sessions);
}

static int id_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Ids of the sessions in order, borrowed. NULL: no memory. */
static const char **ids_of(const struct session *list, size_t count)
{
    const char **ids = calloc(count + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = list[i].id;
    if (ids != NULL && count > 1)
        qsort(ids, count, sizeof *ids, id_compare);
    return ids;
}

/* Those that had begun before the period and were measured in it. */
static enum tare_status earlier_note(struct store *store, const struct session_notes *notes,
                                     const char **ids, size_t count,
                                     struct period_sessions *sessions, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < notes->count && status == TARE_OK; i++) {
        const char *id = notes->list[i].session_id;
        struct session *found = NULL;
        size_t found_count = 0;
        if ((i > 0 && strcmp(id, notes->list[i - 1].session_id) == 0) ||
            bsearch(&id, ids, count, sizeof *ids, id_compare) != NULL)
            continue;
        status = session_read(store, id, &found, &found_count, error);
        if (status == TARE_OK && found_count > 0 && !session_count(found, sessions))
            status = error_memory(error);
        store_session_list_free(found, found_count);
    }
    return status;
}

enum tare_status report_sessions_fill(struct store *store, const struct store_filter *filter,
                                      struct session_notes *notes, struct period_report *report,
                                      struct tare_error *error)
{
    struct session *list = NULL;
    size_t count = 0;
    struct store_filter in_period = *filter;
    in_period.since_ns = report->since_ns;
    in_period.until_ns = report->until_ns;
    if (notes->count > 1)
        qsort(notes->list, notes->count, sizeof *notes->list, note_compare);
    enum tare_status status = store_session_list(store, &in_period, &list, &count, error);
    const char **ids = ids_of(list, count);
    if (status == TARE_OK)
        status = ids != NULL ? earlier_note(store, notes, ids, count, &report->sessions, error)
                             : error_memory(error);
    for (size_t i = count; i-- > 0 && status == TARE_OK;) /* oldest first */
        if (!session_count(&list[i], &report->sessions))
            status = error_memory(error);
    free(ids);
    store_session_list_free(list, count);
    return status == TARE_OK ? slowest_pick(store, notes, &report->sessions, error) : status;
}
