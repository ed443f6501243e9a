/* CRC-32C (Castagnoli, RFC 3720), the checksum of frames and cards. */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues `crc` (0 to begin) over `size` bytes. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t size);

#endif
