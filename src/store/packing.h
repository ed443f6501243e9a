/* Samples and buckets as bytes. A sample is the zigzag varint of the difference of its time's
 * difference to the one before (in microseconds where all times are whole ones, else in
 * nanoseconds) and its value: a varint of a whole number of millionths relative to the one before
 * where every value is one. Other values are the eight bytes of the double with the trailing zero
 * bytes cut or, where that is shorter, follow behind the times as distances from the smallest
 * double, each in as many bits as the largest needs. Pure; decoding checks every bound. */
#ifndef STORE_PACKING_H
#define STORE_PACKING_H

#include "base/error.h"
#include "base/strbuf.h"
#include "model/batch.h"

/* Appends the packed samples. buf->failed tells of missing memory. */
void packing_samples_encode(struct strbuf *buf, const struct sample *samples, size_t count);

/* Appends what `bytes` holds to an array grown by array_add(). TARE_E_CORRUPT. */
enum tare_status packing_samples_decode(const void *bytes, size_t size, size_t count,
                                        struct batch_part *part, struct tare_error *error);

void packing_buckets_encode(struct strbuf *buf, const struct histogram_bucket *buckets,
                            size_t count);

/* Merges what `bytes` holds into the part's buckets, which stay ascending. TARE_E_CORRUPT. */
enum tare_status packing_buckets_decode(const void *bytes, size_t size, struct batch_part *part,
                                        struct tare_error *error);

#endif
