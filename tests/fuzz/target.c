#include "target.h"

#include "base/file.h"
#include "collect/importer.h"
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum tare_status batch_check(void *ctx, const struct batch *batch, struct tare_error *error)
{
    (void)ctx;
    (void)error;
    EXPECT(strlen(batch->session.id) == 36);
    EXPECT(strlen(batch->id) > 32 && strlen(batch->id) < sizeof batch->id - 1);
    EXPECT(batch->session.app != NULL && batch->session.environment.key != NULL);
    EXPECT(batch->session.started_ns != 0);
    for (size_t i = 0; i < batch->part_count; i++)
        expect_part(&batch->parts[i]);
    return TARE_OK;
}

/* A benchmark's folder of criterion in which one of the files is these bytes. */
static enum tare_status criterion_import(const uint8_t *bytes, size_t size,
                                         const struct import_options *options,
                                         struct import_result *result, struct tare_error *error)
{
    static const char benchmark[] = "{\"group_id\": \"g\", \"full_id\": \"g/f\"}";
    char folder[] = "/tmp/tare-fuzz-XXXXXX", path[64], sample[64];
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/benchmark.json", folder);
    snprintf(sample, sizeof sample, "%s/%s", folder,
             size % 2 == 0 ? "sample.json" : "estimates.json");
    EXPECT(file_write_atomic(path, benchmark, strlen(benchmark), 0600, false, NULL) == TARE_OK);
    EXPECT(file_write_atomic(sample, bytes, size, 0600, false, NULL) == TARE_OK);
    enum tare_status status = import_path("criterion", folder, options, batch_check, NULL, result,
                                          error);
    unlink(path);
    unlink(sample);
    rmdir(folder);
    return status;
}

void target_import(const char *format, const char *name, const uint8_t *bytes, size_t size)
{
    const struct import_options options = {.time_ns = 1, .has_better = size % 3 == 0};
    struct import_result result = {0};
    struct tare_error error = {0};
    enum tare_status status;
    if (strcmp(format, "criterion") == 0)
        status = criterion_import(bytes, size, &options, &result, &error);
    else
        status = import_bytes(format, name, bytes, size, &options, batch_check, NULL, &result,
                              &error);
    if (status == TARE_OK)
        return;
    expect_refusal(status, &error);
    for (const char *at = error.message; *at != '\0'; at++)
        EXPECT((unsigned char)*at >= 0x20 && *at != 0x7f);
}

#ifndef FUZZ_FORMAT
#define FUZZ_FORMAT "auto"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    target_import(FUZZ_FORMAT, "fuzz", bytes, size);
    return 0;
}
