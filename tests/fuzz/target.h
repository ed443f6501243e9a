/* A fuzz target: one parser held to what must be true of any bytes. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Aborts when the importer `format` makes of these bytes what no importer may make. */
void target_import(const char *format, const char *name, const uint8_t *bytes, size_t size);

/* The same of "auto" with whatever name. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
