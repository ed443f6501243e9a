#include "app/selection.h"

#include "app/repository.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static int place_compare(const void *left, const void *right)
{
    const struct measurement *a = left, *b = right;
    if (a->series_id != b->series_id)
        return a->series_id < b->series_id ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

void selection_order(struct measurement *list, size_t count)
{
    if (count > 0)
        qsort(list, count, sizeof *list, place_compare);
}

struct measurement_span selection_of_series(const struct measurement *list, size_t count,
                                            int64_t series_id)
{
    size_t first = 0, last = count;
    while (first < last) { /* the first that is not before the series */
        size_t middle = first + (last - first) / 2;
        if (list[middle].series_id < series_id)
            first = middle + 1;
        else
            last = middle;
    }
    struct measurement_span span = {list + first, 0};
    while (first + span.count < count && list[first + span.count].series_id == series_id)
        span.count++;
    return span;
}

/* Leaves out what does not count. */
static size_t keep_counting(struct measurement *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (measurement_counts(&list[i]))
            list[kept++] = list[i];
    return kept;
}

/* Of each series, ordered already, the newest `most`. */
static size_t keep_newest(struct measurement *list, size_t count, size_t most)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i + most >= count || list[i + most].series_id != list[i].series_id)
            list[kept++] = list[i];
    return kept;
}

static enum tare_status read_some(struct store *store, const struct store_filter *filter,
                                  struct measurement **list, size_t *count,
                                  struct tare_error *error)
{
    enum tare_status status = store_measurement_list(store, filter, list, count, error);
    if (status != TARE_OK)
        return status;
    *count = keep_counting(*list, *count);
    if (*count == 0) {
        free(*list);
        *list = NULL;
        return TARE_OK;
    }
    selection_order(*list, *count);
    return TARE_OK;
}

static bool in_range(const struct commit_range *range, const char *commit)
{
    for (size_t i = 0; i < range->count; i++)
        if (strcmp(range->commits[i], commit) == 0)
            return true;
    return false;
}

static enum tare_status read_range(struct store *store, const struct store_filter *filter,
                                   const char *word, struct measurement **list, size_t *count,
                                   struct tare_error *error)
{
    struct commit_range range = {0};
    size_t kept = 0;
    enum tare_status status = repository_range(word, &range, error);
    if (status == TARE_OK)
        status = read_some(store, filter, list, count, error);
    for (size_t i = 0; status == TARE_OK && i < *count; i++)
        if (in_range(&range, (*list)[i].commit))
            (*list)[kept++] = (*list)[i];
    if (status == TARE_OK)
        *count = kept;
    commit_range_release(&range);
    return status;
}

/* What one word can name, in the order it is tried: the filter that this makes, or false. */
enum attempt { BY_BRANCH, BY_NAME, BY_COMMIT, BY_SESSION, ATTEMPTS };

static bool attempt_filter(enum attempt attempt, const char *word, char commit[COMMIT_TEXT_SIZE],
                           struct store_filter *filter)
{
    bool long_enough = strlen(word) >= 4;
    switch (attempt) {
    case BY_BRANCH:
        filter->branch = word;
        return true;
    case BY_NAME:
        filter->commit = commit;
        return repository_resolve(word, commit, NULL) == TARE_OK;
    case BY_COMMIT:
        filter->commit = word;
        return long_enough;
    default:
        filter->session_id = word;
        return long_enough;
    }
}

static enum tare_status read_word(struct store *store, const struct store_filter *filter,
                                  const char *word, struct measurement **list, size_t *count,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (int attempt = 0; attempt < ATTEMPTS && status == TARE_OK && *count == 0; attempt++) {
        char commit[COMMIT_TEXT_SIZE];
        struct store_filter narrowed = *filter;
        if (!attempt_filter((enum attempt)attempt, word, commit, &narrowed))
            continue;
        status = read_some(store, &narrowed, list, count, error);
        if (status == TARE_OK && attempt == BY_BRANCH)
            *count = keep_newest(*list, *count, SELECTION_PER_SERIES);
    }
    return status;
}

/* What to know where old measurements have gone into the days of their series. */
static const char *rolled_up(struct store *store, const struct store_filter *filter)
{
    struct rollup *days = NULL;
    size_t count = 0;
    const struct store_filter any = {.app = filter->app, .limit = 1};
    if (store_rollup_list(store, &any, &days, &count, NULL) != TARE_OK)
        return "";
    store_rollup_list_free(days, count);
    return count > 0 ? "; old ones were rolled up by the day: of tagged commits they stay" : "";
}

enum tare_status selection_read(struct store *store, const struct store_filter *filter,
                                const char *word, struct measurement **list, size_t *count,
                                struct tare_error *error)
{
    *list = NULL;
    *count = 0;
    enum tare_status status = strstr(word, "..") != NULL
                                  ? read_range(store, filter, word, list, count, error)
                                  : read_word(store, filter, word, list, count, error);
    if (status == TARE_OK && *count == 0)
        status = error_set(error, TARE_E_NOT_FOUND,
                           "'%.80s' is no commit, tag, branch, range or session with "
                           "measurements%s",
                           word, rolled_up(store, filter));
    return status;
}
