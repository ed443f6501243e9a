#include "base/digest.h"

#include <stdio.h>
#include <string.h>

/* The FNV prime for 128 bits is 2^88 + 0x13b. */
#define PRIME_LOW   0x13bu
#define PRIME_SHIFT 24 /* 2^88 moves the low word into the high one by 88 − 64 */

struct digest digest_begin(void)
{
    return (struct digest){0x6c62272e07bb0142u, 0x62b821756295c58du};
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t high = digest->high, low = digest->low;
    for (size_t i = 0; i < size; i++) {
        low ^= at[i];
        uint64_t bottom = (low & 0xffffffffu) * PRIME_LOW;
        uint64_t top = (low >> 32) * PRIME_LOW + (bottom >> 32);
        high = high * PRIME_LOW + (low << PRIME_SHIFT) + (top >> 32);
        low = (top << 32) | (bottom & 0xffffffffu);
    }
    digest->high = high;
    digest->low = low;
}

void digest_add_text(struct digest *digest, const char *text)
{
    static const unsigned char absent = 1;
    if (text == NULL)
        digest_add(digest, &absent, 1);
    else
        digest_add(digest, text, strlen(text) + 1);
}

void digest_text(const struct digest *digest, char text[DIGEST_TEXT_SIZE])
{
    snprintf(text, DIGEST_TEXT_SIZE, "%016llx%016llx", (unsigned long long)digest->high,
             (unsigned long long)digest->low);
}

void digest_uuid(const struct digest *digest, char text[UUID_TEXT_SIZE])
{
    uint64_t high = (digest->high & ~UINT64_C(0xf000)) | 0x8000;
    uint64_t low = (digest->low & ~(UINT64_C(3) << 62)) | (UINT64_C(2) << 62);
    snprintf(text, UUID_TEXT_SIZE, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16) & 0xffff, (unsigned)high & 0xffff, (unsigned)(low >> 48),
             (unsigned long long)(low & 0xffffffffffffu));
}
