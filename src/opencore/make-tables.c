/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/table.h"
#include "catalog/cells.h"
#include "opencore/darwin.h"
#include "opencore/make-parts.h"

#include <string.h>

static const char *const SETTING_COLUMNS[] = {"path", "value", "first",  "last",
                                              "when", "why",   "source", NULL};
enum { SET_PATH, SET_VALUE, SET_FIRST, SET_LAST, SET_WHEN, SET_WHY, SET_SOURCE };

static const char *const ARGUMENT_COLUMNS[] = {"argument", "first",  "last", "when",
                                               "why",      "source", NULL};
enum { ARG_ARGUMENT, ARG_FIRST, ARG_LAST, ARG_WHEN, ARG_WHY, ARG_SOURCE };

static const char *const PATCH_COLUMNS[] = {"comment", "identifier",   "base",   "find",  "mask",
                                            "replace", "replace_mask", "count",  "first", "last",
                                            "when",    "why",          "source", NULL};
enum {
    PATCH_COMMENT,
    PATCH_IDENTIFIER,
    PATCH_BASE,
    PATCH_FIND,
    PATCH_MASK,
    PATCH_REPLACE,
    PATCH_REPLACE_MASK,
    PATCH_COUNT,
    PATCH_FIRST,
    PATCH_LAST,
    PATCH_WHEN,
    PATCH_WHY,
    PATCH_SOURCE,
};

/* Whether the row, whose bounds begin at column FIRST, is for this machine. */
static bool applies(const Maker *maker, const Row *row, guint first, bool *ret_applies,
                    GError **error)
{
    const char *from = table_cell(row->table, row->row, first);
    const char *to = table_cell(row->table, row->row, first + 1);
    g_auto(GStrv) when = NULL;
    g_autoptr(GError) cause = NULL;

    if ((*from != '\0' && darwin_parse(from) < 0) || (*to != '\0' && darwin_parse(to) < 0))
        return row_fail(row, error, "'first' or 'last' is no version of the kernel.");
    if (!row_words(row, first + 2, &when, error))
        return false;
    if (!traits_check(when, &cause))
        return row_fail(row, error, "%s", cause->message);
    *ret_applies = kernel_range_has(maker->input->machine->release, from, to) &&
                   traits_hold(maker->traits, when);
    return true;
}

bool make_settings(Maker *maker, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-settings.table", SETTING_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, SETTING_COLUMNS};
        g_autoptr(GError) cause = NULL;
        const char *why, *source;
        bool now;
        if (!row_text(&row, SET_WHY, &why, error) || !row_text(&row, SET_SOURCE, &source, error) ||
            !applies(maker, &row, SET_FIRST, &now, error))
            return false;
        if (now && !maker_set(maker, table_cell(table, i, SET_PATH),
                              table_cell(table, i, SET_VALUE), why, source, &cause))
            return row_fail(&row, error, "%s", cause->message);
    }
    return table != NULL;
}

/* The boot arguments, with the reason and the source of each. */
typedef struct {
    GString *arguments, *why, *source;
} BootArgs;

static void add_argument(const BootArgs *args, const char *argument, const char *why,
                         const char *source)
{
    g_string_append_printf(args->arguments, "%s%s", args->arguments->len > 0 ? " " : "", argument);
    g_string_append_printf(args->why, "%s%s: %s", args->why->len > 0 ? " " : "", argument, why);
    g_string_append_printf(args->source, "%s%s: %s", args->source->len > 0 ? "; " : "", argument,
                           source);
}

static bool add_table(Maker *maker, const BootArgs *args, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-boot-args.table", ARGUMENT_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, ARGUMENT_COLUMNS};
        const char *argument, *why, *source;
        bool now;
        if (!row_text(&row, ARG_ARGUMENT, &argument, error) ||
            !row_text(&row, ARG_WHY, &why, error) || !row_text(&row, ARG_SOURCE, &source, error) ||
            !applies(maker, &row, ARG_FIRST, &now, error))
            return false;
        if (now)
            add_argument(args, argument, why, source);
    }
    return table != NULL;
}

