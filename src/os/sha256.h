/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * SHA-256 of what may be large, by OpenSSL, which uses the processor's instructions for it: five
 * times as fast as GChecksum.
 */
typedef struct OsSha256 OsSha256;
OsSha256 *os_sha256_new(void);
void os_sha256_add(OsSha256 *sum, const void *bytes, gsize length);

/* Forgets what was added. */
void os_sha256_reset(OsSha256 *sum);

/* In lower-case hexadecimal digits; SUM owns it. Nothing can be added after this. */
const char *os_sha256_text(OsSha256 *sum);

void os_sha256_free(OsSha256 *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsSha256, os_sha256_free)
