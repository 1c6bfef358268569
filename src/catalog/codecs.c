/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const CODEC_COLUMNS[] = {"vendor", "device",  "maker",  "name", "linux",
                                     "first",  "layouts", "source", NULL};

enum {
    VENDOR,
    DEVICE,
    MAKER,
    NAME,
    LINUX_NAME,
    FIRST,
    LAYOUTS,
    SOURCE,
};

/* A layout-id is 32 bits wide; those of AppleALC are small. */
enum { LAYOUT_MAX = 9999 };

void catalog_codec_free(KnownCodec *codec)
{
    if (codec == NULL)
        return;
    g_free(codec->maker);
    g_free(codec->name);
    g_free(codec->linux_name);
    g_free(codec->source);
    g_clear_pointer(&codec->layouts, g_array_unref);
    g_free(codec);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KnownCodec, catalog_codec_free)

static bool read_layouts(KnownCodec *codec, const Row *row, GError **error)
{
    g_auto(GStrv) words = NULL;
    int before = -1;

    codec->layouts = g_array_new(FALSE, FALSE, sizeof(int));
    if (!row_words(row, LAYOUTS, &words, error))
        return false;
    for (char **word = words; *word != NULL; word++) {
        gint64 layout;
        if (!g_ascii_string_to_signed(*word, 10, before + 1, LAYOUT_MAX, &layout, NULL))
            return row_fail(row, error, "'%s' is no layout-id that comes after %d.", *word, before);
        before = (int)layout;
        g_array_append_val(codec->layouts, before);
    }
    return codec->layouts->len > 0 || row_fail(row, error, "'layouts' is empty.");
}

static bool read_codec(const Catalog *catalog, KnownCodec *codec, const Row *row, GError **error)
{
    const char *maker, *name, *first, *source;

    if (!row_pci_id(row, VENDOR, &codec->vendor, error) ||
        !row_pci_id(row, DEVICE, &codec->device, error) || !row_text(row, MAKER, &maker, error) ||
        !row_text(row, NAME, &name, error) || !row_text(row, FIRST, &first, error) ||
        !row_text(row, SOURCE, &source, error))
        return false;
    codec->maker = g_strdup(maker);
    codec->name = g_strdup(name);
    codec->linux_name = g_strdup(table_cell(row->table, row->row, LINUX_NAME));
    codec->source = g_strdup(source);
    codec->first = catalog_release(catalog, first);
    if (codec->first == NULL || strcmp(codec->first->id, first) != 0)
        return row_fail(row, error, "'first' says '%s', which is no release's id.", first);
    return read_layouts(codec, row, error);
}

bool catalog_read_codecs(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, CODEC_COLUMNS};
        g_autoptr(KnownCodec) codec = g_new0(KnownCodec, 1);

        if (!read_codec(catalog, codec, &row, error))
            return false;
        if (known_codec(catalog, codec->vendor, codec->device) != NULL)
            return row_fail(&row, error, "codec %04x:%04x is there twice.", (guint)codec->vendor,
                            (guint)codec->device);
        g_ptr_array_add(catalog->codecs, g_steal_pointer(&codec));
    }
    return true;
}

const KnownCodec *known_codec(const Catalog *catalog, int vendor, int device)
{
    for (guint i = 0; i < catalog->codecs->len; i++) {
        const KnownCodec *codec = g_ptr_array_index(catalog->codecs, i);
        if (codec->vendor == vendor && codec->device == device)
            return codec;
    }
    return NULL;
}

/* With or without the maker before it. */
static bool is_called(const KnownCodec *codec, const char *name)
{
    const char *chip = codec->linux_name[0] != '\0' ? codec->linux_name : codec->name;
    gsize maker = strlen(codec->maker);

    if (strncmp(name, codec->maker, maker) == 0 && name[maker] == ' ')
        name += maker + 1;
    return strcmp(name, chip) == 0;
}

const KnownCodec *known_codec_named(const Catalog *catalog, const char *name)
{
    const KnownCodec *found = NULL;

    for (guint i = 0; i < catalog->codecs->len; i++) {
        const KnownCodec *codec = g_ptr_array_index(catalog->codecs, i);
        if (!is_called(codec, name))
            continue;
        if (found != NULL)
            return NULL;
        found = codec;
    }
    return found;
}
