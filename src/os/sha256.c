/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>

enum { DIGEST_BYTES = 32 };

struct OsSha256 {
    EVP_MD_CTX *context;
    char text[2 * DIGEST_BYTES + 1]; /* "" until it is asked for */
};

/* These fail without memory alone, as everything else does. */
static void must(int result)
{
    if (result != 1)
        g_error("OpenSSL has no SHA-256");
}

OsSha256 *os_sha256_new(void)
{
    OsSha256 *sum = g_new0(OsSha256, 1);
    sum->context = EVP_MD_CTX_new();
    must(sum->context != NULL);
    os_sha256_reset(sum);
    return sum;
}

void os_sha256_add(OsSha256 *sum, const void *bytes, gsize length)
{
    must(EVP_DigestUpdate(sum->context, bytes, length));
}

void os_sha256_reset(OsSha256 *sum)
{
    must(EVP_DigestInit_ex(sum->context, EVP_sha256(), NULL));
    sum->text[0] = '\0';
}

const char *os_sha256_text(OsSha256 *sum)
{
    guint8 bytes[DIGEST_BYTES];
    if (sum->text[0] != '\0')
        return sum->text;
    must(EVP_DigestFinal_ex(sum->context, bytes, NULL));
    for (guint i = 0; i < DIGEST_BYTES; i++)
        snprintf(sum->text + (gsize)2 * i, 3, "%02x", bytes[i]);
    return sum->text;
}

void os_sha256_free(OsSha256 *sum)
{
    EVP_MD_CTX_free(sum->context);
    g_free(sum);
}
