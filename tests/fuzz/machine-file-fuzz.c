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

static guint count(const MachineChoices *choices, const char *path)
{
    guint found = 0;
    for (guint i = 0; i < choices->opencore.config->len; i++)
        found += strcmp(((MachineSetting *)g_ptr_array_index(choices->opencore.config, i))->path,
                        path) == 0;
    return found;
}

/* A line that is set is there once, and gone when it is removed; the rest is as before. */
static void edit(const char *text, const MachineChoices *choices)
{
    static const char PATH[] = "A.\"b=c\"";
    g_autofree char *set = machine_file_set(text, "config", PATH, "7");
    g_autofree char *again = machine_file_set(set, "config", PATH, "7");
    g_autofree char *removed = machine_file_remove(set, "config", PATH, "7");
    g_autoptr(MachineChoices) with =
        machine_choices_parse(set, strlen(set), "set", catalog(), NULL);
    g_autoptr(MachineChoices) without =
        machine_choices_parse(removed, strlen(removed), "removed", catalog(), NULL);

    g_assert_cmpstr(set, ==, again);
    g_assert_true(with != NULL && without != NULL);
    g_assert_cmpuint(count(with, PATH), ==, 1);
    g_assert_cmpuint(count(without, PATH), ==, 0);
    g_assert_cmpuint(with->opencore.config->len, ==,
                     choices->opencore.config->len + 1 - count(choices, PATH));
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
    g_autofree char *ended = g_strndup(text, size);
    if (size < 60000) /* more than 64 KiB is no machine file */
        edit(ended, choices);
    return 0;
}
