/* The session file: one shared mapping that holds everything a process recorded.
 *
 *   header        who records, when, where to; the control words of the rings
 *   rings         of samples as they come: one for each of eight threads; one that all others
 *                 share, and signal handlers that find their thread's ring full; one for those
 *                 that find the shared one held by whom they interrupted
 *   registry      the metrics; their words (id, name, unit) stand apart
 *   heads, pool   accumulators, exact values, histogram chunks, in units of 256 bytes
 *   tallies       a last-resort accumulator a metric
 *
 * Pages are allocated as they come into use, and not touched before (pages.h). What a short run
 * of a program needs comes first and is two pages: each costs a start as much as ten samples. All
 * fields are written by the process that owns the file, with the exceptions named at them. A
 * SIGKILL may come between any two instructions; image.h says how a reader makes good for it.
 *
 * Ring. `head` counts reservations, `folded` what has left the ring; both only grow. A record is
 * in the ring when its commit word names its lap. Whoever holds `lock` may move `folded`:
 *   the owner, when the ring is full (fold.h), by applying records to accumulators;
 *   a consumer, under a file lock, by copying them out (take.h).
 *
 * Accumulator. Two sets of totals: those of the fold that is going on, and those before it. The
 * tag says which fold wrote last, by ring and by the value of `folded` that it began at: while
 * `folded` still stands there the fold has not happened, and the other set counts. The one
 * store that moves `folded` thus commits a whole fold.
 */
#ifndef RECORD_LAYOUT_H
#define RECORD_LAYOUT_H

#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_MAGIC   UINT64_C(0x3173736572617431) /* "1taress1" */
#define SESSION_IDLE    UINT64_C(0x316c646965726174) /* "tareidl1": nobody's, and empty */
#define SESSION_VERSION 2

#define RING_COUNT    10
#define RING_OWNED    8 /* so many have an owner */
#define RING_SHARED   8 /* the ring of everybody who has none */
#define RING_SPARE    9 /* the ring of those who find that one held */
#define RING_CAPACITY 128

#define REGISTRY_CAPACITY 80
#define REGISTRY_OTHER    0 /* the entry for samples of metrics that found the registry full */

#define POOL_UNIT_SIZE 256
#define POOL_UNITS     128
#define POOL_WORDS     2

#define EXACT_MAX     64 /* values of a metric that an accumulator keeps exactly */
#define EXACT_UNITS   2
#define EXACT_IN_UNIT (POOL_UNIT_SIZE / 8)
#define EXACT_INLINE  6
#define OCTAVES_MAX   12
#define CHUNK_BUCKETS 64
#define CHUNK_FULL    UINT32_C(0xf0000000) /* a bucket this full wants a new accumulator */

enum ring_lock { RING_FREE = 0, RING_FOLDING, RING_TAKING };

struct ring_control {
    uint64_t head;
    uint64_t folded;
    uint32_t lock;
    uint32_t owner;    /* thread id; 0: nobody */
    uint64_t taken;    /* 1 + the number of the last take that copied this ring; consumers write */
    double fold_scale; /* base units per tick in the fold that is going on, or was last */
    uint64_t room[11]; /* two cache lines: processors fetch them in pairs */
};

/* Commit word: lap (16 bits, high), metric (8), flags (4), time (36) in units of 2^20 ticks since
 * the session opened. */
struct record {
    uint64_t value; /* ticks of a span, else the bits of a double in base units */
    uint64_t commit;
};

#define COMMIT_LAP_SHIFT    48
#define COMMIT_METRIC_SHIFT 40
#define COMMIT_FAILED       (UINT64_C(1) << 36)
#define COMMIT_TIME_MASK    ((UINT64_C(1) << 36) - 1)
#define COARSE_SHIFT        20

static inline uint64_t commit_lap(uint64_t index)
{
    return ((index / RING_CAPACITY + 1) & 0xffff) << COMMIT_LAP_SHIFT;
}

static inline uint32_t commit_metric(uint64_t commit)
{
    return (commit >> COMMIT_METRIC_SHIFT) & 0xff;
}

