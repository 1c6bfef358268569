/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

const char *const RESET_COLUMNS[] = {"vendor", "device", "linux", "source", NULL};

enum {
    VENDOR,
    DEVICE,
    LINUX_RELEASE,
    SOURCE,
};

void catalog_reset_free(KnownReset *reset)
{
    if (reset == NULL)
        return;
    g_free(reset->source);
    g_free(reset);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KnownReset, catalog_reset_free)

/* "5.8" */
static bool read_linux(KnownReset *reset, const Row *row, GError **error)
{
    const char *text = table_cell(row->table, row->row, LINUX_RELEASE);
    g_auto(GStrv) numbers = g_strsplit(text, ".", -1);
    guint64 major, minor;

    if (g_strv_length(numbers) != 2 ||
        !g_ascii_string_to_unsigned(numbers[0], 10, 1, 99, &major, NULL) ||
        !g_ascii_string_to_unsigned(numbers[1], 10, 0, 99, &minor, NULL))
        return row_fail(row, error, "'linux' says '%s', which is no release of Linux.", text);
    reset->linux_major = (int)major;
    reset->linux_minor = (int)minor;
    return true;
}

bool catalog_read_resets(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, RESET_COLUMNS};
        g_autoptr(KnownReset) reset = g_new0(KnownReset, 1);
        const char *source;

        if (!row_pci_id(&row, VENDOR, &reset->vendor, error) ||
            !row_pci_id(&row, DEVICE, &reset->device, error) || !read_linux(reset, &row, error) ||
            !row_text(&row, SOURCE, &source, error))
            return false;
        reset->source = g_strdup(source);
        if (known_reset(catalog, reset->vendor, reset->device) != NULL)
            return row_fail(&row, error, "function %04x:%04x is there twice.", (guint)reset->vendor,
                            (guint)reset->device);
        g_ptr_array_add(catalog->resets, g_steal_pointer(&reset));
    }
    return true;
}

const KnownReset *known_reset(const Catalog *catalog, int vendor, int device)
{
    for (guint i = 0; i < catalog->resets->len; i++) {
        const KnownReset *reset = g_ptr_array_index(catalog->resets, i);
        if (reset->vendor == vendor && reset->device == device)
            return reset;
    }
    return NULL;
}
