#include "notify/signature.h"

#include "suite.h"

/* python3 -c 'import hmac,hashlib;
 * print(hmac.new(b"sesame", b"1700000000." + b"{\"a\":1}\n", hashlib.sha256).hexdigest())' */
TEST(signature__is_the_hmac_of_time_full_stop_and_body)
{
    static const char body[] = "{\"a\":1}\n";
    char text[SIGNATURE_TEXT_SIZE];
    signature_make("sesame", 6, 1700000000, body, strlen(body), text);
    assert_string_equal(text,
                        "v1=1854cdf791ecc449e254714d1a55e17a1bed15b8672f3c8c70a1a6422e720bd5");
}

/* The same of b"k"*200 and b"0.": a key longer than the block, a body without a byte. */
TEST(signature__takes_keys_of_any_length)
{
    char key[200], text[SIGNATURE_TEXT_SIZE];
    memset(key, 'k', sizeof key);
    signature_make(key, sizeof key, 0, "", 0, text);
    assert_string_equal(text,
                        "v1=76a82ba859636cc3081c72aa270fd66ac81a202f8182404e7752795c6e7ba88f");
}
