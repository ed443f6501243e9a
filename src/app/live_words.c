#include "app/live_words.h"

#include "app/repository.h"
#include "base/array.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS_MOST 30

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

void word_list_add(struct word_list *list, const char *text, const char *what)
{
    if (text == NULL || text[0] == '\0' || !is_plain(text))
        return;
    struct word word = {strdup(text), what != NULL && is_plain(what) ? strdup(what) : NULL};
    struct word *slot = word.text != NULL
                            ? array_add(&list->words, &list->count, sizeof *list->words)
                            : NULL;
    if (slot != NULL) {
        *slot = word;
        return;
    }
    free(word.text);
    free(word.what);
}

void word_list_release(struct word_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->words[i].text);
        free(list->words[i].what);
    }
    free(list->words);
    *list = (struct word_list){0};
}

static void metrics_add(struct word_list *list, struct store *store)
{
    struct metric *metrics = NULL;
    size_t count = 0;
    if (store_metric_list(store, &metrics, &count, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < count; i++)
        word_list_add(list, metrics[i].id, metrics[i].name);
    store_metric_list_free(metrics, count);
}

/* Of the series, which are many more than there are apps and environments. */
static void series_add(struct word_list *list, struct store *store, bool of_app)
{
    struct series *series = NULL;
    size_t count = 0;
    if (store_series_list(store, &(struct store_filter){0}, &series, &count, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *text = of_app ? series[i].app : series[i].environment;
        bool known = false;
        for (size_t k = 0; k < list->count && !known; k++)
            known = strcmp(list->words[k].text, text) == 0;
        if (!known)
            word_list_add(list, text, NULL);
    }
    store_series_list_free(series, count);
}

static void alerts_add(struct word_list *list, struct store *store)
{
    struct alert *alerts = NULL;
    size_t count = 0;
    if (store_alert_list(store, &(struct store_filter){0}, true, &alerts, &count, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, "%lld", (long long)alerts[i].id);
        word_list_add(list, id, alerts[i].reason);
    }
    free(alerts);
}

static void sessions_add(struct word_list *list, struct store *store)
{
    struct session *sessions = NULL;
    size_t count = 0;
    const struct store_filter newest = {.limit = SESSIONS_MOST};
    if (store_session_list(store, &newest, &sessions, &count, NULL) != TARE_OK)
        return;
    for (size_t i = 0; i < count; i++)
        word_list_add(list, sessions[i].id, sessions[i].app);
    store_session_list_free(sessions, count);
}

static void stored_add(struct word_list *list, enum live_word kind, const char *store_url)
{
    struct store *store = NULL;
    const struct store_options reading = {.read_only = true, .wait_ms = 1};
    if (store_open(store_url, &reading, &store, NULL) != TARE_OK)
        return;
    if (kind == LIVE_METRIC)
        metrics_add(list, store);
    else if (kind == LIVE_ALERT)
        alerts_add(list, store);
    else if (kind == LIVE_SESSION)
        sessions_add(list, store);
    else
        series_add(list, store, kind == LIVE_APP);
    store_close(store);
}

static void ref_add(void *list, const char *name)
{
    word_list_add(list, name, NULL);
}

void live_words_add(struct word_list *list, enum live_word kind, const struct config *config,
                    const char *store_url)
{
    if (kind == LIVE_REF) {
        repository_refs(ref_add, list);
    } else if (kind == LIVE_SINK) {
        for (size_t i = 0; i < config->sink_count; i++)
            word_list_add(list, config->sinks[i].name, NULL);
    } else {
        stored_add(list, kind, store_url);
    }
}
