/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

#include "base/error.h"
#include "fuzz.h"

#include <string.h>

static const Catalog *catalog(void)
{
    static Catalog *loaded;
    if (loaded == NULL)
        loaded = catalog_load(NULL);
    g_assert_nonnull(loaded);
    return loaded;
}

/* Any bytes are either refused as wrong input, or choices that keep their text when they are
 * written and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    /* a copy with no NUL after it, so that reading past the end shows */
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(MachineChoices) choices =
        machine_choices_parse(text != NULL ? text : "", size, "input", catalog(), &error);

    if (choices == NULL) {
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        return 0;
    }
    g_assert_no_error(error);
    g_autofree char *written = machine_choices_format(choices);
    g_autoptr(MachineChoices) again =
        machine_choices_parse(written, strlen(written), "written", catalog(), &error);
    g_assert_no_error(error);
    g_autofree char *written_again = machine_choices_format(again);
    g_assert_cmpstr(written, ==, written_again);
    return 0;
}
