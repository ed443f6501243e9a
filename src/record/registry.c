#include "record/registry.h"

#include "model/catalogue.h"
#include "model/unit.h"
#include "record/pages.h"

#include <string.h>

#define HASH_PRIME UINT64_C(0x9e3779b97f4a7c15)

/* Eight bytes at a time. */
static uint32_t hash_of(const char *id, size_t length, enum entry_kind kind)
{
    uint64_t hash = length * 2 + (uint64_t)kind, word = 0;
    for (; length >= sizeof word; length -= sizeof word, id += sizeof word) {
        memcpy(&word, id, sizeof word);
        hash = (hash ^ word) * HASH_PRIME;
    }
    word = 0;
    for (size_t i = 0; i < length; i++)
        word = word << 8 | (unsigned char)id[i];
    hash = (hash ^ word) * HASH_PRIME;
    return (uint32_t)(hash >> 32) ^ (uint32_t)(hash >> 8);
}

/* How much of `text` there is room for, cut between characters. */
static size_t length_cut(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length == size)
        length--;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
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
                       const char **unit)
{
    const struct catalogue_metric *row = catalogue_find(metric->id);
    double factor;
    if ((unsigned)metric->better > TARE_EXACT || (unsigned)metric->aggregate > TARE_RATE ||
        !unit_choose(metric, row, kind, unit, &factor))
        return false;
    entry->factor = factor;
    entry->target = metric->target * factor;
    entry->warning_percent = metric->warning_percent;
    entry->error_percent = metric->error_percent;
    entry->kind = (uint8_t)kind;
    entry->better = (uint8_t)metric->better;
    entry->aggregate = (uint8_t)metric->aggregate;
    return true;
}

/* What process.c records at a hand-over, when a program's own metrics may have filled the
 * registry: there is always room for these. */
static const char *const system_ids[] = {"APP-001", "CPU-001", "MEM-001", "MEM-002", "FLT-001",
                                         "CTX-001", "FDS-001", "THR-001", "IOB-001"};
#define SYSTEM_IDS   ((uint32_t)(sizeof system_ids / sizeof system_ids[0]))
#define SYSTEM_WORDS 24 /* bytes: id, name and unit of one */

static bool system_id(const char *id)
{
    for (size_t i = 0; i < SYSTEM_IDS; i++)
        if (strcmp(id, system_ids[i]) == 0)
            return true;
    return false;
}

/* For how many of them there is still to be room, when another metric asks for some. */
static uint32_t system_awaited(const struct session_image *image, const char *id)
{
    uint32_t awaited = system_id(id) ? 0 : SYSTEM_IDS;
    uint32_t count = __atomic_load_n(&image->header.metric_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; awaited > 0 && i < count; i++) {
        const struct entry *entry = &image->registry[i];
        if (__atomic_load_n(&entry->state, __ATOMIC_ACQUIRE) == ENTRY_READY &&
            system_id(entry_id(image, entry)))
            awaited--;
    }
    return awaited;
}

static bool registry_nearly_full(const struct session_image *image)
{
    const uint32_t rest = SYSTEM_IDS * SYSTEM_WORDS + ENTRY_ID_SIZE + ENTRY_NAME_SIZE +
                          ENTRY_UNIT_SIZE;
    return __atomic_load_n(&image->header.metric_count, __ATOMIC_RELAXED) >=
               REGISTRY_CAPACITY - SYSTEM_IDS ||
           __atomic_load_n(&image->header.words_used, __ATOMIC_RELAXED) >=
               WORDS_FIRST + WORDS_MORE - rest;
}

/* Room for words: of the first page as long as it lasts, then of the others. NULL: none. */
static char *words_claim(struct session_image *image, uint32_t size, uint32_t limit)
{
    uint32_t *used = &image->header.words_used, from, at = __atomic_load_n(used, __ATOMIC_RELAXED);
    char *words;
    do {
        from = at < WORDS_FIRST && at + size > WORDS_FIRST ? WORDS_FIRST : at;
        words = from < WORDS_FIRST ? image->words + from : image->more_words + from - WORDS_FIRST;
        if (from + size > limit || !pages_reserve(image, words, size))
            return NULL;
    } while (!__atomic_compare_exchange_n(used, &at, from + size, false, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED));
    return words;
}

static bool words_write(struct session_image *image, struct entry *entry,
                        const tare_metric *metric, const char *unit, uint32_t limit)
{
    const char *const texts[] = {metric->id, metric->name != NULL ? metric->name : "", unit};
    size_t lengths[3] = {strlen(texts[0]), length_cut(texts[1], ENTRY_NAME_SIZE), strlen(unit)};
    size_t size = lengths[0] + lengths[1] + lengths[2] + 3;
    char *words = words_claim(image, (uint32_t)size, limit), *at = words;
    if (words == NULL)
        return false;
    for (int i = 0; i < 3; i++) {
        memcpy(at, texts[i], lengths[i]);
        at[lengths[i]] = '\0';
        at += lengths[i] + 1;
    }
    entry->id_at = (uint32_t)(words - (const char *)image);
    entry->name_at = (uint16_t)(lengths[0] + 1);
    entry->unit_at = (uint16_t)(entry->name_at + lengths[1] + 1);
    return true;
}

