/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "opencore/make-parts.h"

#include <string.h>

static void put_text(PlistValue *entry, const char *key, const char *text)
{
    plist_put(entry, key, plist_new_string(text));
}

/* Which array of config.plist lists files of a kind; NULL: none does. */
static const char *array_of(PartKind kind)
{
    switch (kind) {
    case FILE_ACPI:
        return "ACPI.Add";
    case FILE_DRIVER:
        return "UEFI.Drivers";
    case FILE_KEXT:
        return "Kernel.Add";
    case FILE_TOOL:
        return "Misc.Tools";
    case FILE_BOOTSTRAP:
    case FILE_LOADER:
    case FILE_RESOURCES:
    case FILE_PROGRAM:
    case FILE_KINDS:
        break;
    }
    return NULL;
}

static void fill_kext(PlistValue *entry, const PartFile *file)
{
    /* "Lilu.kext" has "Contents/MacOS/Lilu"; Rootstock's own kexts have no code. */
    g_autofree char *name = g_strndup(file->name, strlen(file->name) - strlen(".kext"));
    g_autofree char *executable =
        file->part != NULL ? g_strconcat("Contents/MacOS/", name, NULL) : g_strdup("");

    put_text(entry, "BundlePath", file->name);
    put_text(entry, "ExecutablePath", executable);
    put_text(entry, "PlistPath", "Contents/Info.plist");
    put_text(entry, "MinKernel", file->first);
    put_text(entry, "MaxKernel", file->last);
}

static void fill_tool(PlistValue *entry, const PartFile *file)
{
    g_autofree char *name = g_strndup(file->name, strlen(file->name) - strlen(".efi"));
    put_text(entry, "Path", file->name);
    put_text(entry, "Name", name);
    put_text(entry, "Flavour", "Auto");
    plist_put(entry, "Auxiliary", plist_new_boolean(true));
}

static bool add_file(Maker *maker, const PartChoice *choice, GError **error)
{
    const PartFile *file = choice->file;
    const char *array = array_of(file->kind);
    if (array == NULL)
        return true;
    PlistValue *entry = maker_new_entry(maker, array, error);
    if (entry == NULL)
        return false;
    plist_put(entry, "Enabled", plist_new_boolean(true));
    if (file->kind == FILE_KEXT)
        fill_kext(entry, file);
    else if (file->kind == FILE_TOOL)
        fill_tool(entry, file);
    else
        put_text(entry, "Path", file->name);
    g_autofree char *path = g_strconcat(array, "[+]", NULL);
    return maker_put(maker, path, entry, choice->why, file->source, error);
}

bool make_files(Maker *maker, GError **error)
{
    const GPtrArray *choices = maker->input->choices;
    for (guint i = 0; i < choices->len; i++)
        if (!add_file(maker, g_ptr_array_index(choices, i), error))
            return false;
    return true;
}
