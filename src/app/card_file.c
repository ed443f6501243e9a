#include "app/card_file.h"

#include "base/clock.h"
#include "base/file.h"
#include "model/card.h"
#include "record/inbox.h"

#include <stdlib.h>
#include <string.h>

#define SERIES_MOST 500 /* a card is read at a program's start: it stays small */
#define RECENT_DAYS 30

static bool texts_copy(struct card_entry *entry, const struct series *series)
{
    entry->app = strdup(series->app);
    entry->environment = strdup(series->environment);
    entry->labels = strdup(series->labels);
    entry->temperature = series->temperature;
    return entry->app != NULL && entry->environment != NULL && entry->labels != NULL;
}

/* Adds the series unless it was not measured for long. */
static enum tare_status series_add(struct store *store, const struct series *series,
                                   struct card *card)
{
    struct baseline_standing standing;
    struct measurement *recent = NULL;
    size_t count = 0;
    const struct store_filter newest = {.series_id = series->id, .limit = CARD_RECENT};
    enum tare_status status = store_measurement_list(store, &newest, &recent, &count, NULL);
    bool lately = count > 0 &&
                  recent[count - 1].time_ns > clock_now_ns() - RECENT_DAYS * CLOCK_NS_PER_DAY;
    struct card_entry *entry = status == TARE_OK && lately ? card_entry_add(card) : NULL;
    if (entry != NULL) {
        for (size_t i = 0; i < count; i++)
            entry->recent[entry->recent_count++] = recent[i].value;
        status = store_metric_get(store, series->metric_id, &entry->metric, NULL);
        if (status == TARE_OK)
            status = store_standing_get(store, series->id, &standing, NULL);
        if (status == TARE_OK)
            entry->baseline = standing.baseline;
        if (!texts_copy(entry, series))
            status = TARE_E_MEMORY;
    }
    free(recent);
    return status;
}

void card_file_write(struct store *store, const char *store_url, const struct config *config)
{
    char path[INBOX_PATH_SIZE];
    struct series *series = NULL;
    size_t count = 0;
    struct card card;
    char *real = file_real_path(store_url); /* links beside it lead there */
    const struct store_filter all = {.limit = 0};
    card_init(&card);
    card.written_ns = clock_now_ns();
    card.baseline_minimum = config->baseline_minimum;
    enum tare_status status = strcmp(store_url, ":memory:") != 0 &&
                                      inbox_card_path(real != NULL ? real : store_url, path)
                                  ? store_series_list(store, &all, &series, &count, NULL)
                                  : TARE_E_USAGE;
    for (size_t i = 0; i < count && status == TARE_OK && card.entry_count < SERIES_MOST; i++)
        status = series_add(store, &series[i], &card);
    char *text = status == TARE_OK ? card_encode(&card) : NULL;
    if (text != NULL)
        file_write_shared(path, text, strlen(text), store_url, NULL);
    free(text);
    free(real);
    card_release(&card);
    store_series_list_free(series, count);
}
