#include "model/catalogue.h"

#include <math.h>
#include <string.h>

#define CORE      CATEGORY_CORE
#define SECONDARY CATEGORY_SECONDARY
#define MEDIAN    AGGREGATE_MEDIAN
#define SUM       AGGREGATE_SUM
#define MAX       AGGREGATE_MAX
#define LAST      AGGREGATE_LAST

const struct catalogue_metric catalogue[CATALOGUE_COUNT] = {
    {"APP-001", "Start-up time", "startup_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 500, 5},
    {"SVC-001", "Container inits", "container_init_count", "count", TARE_EXACT, CORE, SUM, 1, 0},
    {"SVC-002", "Service init time", "service_init_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 200,
     0},
    {"VAL-001", "Validation time", "validation_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 1000, 0},
    {"VAL-002", "Rule loading time", "rule_loading_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 100,
     0},
    {"VAL-003", "Rule cache hit rate", "rule_cache_hit_rate", "%", TARE_HIGHER, CORE, LAST, 90, 0},
    {"GEN-001", "Generation time", "generation_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 5000, 0},
    {"API-001", "API call duration", "api_call_duration_ms", "ms", TARE_LOWER, CORE, MEDIAN, 3000,
     0},
    {"API-002", "Prompt tokens", "prompt_token_count", "tokens", TARE_LOWER, CORE, MEDIAN, 3000,
     0},
    {"API-003", "API cost per request", "api_cost_usd", "USD", TARE_LOWER, CORE, MEDIAN, 0.01, 0},
    {"EXP-001", "Export time", "export_time_ms", "ms", TARE_LOWER, CORE, MEDIAN, 2000, 0},
    {"MEM-001", "Peak memory", "peak_memory_mb", "MB", TARE_LOWER, CORE, MAX, 500, 1},
    {"MEM-002", "Memory growth", "memory_growth_mb_per_hour", "MB/h", TARE_LOWER, CORE, LAST, 10,
     5},
    {"CPU-001", "CPU time of start-up", "startup_cpu_time_ms", "ms", TARE_LOWER, SECONDARY, MEDIAN,
     NAN, 10},
    {"FLT-001", "Major page faults", "major_page_faults", "count", TARE_LOWER, SECONDARY, MAX, NAN,
     100},
    {"CTX-001", "Involuntary switches", "involuntary_context_switches", "count", TARE_LOWER,
     SECONDARY, MAX, NAN, 500},
    {"FDS-001", "Open files, peak", "open_files_peak", "count", TARE_LOWER, SECONDARY, MAX, NAN,
     4},
    {"THR-001", "Threads, peak", "threads_peak", "count", TARE_LOWER, SECONDARY, MAX, NAN, 0},
    {"IOB-001", "Read and written", "io_mb", "MB", TARE_LOWER, SECONDARY, MAX, NAN, 1},
    {"DBQ-001", "Database query time", "database_query_time_ms", "ms", TARE_LOWER, SECONDARY,
     MEDIAN, 100, 0},
    {"ERR-001", "Failed operations", "failed_operations_percent", "%", TARE_LOWER, SECONDARY, LAST,
     1, 0.5},
};

const struct catalogue_metric *catalogue_find(const char *id)
{
    const size_t size = sizeof catalogue[0].id;
    if (strnlen(id, size) != size - 1)
        return NULL;
    for (size_t i = 0; i < CATALOGUE_COUNT; i++)
        if (memcmp(catalogue[i].id, id, size) == 0)
            return &catalogue[i];
    return NULL;
}

enum tare_status catalogue_metric_fill(const struct catalogue_metric *row, struct metric *metric,
                                       struct tare_error *error)
{
    enum tare_status status = metric_name(metric, row->id, row->name, row->unit, error);
    if (status != TARE_OK)
        return status;
    metric->better = row->better;
    metric->category = row->category;
    metric->aggregate = row->aggregate;
    metric->target = row->target;
    metric->min_change = row->min_change;
    return TARE_OK;
}