struct totals {
    uint64_t n;      /* that succeeded: sum, min and max are theirs */
    uint64_t failed; /* that did not */
    double sum, min, max;
    uint64_t first, last; /* coarse times of any */
};

/* tag: ring (4 bits, high), which totals are the newer (1), `folded` at its beginning (59) */
#define TAG_RING_SHIFT  60
#define TAG_NEWER_SHIFT 59
#define TAG_FROM_MASK   ((UINT64_C(1) << 59) - 1)

struct tally {
    uint64_t tag;
    struct totals totals[2];
};

/* A unit of the pool, as every index below: index + 1, 0 for none. */
struct accumulator {
    struct tally tally;
    uint32_t window;      /* the window it began in … */
    uint32_t window_last; /* … and, where the pool was exhausted, the last that went in */
    uint32_t zeros;
    uint32_t unbucketed; /* found no room in the histogram */
    uint16_t next;       /* of the same ring and metric, older */
    uint8_t metric;
    uint8_t worn;   /* a bucket is nearly full */
    uint8_t closed; /* no more chunks: once refused, always, so that a reader can tell */
    uint8_t octave_count;
    uint16_t exact_unit[EXACT_UNITS];
    uint16_t octave[OCTAVES_MAX]; /* octave_key() */
    uint16_t chunk[OCTAVES_MAX];
    double exact[EXACT_INLINE];
};
_Static_assert(sizeof(struct accumulator) <= POOL_UNIT_SIZE, "an accumulator is one unit");

union pool_unit {
    struct accumulator accumulator;
    double exact[EXACT_IN_UNIT];
    uint32_t buckets[CHUNK_BUCKETS];
    unsigned char bytes[POOL_UNIT_SIZE];
};

enum entry_state { ENTRY_FREE = 0, ENTRY_READY = 1 };
enum entry_kind { KIND_VALUE = 0, KIND_TICKS = 1 };

#define ENTRY_ID_SIZE   201 /* as model/metric.h has it */
#define ENTRY_NAME_SIZE 120
#define ENTRY_UNIT_SIZE 24

/* A metric, written once and then marked ready; a metric that both spans and values went to has
 * two entries. */
struct entry {
    uint32_t state;
    uint32_t hash;
    uint32_t id_at;            /* of the words, as an offset into the image … */
    uint16_t name_at, unit_at; /* … and as offsets from there; a base unit (model/unit.h) */
    double factor;             /* a value in the unit as declared × factor is in base units */
    double target, warning_percent, error_percent; /* 0: not given */
    uint8_t kind;
    uint8_t better;
    uint8_t aggregate; /* enum tare_aggregate */
    uint8_t described; /* by a handle, not only by its name */
};

struct anchor {
    uint64_t ticks;
    int64_t monotonic_ns;
    int64_t real_ns;
};

#define HEADER_TEXT_SIZE 1024

enum header_text {
    TEXT_STORE = 0,
    TEXT_APP,
    TEXT_VERSION,
    TEXT_ENVIRONMENT,
    TEXT_LABELS,
    TEXT_COMMIT,
    TEXT_BRANCH,
    TEXT_COUNT
};

/* Written at open, checksummed. */
struct session_card {
    uint64_t magic;
    uint32_t version;
    uint32_t size;                   /* of the file */
    char id[UUID_TEXT_SIZE + 3];     /* the session its batches belong to */
    char writer[UUID_TEXT_SIZE + 3]; /* this file: batches are called <writer>.<number> */
    uint32_t pid;
    uint32_t clock; /* tare_tracker.clock_ */
    struct anchor opened;
    int64_t window_ns;
    uint32_t temperature; /* enum session_temperature */
    uint16_t text_at[TEXT_COUNT];
    char text[HEADER_TEXT_SIZE];
};

