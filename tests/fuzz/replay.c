/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <glib.h>

/* Runs the target over every file of a folder: what was found once stays found. */

static void run_file(gconstpointer path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    LLVMFuzzerTestOneInput((const uint8_t *)text, length);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    const char *name;

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    g_autoptr(GDir) folder = g_dir_open(argv[1], 0, &error);
    g_assert_no_error(error);
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *test = g_strconcat("/corpus/", name, NULL);
        g_test_add_data_func_full(test, g_build_filename(argv[1], name, NULL), run_file, g_free);
    }
    return g_test_run();
}
