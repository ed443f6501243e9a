#include "base/crc32.h"
#include "suite.h"

/* Check values of RFC 3720, appendix B.4, and the catalogue's "123456789". */
TEST(crc32__matches_published_values)
{
    unsigned char zeros[32] = {0}, ones[32];
    memset(ones, 0xff, sizeof ones);
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283u);
    assert_int_equal(crc32c(0, zeros, 32), 0x8a9136aau);
    assert_int_equal(crc32c(0, ones, 32), 0x62a8ab43u);
}

TEST(crc32__continues_over_pieces)
{
    uint32_t crc = crc32c(0, "1234", 4);
    assert_int_equal(crc32c(crc, "56789", 5), 0xe3069283u);
}
