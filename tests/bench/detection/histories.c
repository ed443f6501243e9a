#include "histories.h"

#include <dirent.h>
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

bool histories_root(char *path, size_t size)
{
    const char *shared = getenv("TARE_SHARED");
    if (shared && *shared)
        snprintf(path, size, "%s", shared);
    else
        snprintf(path, size, "%s/../shared", TARE_SOURCE_ROOT);
    return access(path, R_OK) == 0;
}

static void *reserve(void *memory, size_t count, size_t size)
{
    void *more = reallocarray(memory, count, size);
    if (!more)
        err(1, "histories");
    return more;
}

/* `index,value` lines after a heading. */
static void values_read(const char *path, struct history *history)
{
    FILE *file = fopen(path, "r");
    if (!file)
        err(1, "%s", path);
    char line[256];
    bool heading = true;
    for (; fgets(line, sizeof line, file); heading = false) {
        const char *comma = strrchr(line, ',');
        if (heading || !comma)
            continue;
        history->values = reserve(history->values, history->n + 1, sizeof(double));
        history->values[history->n++] = strtod(comma + 1, NULL);
    }
    fclose(file);
}

static int marks_order(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static struct marks marks_read(const json_t *list)
{
    struct marks marks = {NULL, 0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t at = json_integer_value(json_array_get(list, i));
        if (at <= 0)
            continue;
        marks.at = reserve(marks.at, marks.count + 1, sizeof(size_t));
        marks.at[marks.count++] = (size_t)at;
    }
    if (marks.count > 0)
        qsort(marks.at, marks.count, sizeof(size_t), marks_order);
    return marks;
}

static int names_only_csv(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".csv") == 0;
}

static void people_read(json_t *labels, struct history *history)
{
    const char *person;
    json_t *list;
    json_object_foreach(json_object_get(labels, history->name), person, list)
    {
        if (history->people_count < HISTORY_PEOPLE)
            history->people[history->people_count++] = marks_read(list);
    }
}

struct histories histories_read(const char *set)
{
    char root[PATH_ROOM], folder[2 * PATH_ROOM], path[3 * PATH_ROOM];
    struct histories histories = {NULL, 0};
    if (!histories_root(root, sizeof root))
        return histories;
    snprintf(folder, sizeof folder, "%s/data/%s", root, set);
    struct dirent **names;
    int count = scandir(folder, &names, names_only_csv, alphasort);
    if (count <= 0)
        return histories;
    snprintf(path, sizeof path, "%s/annotations.json", folder);
    json_t *labels = json_load_file(path, 0, NULL);
    histories.at = calloc((size_t)count, sizeof *histories.at);
    if (!histories.at)
        err(1, "histories");
    for (int i = 0; i < count; i++) {
        struct history *history = &histories.at[histories.count++];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        snprintf(history->name, sizeof history->name, "%.*s",
                 (int)(strlen(names[i]->d_name) - strlen(".csv")), names[i]->d_name);
        values_read(path, history);
        people_read(labels, history);
        free(names[i]);
    }
    free(names);
    json_decref(labels);
    return histories;
}

void histories_free(struct histories *histories)
{
    for (size_t i = 0; i < histories->count; i++) {
        free(histories->at[i].values);
        for (size_t k = 0; k < histories->at[i].people_count; k++)
            free(histories->at[i].people[k].at);
    }
    free(histories->at);
    *histories = (struct histories){NULL, 0};
}
