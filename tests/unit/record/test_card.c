#include "model/card.h"

#include "base/crc32.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *card_text(void)
{
    struct card card;
    card_init(&card);
    card.written_ns = 1700000000000000000;
    card.baseline_minimum = 12;
    struct card_entry *entry = card_entry_add(&card);
    assert_int_equal(metric_name(&entry->metric, "m\t1", "a \\ name", "ms", NULL), TARE_OK);
    entry->app = strdup("shop");
    entry->environment = strdup("box");
    entry->labels = strdup("");
    entry->baseline.n = 7;
    entry->recent[0] = 1.0 / 3;
    entry->recent_count = 1;
    char *text = card_encode(&card);
    assert_non_null(text);
    card_release(&card);
    return text;
}

static void assert_card(const char *text, uint32_t minimum)
{
    struct card card;
    card_init(&card);
    assert_int_equal(card_decode(text, &card, NULL), TARE_OK);
    assert_true(card.written_ns == 1700000000000000000);
    assert_int_equal(card.baseline_minimum, minimum);
    assert_int_equal(card.entry_count, 1);
    const struct card_entry *entry = card_find(&card, "m\t1", "shop", "box", "", TEMPERATURE_WARM);
    assert_non_null(entry);
    assert_string_equal(entry->metric.name, "a \\ name");
    assert_int_equal(entry->baseline.n, 7);
    assert_true(entry->recent_count == 1 && entry->recent[0] == 1.0 / 3);
    card_release(&card);
}

TEST(card__what_was_written_is_read)
{
    char *text = card_text();
    assert_card(text, 12);
    free(text);
}

TEST(card__of_the_version_before_is_read_without_the_minimum)
{
    char *text = card_text(), *older = NULL;
    char *body = strchr(text, '\n'), *end = strstr(text, "\nend ");
    end[1] = '\0';
    assert_true(asprintf(&older, "tare-card 1 1700000000000000000%s", body) > 0);
    uint32_t crc = crc32c(0, older, strlen(older));
    free(text);
    assert_true(asprintf(&text, "%send %08x\n", older, crc) > 0);
    assert_card(text, BASELINE_MINIMUM);
    free(older);
    free(text);
}