/* One number is for all controllers: that of the first. */
static void add_layout(const Maker *maker, const BootArgs *args)
{
    const GPtrArray *devices = maker->input->machine->devices;
    for (guint i = 0; i < devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(devices, i);
        if (device->layout <= 0)
            continue;
        g_autofree char *argument = g_strdup_printf("alcid=%d", device->layout);
        add_argument(args, argument,
                     "AppleALC's layout of the board's sound, as in DeviceProperties, for a path "
                     "of the device that macOS reads in another way.",
                     "acidanthera/AppleALC wiki, Installation and usage");
        return;
    }
}

bool make_boot_args(Maker *maker, GError **error)
{
    g_autoptr(GString) arguments = g_string_new(NULL);
    g_autoptr(GString) why = g_string_new(NULL);
    g_autoptr(GString) source = g_string_new(NULL);
    const BootArgs args = {arguments, why, source};

    if (!add_table(maker, &args, error))
        return false;
    add_layout(maker, &args);
    return maker_set(maker, "NVRAM.Add." APPLE_BOOT ".boot-args", arguments->str, why->str,
                     source->str, error) &&
           maker_set(maker, "NVRAM.Delete." APPLE_BOOT, "[\"boot-args\"]",
                     "What stands here counts, not what an earlier start has stored.",
                     "OpenCorePkg Docs/Sample.plist", error);
}

static bool put_data(PlistValue *entry, const char *key, const Row *row, guint column,
                     GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    gsize length = strlen(text);
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    if (length % 2 != 0 || strspn(text, "0123456789abcdef") != length)
        return row_fail(row, error, "'%s' is no list of bytes.", row->columns[column]);
    for (gsize i = 0; i < length; i += 2) {
        guint8 byte =
            (guint8)(g_ascii_xdigit_value(text[i]) << 4 | g_ascii_xdigit_value(text[i + 1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    plist_put(entry, key, plist_new_data(bytes->data, bytes->len));
    return true;
}

static bool add_patch(Maker *maker, const Row *row, GError **error)
{
    static const struct {
        const char *key;
        guint column;
    } DATA[] = {{"Find", PATCH_FIND},
                {"Mask", PATCH_MASK},
                {"Replace", PATCH_REPLACE},
                {"ReplaceMask", PATCH_REPLACE_MASK}},
      TEXT[] = {{"Comment", PATCH_COMMENT},
                {"Identifier", PATCH_IDENTIFIER},
                {"Base", PATCH_BASE},
                {"MinKernel", PATCH_FIRST},
                {"MaxKernel", PATCH_LAST}};
    g_autoptr(PlistValue) entry = maker_new_entry(maker, "Kernel.Patch", error);
    int count;

    if (entry == NULL || !row_integer(row, PATCH_COUNT, 0, 1000, &count, error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(DATA); i++)
        if (!put_data(entry, DATA[i].key, row, DATA[i].column, error))
            return false;
    for (guint i = 0; i < G_N_ELEMENTS(TEXT); i++)
        plist_put(entry, TEXT[i].key,
                  plist_new_string(table_cell(row->table, row->row, TEXT[i].column)));
    plist_put(entry, "Arch", plist_new_string("x86_64"));
    plist_put(entry, "Count", plist_new_integer(count));
    plist_put(entry, "Enabled", plist_new_boolean(true));
    return maker_put(maker, "Kernel.Patch[+]", g_steal_pointer(&entry),
                     table_cell(row->table, row->row, PATCH_WHY),
                     table_cell(row->table, row->row, PATCH_SOURCE), error);
}

bool make_patches(Maker *maker, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-patches.table", PATCH_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, PATCH_COLUMNS};
        bool now;
        if (!applies(maker, &row, PATCH_FIRST, &now, error) ||
            (now && !add_patch(maker, &row, error)))
            return false;
    }
    return table != NULL;
}
