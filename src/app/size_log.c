#include "app/size_log.h"

#include "base/clock.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTING "sizes" /* lines "2026-01-31 12345", oldest first */

static size_t entries_parse(const char *text, struct size_entry *entries)
{
    size_t count = 0;
    while (text != NULL && *text != '\0' && count < SIZE_LOG_DAYS) {
        char day[16];
        long long bytes;
        struct size_entry entry;
        if (*text != '\n' && sscanf(text, "%10s %lld", day, &bytes) == 2 &&
            clock_parse(day, &entry.day_ns)) {
            entry.bytes = bytes;
            entries[count++] = entry;
        }
        text = strchr(text, '\n');
        text = text != NULL ? text + 1 : NULL;
    }
    return count;
}

enum tare_status size_log_read(struct store *store, struct size_entry *entries, size_t *count,
                               struct tare_error *error)
{
    char *text = NULL;
    enum tare_status status = store_setting_get(store, SETTING, &text, error);
    if (status == TARE_OK)
        *count = entries_parse(text, entries);
    free(text);
    return status;
}

static void entries_put(struct store *store, const struct size_entry *entries, size_t count)
{
    struct strbuf text;
    strbuf_init(&text);
    for (size_t i = 0; i < count; i++) {
        char day[CLOCK_TEXT_SIZE];
        clock_format(entries[i].day_ns, day);
        strbuf_add_format(&text, "%.10s %lld\n", day, (long long)entries[i].bytes);
    }
    if (!text.failed && store_begin(store, NULL) == TARE_OK) {
        if (store_setting_put(store, SETTING, text.text, NULL) != TARE_OK ||
            store_commit(store, NULL) != TARE_OK)
            store_rollback(store);
    }
    strbuf_release(&text);
}

void size_log_note(struct store *store, int64_t now_ns)
{
    struct size_entry entries[SIZE_LOG_DAYS + 1];
    struct store_info info;
    size_t count = 0;
    int64_t day_ns = rollup_day(now_ns);
    if (size_log_read(store, entries, &count, NULL) != TARE_OK)
        return;
    bool noted = count > 0 && entries[count - 1].day_ns >= day_ns;
    if (noted || store_info_get(store, &info, NULL) != TARE_OK)
        return;
    entries[count++] = (struct size_entry){day_ns, info.size_bytes};
    size_t first = count > SIZE_LOG_DAYS ? count - SIZE_LOG_DAYS : 0;
    entries_put(store, entries + first, count - first);
}
