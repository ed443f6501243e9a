#include "record/image.h"

#include "base/clock.h"
#include "base/crc32.h"
#include "record/accumulator.h"
#include "record/clock_source.h"
#include "record/fold.h"

#include "tare/better.h"

#include <string.h>

static bool units_valid(const struct session_image *image)
{
    for (size_t bank = 0; bank < RING_COUNT; bank++)
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++) {
            uint16_t unit = image->heads[bank][metric];
            for (int hops = 0; unit != 0; hops++) {
                if (unit > POOL_UNITS || hops > POOL_UNITS)
                    return false;
                const struct accumulator *at = &image->pool[unit - 1].accumulator;
                if (at->octave_count > OCTAVES_MAX || at->metric >= image->header.metric_count ||
                    image->registry[at->metric].state != ENTRY_READY ||
                    at->exact_unit[0] > POOL_UNITS || at->exact_unit[1] > POOL_UNITS)
                    return false;
                for (int i = 0; i < at->octave_count; i++)
                    if (at->chunk[i] == 0 || at->chunk[i] > POOL_UNITS)
                        return false;
                unit = at->next;
            }
        }
    return true;
}

/* An entry's words lie where words are, each with its end. */
static bool words_valid(const struct session_image *image, const struct entry *entry)
{
    static const struct {
        size_t from, size;
    } places[] = {{offsetof(struct session_image, words), WORDS_FIRST},
                  {offsetof(struct session_image, more_words), WORDS_MORE}};
    const size_t offsets[] = {0, entry->name_at, entry->unit_at};
    for (size_t place = 0; place < 2; place++) {
        size_t at = entry->id_at - places[place].from;
        if (entry->id_at < places[place].from || at >= places[place].size)
            continue;
        for (size_t word = 0; word < 3; word++)
            if (at + offsets[word] >= places[place].size ||
                memchr(entry_id(image, entry) + offsets[word], '\0',
                       places[place].size - at - offsets[word]) == NULL)
                return false;
        return true;
    }
    return false;
}

/* Others than ready ones were being written when the process died: nothing points there. */
static bool entries_valid(const struct session_image *image)
{
    for (size_t i = 0; i < image->header.metric_count && i < REGISTRY_CAPACITY; i++) {
        const struct entry *entry = &image->registry[i];
        if (entry->state == ENTRY_READY &&
            (!words_valid(image, entry) || entry->better > TARE_EXACT || entry->kind > KIND_TICKS))
            return false;
    }
    return image->header.metric_count <= REGISTRY_CAPACITY;
}

static bool rings_valid(const struct session_image *image)
{
    for (size_t ring = 0; ring < RING_COUNT; ring++)
        if (image->control[ring].head - image->control[ring].folded > RING_CAPACITY)
            return false;
    return true;
}

static bool card_valid(const struct session_card *card)
{
    for (int i = 0; i < TEXT_COUNT; i++)
        if (card->text_at[i] >= HEADER_TEXT_SIZE)
            return false;
    return card->text[HEADER_TEXT_SIZE - 1] == '\0' && card->id[UUID_TEXT_SIZE - 1] == '\0' &&
           card->writer[UUID_TEXT_SIZE - 1] == '\0' && card->window_ns > 0;
}

/* More takes than can wait for an inbox: the numbers are not what they were. */
#define TAKES_MOST 65536

static bool numbers_valid(const struct session_header *header)
{
    return header->words_used <= WORDS_FIRST + WORDS_MORE &&
           (header->pending >= header->sequence ||
            header->sequence - header->pending <= TAKES_MOST);
}

static enum tare_status damaged(const char *name, struct tare_error *error)
{
    return error_set(error, TARE_E_CORRUPT, "%s is not a session of tare, or is damaged", name);
}

enum tare_status image_check_header(const struct session_image *image, size_t size,
                                    const char *name, struct tare_error *error)
{
    const struct session_card *card = &image->header.card;
    if (size >= sizeof *card && card->magic == SESSION_MAGIC && card->version > SESSION_VERSION)
        return error_set(error, TARE_E_NEWER, "%s was written by a newer tare: update this one",
                         name);
    bool whole = size == sizeof *image && card->magic == SESSION_MAGIC &&
                 card->version == SESSION_VERSION && card->size == sizeof *image &&
                 crc32c(0, card, sizeof *card) == image->header.card_checksum &&
                 card_valid(card) && numbers_valid(&image->header);
    return whole ? TARE_OK : damaged(name, error);
}

enum tare_status image_check(const struct session_image *image, size_t size, const char *name,
                             struct tare_error *error)
{
    enum tare_status status = image_check_header(image, size, name, error);
    if (status != TARE_OK)
        return status;
    bool whole = entries_valid(image) && rings_valid(image) && units_valid(image);
    return whole ? TARE_OK : damaged(name, error);
}

