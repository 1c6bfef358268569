/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/sha256.h"

/* The examples of FIPS 180-2, appendix B. */
static void known_texts_have_known_digests(void)
{
    g_autoptr(OsSha256) sum = os_sha256_new();
    os_sha256_add(sum, "a", 1);
    os_sha256_add(sum, "bc", 2);
    g_assert_cmpstr(os_sha256_text(sum), ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_assert_cmpstr(os_sha256_text(sum), ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    os_sha256_reset(sum);
    g_assert_cmpstr(os_sha256_text(sum), ==,
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    os_sha256_reset(sum);
    g_autofree char *many = g_strnfill(1000000, 'a');
    os_sha256_add(sum, many, 1000000);
    g_assert_cmpstr(os_sha256_text(sum), ==,
                    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/os/sha256", known_texts_have_known_digests);
    return g_test_run();
}
