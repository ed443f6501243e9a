/* What must be true of whatever a parser made of any bytes. */
#ifndef FUZZ_EXPECT_H
#define FUZZ_EXPECT_H

#include "base/error.h"
#include "model/batch.h"

#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition)                                                                         \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);               \
            abort();                                                                              \
        }                                                                                         \
    } while (0)

/* A refusal that is told in a sentence, and is no failure of the machine. */
void expect_refusal(enum tare_status status, const struct tare_error *error);

/* A part of a batch that adds up. */
void expect_part(const struct batch_part *part);

#endif