static struct record_run ring_left(const struct session_image *image, uint32_t ring,
                                   uint32_t metric)
{
    const struct ring_control *control = &image->control[ring];
    uint64_t to = control->folded;
    while (to < control->head && to - control->folded < RING_CAPACITY)
        to++;
    uint32_t kind = image->registry[metric].kind;
    return (struct record_run){.ring = ring_at(image, ring),
                               .from = control->folded,
                               .to = to,
                               .kind = kind,
                               .scale = kind == KIND_TICKS ? control->fold_scale : 1.0};
}

static void accumulator_settle(struct session_image *image, struct accumulator *accumulator)
{
    struct tally *tally = &accumulator->tally;
    struct totals settled = *tally_settled(tally, image);
    uint64_t kept = accumulator_exact_count(image, accumulator, settled.n);
    uint64_t held = accumulator_condensed(image, accumulator);
    uint32_t ring = (uint32_t)(tally->tag >> TAG_RING_SHIFT);
    if (held > settled.n - kept && ring < RING_COUNT) {
        struct record_run run = ring_left(image, ring, accumulator->metric);
        accumulator_revert(image, accumulator, &run, settled.n, held - (settled.n - kept));
    }
    tally->totals[0] = settled;
    tally->tag = TAG_SETTLED;
}

void image_settle(struct session_image *image)
{
    if (!image_folded(image))
        return;
    for (size_t bank = 0; bank < RING_COUNT; bank++)
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++)
            for (uint16_t unit = head_of(image, bank, metric); unit != 0;
                 unit = accumulator_at(image, unit)->next)
                accumulator_settle(image, accumulator_at(image, unit));
    for (size_t metric = 0; metric < image->header.metric_count; metric++) {
        if (tally_of(image, metric) == NULL)
            continue;
        struct tally *tally = &image->tallies[metric];
        tally->totals[0] = *tally_settled(tally, image);
        tally->tag = TAG_SETTLED;
    }
}

#define COPY_TRIES 200

static bool copy_quiet(const struct session_image *live, const struct session_image *copy)
{
    bool quiet = __atomic_load_n(&live->header.sequence, __ATOMIC_ACQUIRE) ==
                 copy->header.sequence;
    for (int ring = 0; ring < RING_COUNT; ring++)
        quiet = quiet && copy->control[ring].lock == RING_FREE &&
                copy->control[ring].folded ==
                    __atomic_load_n(&live->control[ring].folded, __ATOMIC_ACQUIRE);
    return quiet;
}

bool image_copy(const struct session_image *live, struct session_image *copy)
{
    const size_t page_size = IMAGE_PAGE;
    for (int tries = 0; tries < COPY_TRIES; tries++) {
        memset(copy, 0, sizeof *copy);
        memcpy(copy, live, page_size);
        for (size_t page = 1; page * page_size < sizeof *copy; page++)
            if (live->header.pages >> page & 1)
                memcpy((char *)copy + page * page_size, (const char *)live + page * page_size,
                       page_size);
        if (copy_quiet(live, copy))
            return true;
    }
    return false;
}

double image_rate(const struct session_image *image, const struct anchor *now)
{
    return anchor_rate(image->header.card.clock, &image->header.card.opened, now);
}

int64_t image_time(const struct session_image *image, double ms_per_tick, uint64_t coarse)
{
    double passed_ms = (double)coarse * (double)(1u << COARSE_SHIFT) * ms_per_tick;
    return clock_later(image->header.card.opened.real_ns, passed_ms * 1e6);
}

/* Of the last record in a ring. */
static bool ring_last(const struct session_image *image, uint32_t ring, uint64_t *last)
{
    bool any = false;
    for (uint64_t i = image->control[ring].folded; i < image->control[ring].head; i++)
        if (record_committed(image, ring, i)) {
            uint64_t time = ring_at(image, ring)[i % RING_CAPACITY].commit & COMMIT_TIME_MASK;
            *last = time > *last ? time : *last;
            any = true;
        }
    return any;
}

int64_t image_last_ns(const struct session_image *image, double ms_per_tick)
{
    uint64_t last = 0;
    bool any = false;
    for (uint32_t ring = 0; ring < RING_COUNT; ring++) {
        any = ring_last(image, ring, &last) || any;
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++) {
            uint16_t unit = head_of(image, ring, metric);
            if (unit == 0)
                continue;
            const struct totals *totals = &image->pool[unit - 1].accumulator.tally.totals[0];
            last = totals->last > last ? totals->last : last;
            any = true;
        }
    }
    return any ? image_time(image, ms_per_tick, last) : 0;
}

bool image_empty(const struct session_image *image)
{
    for (size_t ring = 0; ring < RING_COUNT; ring++) {
        if (image->control[ring].head > image->control[ring].folded)
            return false;
        for (size_t metric = 0; metric < REGISTRY_CAPACITY; metric++)
            if (head_of(image, ring, metric) != 0)
                return false;
    }
    for (size_t i = 0; i < image->header.metric_count; i++) {
        const struct tally *tally = tally_of(image, i);
        if (tally != NULL && tally->totals[0].n + tally->totals[0].failed > 0)
            return false;
    }
    return true;
}
