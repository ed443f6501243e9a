#include "record/recorder.h"

#include "model/unit.h"

#include <math.h>
#include <string.h>

static enum tare_status refuse(struct recorder *recorder)
{
    count_up(&recorder->image->header.refused);
    return TARE_E_USAGE;
}

static void handle_remember(tare_metric *metric, enum entry_kind kind, uint64_t epoch, int entry)
{
    uint64_t *place = kind == KIND_TICKS ? &metric->span_ : &metric->value_;
    double factor = 1;
    if (metric->unit != NULL)
        unit_base(metric->unit, &factor);
    __atomic_store(&metric->factor_, &factor, __ATOMIC_RELAXED);
    __atomic_store_n(place, place_of(epoch, (uint32_t)entry), __ATOMIC_RELEASE);
}

/* Into base units: by the unit that the metric came with, else the one it was declared in. */
static double value_convert(const struct entry *entry, const tare_metric *metric, double value)
{
    double factor = entry->factor;
    if (metric->unit != NULL)
        unit_base(metric->unit, &factor);
    return value * factor;
}

/* Samples that found the registry full are all values: times in ms. */
static uint64_t other_value(struct recorder *recorder, const struct observation *seen)
{
    double value = seen->value;
    if (seen->kind == KIND_TICKS) {
        struct anchor now;
        anchor_take(recorder->handle.clock_, &now);
        value = (double)seen->ticks *
                anchor_rate(recorder->handle.clock_, &recorder->image->header.card.opened, &now);
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

enum tare_status recorder_observe(struct recorder *recorder, const struct observation *seen)
{
    uint64_t epoch = recorder_session(recorder);
    if (epoch == 0)
        return TARE_E_FULL;
    struct session_image *image = recorder->image;
    if (seen->metric == NULL || (seen->kind == KIND_VALUE && !isfinite(seen->value)))
        return refuse(recorder);
    int entry = registry_find(image, &recorder->index, seen->metric, seen->kind, seen->declared);
    if (entry < 0)
        return refuse(recorder);
    if (registry_warming(&recorder->index, entry)) {
        count_up(&image->header.warmup);
        return TARE_OK;
    }
    uint64_t bits = seen->ticks;
    if (entry == REGISTRY_OTHER) {
        count_up(&image->header.other);
        bits = other_value(recorder, seen);
    } else if (seen->kind == KIND_VALUE) {
        double value = value_convert(&image->registry[entry], seen->metric, seen->value);
        if (!isfinite(value))
            return refuse(recorder);
        memcpy(&bits, &value, sizeof bits);
    }
    if (seen->declared && entry != REGISTRY_OTHER)
        handle_remember(seen->metric, seen->kind, epoch, entry);
    return recorder_put(recorder, epoch, entry, bits, seen->end, seen->flags);
}
