#include "base/crc32.h"

#include <string.h>

/* Bitwise with a nibble table: sixteen words instead of a kilobyte in somebody else's program. */
static const uint32_t nibble_table[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

#if defined(__x86_64__) && defined(__GLIBC__)
#define HAVE_INSTRUCTION 1
#include <sys/platform/x86.h>

/* The processor's own instruction is fifty times as fast. */
__attribute__((target("sse4.2"))) static uint32_t
crc32c_instruction(uint32_t crc, const unsigned char *at, size_t size)
{
    uint64_t wide = ~crc, word;
    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    crc = (uint32_t)wide;
    for (; size > 0; at++, size--)
        crc = __builtin_ia32_crc32qi(crc, *at);
    return ~crc;
}
#endif

uint32_t crc32c(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
#if defined(HAVE_INSTRUCTION)
    /* glibc knows already; asking the processor costs a virtual machine microseconds */
    if (CPU_FEATURE_ACTIVE(SSE4_2))
        return crc32c_instruction(crc, at, size);
#endif
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc = nibble_table[(crc ^ at[i]) & 15] ^ (crc >> 4);
        crc = nibble_table[(crc ^ (at[i] >> 4)) & 15] ^ (crc >> 4);
    }
    return ~crc;
}
