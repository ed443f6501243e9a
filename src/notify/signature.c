#include "notify/signature.h"

#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

void signature_make(const char *key, size_t key_size, int64_t time_s, const char *body,
                    size_t body_size, char text[SIGNATURE_TEXT_SIZE])
{
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char time[32];
    int time_size = snprintf(time, sizeof time, "%lld.", (long long)time_s);
    hmac_sha256_set_key(&hmac, key_size, (const uint8_t *)key);
    hmac_sha256_update(&hmac, (size_t)time_size, (const uint8_t *)time);
    hmac_sha256_update(&hmac, body_size, (const uint8_t *)body);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    explicit_bzero(&hmac, sizeof hmac);
    memcpy(text, "v1=", 4);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 3 + 2 * i, 3, "%02x", digest[i]);
}
