/* The signature of a webhook: HMAC-SHA256 (RFC 2104) over the time, a full stop and the body. */
#ifndef NOTIFY_SIGNATURE_H
#define NOTIFY_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_TEXT_SIZE 68 /* "v1=", 64 hexadecimal digits, NUL */

/* Signs "TIME.BODY", TIME being whole seconds since the epoch in decimal digits. */
void signature_make(const char *key, size_t key_size, int64_t time_s, const char *body,
                    size_t body_size, char text[SIGNATURE_TEXT_SIZE]);

#endif
