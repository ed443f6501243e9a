#include "base/uuid.h"

#include "base/clock.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void fill_random(unsigned char bytes[16])
{
    if (getrandom(bytes, 16, GRND_NONBLOCK) == 16)
        return;
    static uint64_t counter;
    uint64_t mix[2] = {(uint64_t)clock_now_ns(), (uint64_t)clock_monotonic_ns()};
    mix[0] ^= (uint64_t)getpid() << 40;
    mix[1] ^= __atomic_add_fetch(&counter, 0x9e3779b97f4a7c15u, __ATOMIC_RELAXED);
    memcpy(bytes, mix, 16);
}

void uuid_generate_text(char text[UUID_TEXT_SIZE])
{
    unsigned char b[16];
    fill_random(b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    static const char digits[] = "0123456789abcdef";
    for (int i = 0, at = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = digits[b[i] >> 4];
        text[at++] = digits[b[i] & 15];
    }
    text[UUID_TEXT_SIZE - 1] = '\0';
}
