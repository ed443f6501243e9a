#include "record/registry.h"

#include "model/catalogue.h"
#include "model/unit.h"
#include "record/pages.h"

#include <string.h>

/* Eight bytes at a time: this is most of what an operation by name costs. */
static uint32_t hash_of(const char *id, size_t length, enum entry_kind kind)
{
    const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = length * 2 + (uint64_t)kind, word = 0;
    for (; length >= sizeof word; length -= sizeof word, id += sizeof word) {
        memcpy(&word, id, sizeof word);
        hash = (hash ^ word) * prime;
    }
    word = 0;
    for (size_t i = 0; i < length; i++)
        word = word << 8 | (unsigned char)id[i];
    hash = (hash ^ word) * prime;
    return (uint32_t)(hash >> 32) ^ (uint32_t)(hash >> 8);
}

/* Copies `text`, cut between characters where it does not fit. */
static void text_copy(char *to, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, text, length);
    to[length] = '\0';
}

/* The base unit and the factor into it; false when a unit does not fit. */
static bool unit_choose(const tare_metric *metric, const struct catalogue_metric *row,
                        enum entry_kind kind, const char **unit, double *factor)
{
    const char *given = metric->unit != NULL ? metric->unit : row != NULL ? row->unit : NULL;
    if (given == NULL)
        given = kind == KIND_TICKS ? "ms" : "";
    if (given[0] != '\0' && !unit_valid(given))
        return false;
    *unit = unit_base(given, factor);
    if (strlen(*unit) >= ENTRY_UNIT_SIZE)
        return false;
    if (kind == KIND_TICKS && strcmp(*unit, "ms") != 0)
        return false;
    double ignored;
    return row == NULL || strcmp(unit_base(row->unit, &ignored), *unit) == 0;
}

static bool entry_fill(struct entry *entry, const tare_metric *metric, enum entry_kind kind,
                       bool described, uint32_t hash)
{
    const struct catalogue_metric *row = catalogue_find(metric->id);
    const char *unit;
    double factor;
    if (!unit_choose(metric, row, kind, &unit, &factor))
        return false;
    entry->hash = hash;
    text_copy(entry->id, sizeof entry->id, metric->id);
    text_copy(entry->name, sizeof entry->name, metric->name != NULL ? metric->name : "");
    text_copy(entry->unit, sizeof entry->unit, unit);
    entry->factor = factor;
    entry->target = metric->target * factor;
    entry->warning_percent = metric->warning_percent;
    entry->error_percent = metric->error_percent;
    entry->kind = (uint8_t)kind;
    entry->better = (uint8_t)metric->better;
    entry->aggregate = (uint8_t)metric->aggregate;
    entry->described = described;
    entry->warmup_left = metric->warmup;
    __atomic_store_n(&entry->state, ENTRY_READY, __ATOMIC_RELEASE);
    return true;
}

bool registry_open(struct session_image *image)
{
    static const tare_metric other = {.id = "other"};
    if (!pages_reserve(image, &image->registry[REGISTRY_OTHER], sizeof(struct entry)))
        return false;
    image->header.metric_count = 1;
    return entry_fill(&image->registry[REGISTRY_OTHER], &other, KIND_VALUE, false, 0);
}

/* Two threads that meet a metric for the first time at once may both get here: the one that
 * publishes second leaves an entry without samples. */
static int entry_add(struct session_image *image, const tare_metric *metric, enum entry_kind kind,
                     bool described, uint32_t hash)
{
    struct entry tried = {0};
    if (!metric_id_valid(metric->id) || !entry_fill(&tried, metric, kind, described, hash))
        return -1;
    uint32_t count = __atomic_load_n(&image->header.metric_count, __ATOMIC_RELAXED);
    do {
        if (count >= REGISTRY_CAPACITY ||
            !pages_reserve(image, &image->registry[count], sizeof(struct entry)))
            return REGISTRY_OTHER;
    } while (!__atomic_compare_exchange_n(&image->header.metric_count, &count, count + 1, false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    tried.state = ENTRY_FREE;
    image->registry[count] = tried;
    __atomic_store_n(&image->registry[count].state, ENTRY_READY, __ATOMIC_RELEASE);
    return (int)count;
}

static bool unit_fits(const struct entry *entry, const tare_metric *metric)
{
    double ignored;
    return metric->unit == NULL || strcmp(unit_base(metric->unit, &ignored), entry->unit) == 0;
}

int registry_find(struct session_image *image, struct registry_index *index,
                  const tare_metric *metric, enum entry_kind kind, bool described)
{
    if (metric == NULL || metric->id == NULL)
        return -1;
    size_t length = strnlen(metric->id, ENTRY_ID_SIZE);
    if (length == ENTRY_ID_SIZE)
        return -1;
    uint32_t hash = hash_of(metric->id, length, kind);
    int added = 0;
    for (uint32_t probe = 0; probe < REGISTRY_CELLS; probe++) {
        uint8_t *cell = &index->cells[(hash + probe) % REGISTRY_CELLS];
        uint8_t at = __atomic_load_n(cell, __ATOMIC_ACQUIRE);
        if (at == 0) {
            if (added == 0)
                added = entry_add(image, metric, kind, described, hash);
            if (added <= 0)
                return added; /* refused, or REGISTRY_OTHER */
            if (__atomic_compare_exchange_n(cell, &at, (uint8_t)(added + 1), false,
                                            __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
                return added;
        }
        const struct entry *entry = &image->registry[at - 1];
        if (entry->hash == hash && entry->kind == kind &&
            memcmp(entry->id, metric->id, length + 1) == 0)
            return unit_fits(entry, metric) ? at - 1 : -1;
    }
    return REGISTRY_OTHER;
}

bool registry_warming(struct session_image *image, int entry)
{
    uint32_t *left = &image->registry[entry].warmup_left;
    uint32_t now = __atomic_load_n(left, __ATOMIC_RELAXED);
    while (now > 0)
        if (__atomic_compare_exchange_n(left, &now, now - 1, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}
