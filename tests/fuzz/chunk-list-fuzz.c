/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "store/recovery.h"

#include <string.h>

/* What is taken for a chunk list has room for its chunks and its signature, and is none any more
 * when its last byte is missing or one is there too many. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_signed;
    /* a copy with nothing after it, so that reading past the end shows */
    g_autofree guint8 *list = g_memdup2(data, size);
    guint64 total = recovery_list_total(list, size, &is_signed);

    if (total == 0)
        return 0;
    gsize entries = size - 36 - (is_signed ? 256 : 32);
    g_assert_cmpuint(entries, <, size);
    g_assert_cmpuint(entries % 36, ==, 0);
    g_assert_cmpuint(total, <=, entries / 36 * (guint64)G_MAXUINT32);
    g_assert_cmpuint(recovery_list_total(list, size - 1, &is_signed), ==, 0);
    g_autofree guint8 *longer = g_malloc0(size + 1);
    memcpy(longer, list, size);
    g_assert_cmpuint(recovery_list_total(longer, size + 1, &is_signed), ==, 0);
    return 0;
}
