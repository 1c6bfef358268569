/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/private.h"

#include "base/error.h"
#include "image/image.h"
#include "os/replace.h"

#include <string.h>

/* The text of FROM's machine file without what tells one Mac from another. */
static char *read_choices(const Store *store, const char *from, bool *ret_numbers, GError **error)
{
    static const char *const NUMBERS[] = {"serial", "board-serial", "rom"};
    gsize length;
    g_autofree char *path = store_machine_file(store, from, STORE_MACHINE_FILE);
    char *text = os_read_file(path, STORE_TEXT_MAX, &length, error);

    *ret_numbers = false;
    for (guint i = 0; text != NULL && i < G_N_ELEMENTS(NUMBERS); i++) {
        char *without = machine_file_remove(text, "opencore", NUMBERS[i], NULL);
        *ret_numbers |= strcmp(without, text) != 0;
        g_free(text);
        text = without;
    }
    return text;
}

static bool write_text(const char *folder, void *data, GError **error)
{
    g_autofree char *path = g_build_filename(folder, STORE_MACHINE_FILE, NULL);
    return os_replace_bytes(path, data, strlen(data), STORE_FILE_MODE, error);
}

static bool copy_disk(Store *store, const char *from, const char *to, bool *ret_copied,
                      GError **error)
{
    g_autofree char *source = store_machine_file(store, from, "disk.qcow2");
    g_autofree char *target = store_machine_file(store, to, "disk.qcow2");
    g_autofree char *what = g_strdup_printf("The disk of machine '%s' was not copied", from);
    *ret_copied = g_file_test(source, G_FILE_TEST_EXISTS);
    return !*ret_copied || image_copy_disk(source, target, what, error);
}

bool store_clone(Store *store, const char *from, const char *to, bool disk, StoreClone *ret_clone,
                 GError **error)
{
    StoreClone clone = {0};
    if (!store_check_has(store, from, error))
        return false;
    g_autoptr(OsLock) lock = store_lock_machine(store, from, error);
    g_autofree char *text = lock != NULL ? read_choices(store, from, &clone.numbers, error) : NULL;
    if (text == NULL || !store_make(store, to, write_text, text, error))
        return false;
    if (disk && !copy_disk(store, from, to, &clone.disk, error)) {
        store_delete(store, to, NULL);
        return false;
    }
    *ret_clone = clone;
    return true;
}
