/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste.h"
#include "facts/snapshot.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* Any bytes are either refused with an error, or facts that a snapshot can hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    char *written = NULL;
    /* a copy with no NUL after it, so that reading past the end shows */
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(Facts) facts = facts_from_text(text != NULL ? text : "", size, "input", &error);

    if (facts == NULL) {
        g_assert_nonnull(error);
        return 0;
    }
    g_assert_no_error(error);
    FILE *stream = open_memstream(&written, &length);
    JsonWrite *json = jw_new(stream);
    facts_write(facts, json, NULL);
    g_assert_true(jw_finish(json, NULL));
    fclose(stream);
    g_autoptr(Facts) again = facts_read(written, length, "written", &error);
    g_assert_no_error(error);
    free(written);
    return 0;
}
