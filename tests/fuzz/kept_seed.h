/* What a sound program writes, for the fuzz targets of kept data to begin with. */
#ifndef FUZZ_KEPT_SEED_H
#define FUZZ_KEPT_SEED_H

#include "base/strbuf.h"

void seed_batch_frame(struct strbuf *out);
void seed_image_frame(struct strbuf *out);
void seed_inbox(struct strbuf *out);
void seed_session_file(struct strbuf *out);
void seed_losses(struct strbuf *out);
void seed_card(struct strbuf *out);
void seed_samples(struct strbuf *out);
void seed_buckets(struct strbuf *out);
void seed_tare_yml(struct strbuf *out);

#endif
