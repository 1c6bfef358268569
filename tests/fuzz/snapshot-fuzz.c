/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *write_facts(const Facts *facts, size_t *ret_length)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, ret_length);
    JsonWrite *json = jw_new(stream);
    facts_write(facts, json, NULL);
    g_assert_true(jw_finish(json, NULL));
    fclose(stream);
    return text;
}

/* Any bytes are either refused with an error, or facts that keep their text when they are written
 * and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    size_t length = 0, length_again = 0;
    /* a copy with no NUL after it, so that reading past the end shows */
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(Facts) facts = facts_read(text != NULL ? text : "", size, "input", &error);

    if (facts == NULL) {
        g_assert_nonnull(error);
        return 0;
    }
    g_assert_no_error(error);
    g_autofree char *written = write_facts(facts, &length);
    g_autoptr(Facts) again = facts_read(written, length, "written", &error);
    g_assert_no_error(error);
    g_autofree char *written_again = write_facts(again, &length_again);
    g_assert_cmpstr(written, ==, written_again);
    return 0;
}