bool registry_open(struct session_image *image)
{
    static const tare_metric other = {.id = "other"};
    struct entry *entry = &image->registry[REGISTRY_OTHER];
    const char *unit;
    image->header.metric_count = 1;
    if (!entry_fill(entry, &other, KIND_VALUE, &unit) ||
        !words_write(image, entry, &other, unit, WORDS_FIRST))
        return false;
    __atomic_store_n(&entry->state, ENTRY_READY, __ATOMIC_RELEASE);
    return true;
}

/* A place in the registry: -1 when there is none. */
static int entry_claim(struct session_image *image, uint32_t limit)
{
    uint32_t count = __atomic_load_n(&image->header.metric_count, __ATOMIC_RELAXED);
    do {
        if (count >= limit || !pages_reserve(image, &image->registry[count], sizeof(struct entry)))
            return -1;
    } while (!__atomic_compare_exchange_n(&image->header.metric_count, &count, count + 1, false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    return (int)count;
}

/* Two threads that meet a metric for the first time at once may both get here: the one that
 * publishes second leaves an entry without samples. */
static int entry_add(struct session_image *image, struct registry_index *index,
                     const tare_metric *metric, enum entry_kind kind, bool described,
                     uint32_t hash)
{
    struct entry tried = {.hash = hash, .described = described};
    const char *unit;
    if (!metric_id_valid(metric->id) || !entry_fill(&tried, metric, kind, &unit))
        return -1;
    uint32_t entries = REGISTRY_CAPACITY, words = WORDS_FIRST + WORDS_MORE;
    if (registry_nearly_full(image)) {
        uint32_t awaited = system_awaited(image, metric->id);
        entries -= awaited;
        words -= awaited * SYSTEM_WORDS;
    }
    if (__atomic_load_n(&image->header.metric_count, __ATOMIC_RELAXED) >= entries ||
        !words_write(image, &tried, metric, unit, words))
        return REGISTRY_OTHER;
    int at = entry_claim(image, entries);
    if (at < 0)
        return REGISTRY_OTHER;
    index->warmup_left[at] = metric->warmup;
    image->registry[at] = tried;
    __atomic_store_n(&image->registry[at].state, ENTRY_READY, __ATOMIC_RELEASE);
    return at;
}

static bool unit_fits(const struct session_image *image, const struct entry *entry,
                      const tare_metric *metric)
{
    double ignored;
    return metric->unit == NULL ||
           strcmp(unit_base(metric->unit, &ignored), entry_unit(image, entry)) == 0;
}

static bool entry_is(const struct session_image *image, const struct entry *entry, const char *id,
                     enum entry_kind kind)
{
    return entry->kind == kind && strcmp(entry_id(image, entry), id) == 0;
}

/* Programs name a metric by the same few literals: where one lies tells, mostly, which it is, and
 * one comparison whether that is so. To measure and hash the id costs three times as much. */
static uint8_t *guess_of(struct registry_index *index, const char *id, enum entry_kind kind)
{
    uint64_t place = ((uint64_t)(uintptr_t)id * 2 + (uint64_t)kind) * HASH_PRIME;
    return &index->guesses[place >> 32 & (REGISTRY_GUESSES - 1)];
}

static int registry_search(struct session_image *image, struct registry_index *index,
                           const tare_metric *metric, enum entry_kind kind, bool described)
{
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
                added = entry_add(image, index, metric, kind, described, hash);
            if (added <= 0)
                return added; /* refused, or REGISTRY_OTHER */
            if (__atomic_compare_exchange_n(cell, &at, (uint8_t)(added + 1), false,
                                            __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
                return added;
        }
        const struct entry *entry = &image->registry[at - 1];
        if (entry->hash == hash && entry_is(image, entry, metric->id, kind))
            return unit_fits(image, entry, metric) ? at - 1 : -1;
    }
    return REGISTRY_OTHER;
}

int registry_find(struct session_image *image, struct registry_index *index,
                  const tare_metric *metric, enum entry_kind kind, bool described)
{
    if (metric == NULL || metric->id == NULL)
        return -1;
    uint8_t *guess = guess_of(index, metric->id, kind);
    uint8_t guessed = __atomic_load_n(guess, __ATOMIC_ACQUIRE);
    if (guessed != 0) {
        const struct entry *entry = &image->registry[guessed - 1];
        if (entry_is(image, entry, metric->id, kind))
            return unit_fits(image, entry, metric) ? guessed - 1 : -1;
    }
    int found = registry_search(image, index, metric, kind, described);
    if (found > REGISTRY_OTHER)
        __atomic_store_n(guess, (uint8_t)(found + 1), __ATOMIC_RELEASE);
    return found;
}

bool registry_warming(struct registry_index *index, int entry)
{
    uint32_t *left = &index->warmup_left[entry];
    uint32_t now = __atomic_load_n(left, __ATOMIC_RELAXED);
    while (now > 0)
        if (__atomic_compare_exchange_n(left, &now, now - 1, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}