struct session_header {
    struct session_card card;
    uint32_t card_checksum;   /* CRC-32C of `card`, the last thing written at open */
    uint32_t closed;          /* the owner has ended it; nothing more comes */
    uint32_t outcome;         /* enum session_outcome of a closed one */
    uint32_t metric_count;    /* entries handed out */
    uint32_t words_used;      /* bytes handed out: of the first words, then of the others */
    struct anchor last;       /* at the last hand-over, or the end */
    int64_t process_start_ns; /* 0: not yet asked for */
    double ms_per_tick;       /* as known so far; 0: not yet */
    uint64_t calibrate_at;    /* the coarse time from which on to measure ms_per_tick again */
    uint64_t sequence;        /* the number of the next take; consumers write */
    uint64_t taking;          /* a take has begun: 1 + its cut window; 0: none; consumers write */
    uint32_t cut_done;        /* windows before this were taken; consumers write */
    uint32_t kept;            /* the file is named for its app, which goes on with it: session.h */
    uint64_t pending;         /* the first take whose batch is not in the inbox; consumers write */
    uint64_t dropped_told;    /* of `dropped`, by earlier takes; consumers write */
    uint64_t dropped, refused, unmatched, undelivered, merged, warmup, other;
    uint64_t pages;            /* a bit a page: allocated */
    uint64_t pool[POOL_WORDS]; /* a bit a unit: in use */
};

#define IMAGE_PAGE 4096u

#define WORDS_FIRST 1408
#define WORDS_MORE  6848

struct session_image {
    struct session_header header;
    _Alignas(128) struct ring_control control[RING_COUNT];
    char words[WORDS_FIRST];
    _Alignas(IMAGE_PAGE) struct record first_ring[RING_CAPACITY];
    struct entry registry[REGISTRY_CAPACITY];
    uint16_t heads[RING_COUNT][REGISTRY_CAPACITY]; /* newest accumulator of ring and metric */
    struct tally
        tallies[REGISTRY_CAPACITY]; /* under the shared ring's lock: no room in the pool */
    char more_words[WORDS_MORE];
    _Alignas(IMAGE_PAGE) struct record other_rings[RING_COUNT - 1][RING_CAPACITY];
    _Alignas(IMAGE_PAGE) union pool_unit pool[POOL_UNITS];
};
_Static_assert(offsetof(struct session_image, first_ring) == IMAGE_PAGE, "one page until there");
_Static_assert(offsetof(struct session_image, heads) / IMAGE_PAGE ==
                   (offsetof(struct session_image, tallies) - 1) / IMAGE_PAGE,
               "heads are all on one page: image_folded()");
_Static_assert(sizeof(struct session_image) <= 96 * 1024, "leaves room in the 100 KB");
_Static_assert(sizeof(struct session_image) <= 64 * IMAGE_PAGE, "a bit a page: header.pages");

/* What is allocated when the session opens. */
#define PAGES_FIRST 2

static inline struct accumulator *accumulator_at(struct session_image *image, uint16_t unit)
{
    return &image->pool[unit - 1].accumulator;
}

/* A ring of the image, which may be const; what comes of it is not to be written to, then. */
static inline struct record *ring_at(const struct session_image *image, uint32_t ring)
{
    const struct record *at = ring == 0 ? image->first_ring : image->other_rings[ring - 1];
    return (struct record *)at;
}

static inline const char *entry_id(const struct session_image *image, const struct entry *entry)
{
    return (const char *)image + entry->id_at;
}

static inline const char *entry_name(const struct session_image *image, const struct entry *entry)
{
    return entry_id(image, entry) + entry->name_at;
}

static inline const char *entry_unit(const struct session_image *image, const struct entry *entry)
{
    return entry_id(image, entry) + entry->unit_at;
}

/* Whether anything may have been folded. Until then the page of the heads may be a hole. */
static inline bool image_folded(const struct session_image *image)
{
    return (__atomic_load_n(&image->header.pages, __ATOMIC_ACQUIRE) &
            UINT64_C(1) << offsetof(struct session_image, heads) / IMAGE_PAGE) != 0;
}

/* The newest accumulator of a ring and metric; 0: none. */
static inline uint16_t head_of(const struct session_image *image, size_t ring, size_t metric)
{
    return image_folded(image) ? image->heads[ring][metric] : 0;
}

#endif
