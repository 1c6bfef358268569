/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/fat-folder.h"

#include "image/fat-name.h"

#include <string.h>

/* FAT specification, "FAT Directory Structure". */
#define ATTRIBUTE_LABEL 0x08
#define ATTRIBUTE_FOLDER 0x10
#define ATTRIBUTE_ARCHIVE 0x20

typedef struct {
    char *name;
    FatFolder *folder; /* NULL: it is a file */
    guint file;        /* number in the content */
    char short_name[FAT_SHORT_LENGTH];
} Entry;

struct FatFolder {
    FatFolder *above; /* NULL: the top */
    GPtrArray *entries;
    GHashTable *folders; /* name in upper case to FatFolder * */
    guint32 start;
};

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_free(entry->name);
    g_free(entry);
}

static void folder_free(gpointer data)
{
    FatFolder *folder = data;
    g_ptr_array_unref(folder->entries);
    g_hash_table_unref(folder->folders);
    g_free(folder);
}

static FatFolder *folder_new(FatTree *tree, FatFolder *above)
{
    FatFolder *folder = g_new0(FatFolder, 1);
    folder->above = above;
    folder->entries = g_ptr_array_new_with_free_func(entry_free);
    folder->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(tree->folders, folder);
    return folder;
}

static Entry *add_entry(FatFolder *folder, char *name)
{
    Entry *entry = g_new0(Entry, 1);
    entry->name = name;
    g_ptr_array_add(folder->entries, entry);
    return entry;
}

/* The folder NAME (which it takes) in ABOVE; it is spelled as it came first. */
static FatFolder *folder_in(FatTree *tree, FatFolder *above, char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    FatFolder *folder = g_hash_table_lookup(above->folders, upper);
    if (folder != NULL) {
        g_free(name);
        return folder;
    }
    folder = folder_new(tree, above);
    g_hash_table_insert(above->folders, g_steal_pointer(&upper), folder);
    add_entry(above, name)->folder = folder;
    return folder;
}

static void add_file(FatTree *tree, const char *target, guint number)
{
    FatFolder *folder = tree->top;
    const char *name = target;
    for (const char *slash; (slash = strchr(name, '/')) != NULL; name = slash + 1)
        folder = folder_in(tree, folder, g_strndup(name, (gsize)(slash - name)));
    add_entry(folder, g_strdup(name))->file = number;
}

static void give_short_names(FatFolder *folder)
{
    g_autoptr(FatNames) names = fat_names_new();
    g_autoptr(GPtrArray) left = g_ptr_array_new();
    for (guint i = 0; i < folder->entries->len; i++) {
        Entry *entry = g_ptr_array_index(folder->entries, i);
        if (!fat_names_take(names, entry->name, entry->short_name))
            g_ptr_array_add(left, entry);
    }
    for (guint i = 0; i < left->len; i++) {
        Entry *entry = g_ptr_array_index(left, i);
        fat_names_make(names, entry->name, entry->short_name);
    }
}

static guint64 folder_size(const FatFolder *folder)
{
    guint64 entries = folder->above == NULL ? 1 : 2; /* the label; `.` and `..` */
    for (guint i = 0; i < folder->entries->len; i++)
        entries += fat_name_entries(((const Entry *)g_ptr_array_index(folder->entries, i))->name);
    return entries * FAT_ENTRY_BYTES;
}

/* Takes the clusters for BYTES behind those that are taken; returns the first, 0 for no bytes. */
static guint32 take_clusters(FatTree *tree, guint64 bytes, guint cluster_size)
{
    const FatRun *last =
        tree->runs->len > 0 ? &g_array_index(tree->runs, FatRun, tree->runs->len - 1) : NULL;
    FatRun run = {.first = last != NULL ? last->first + last->count : FAT_FIRST_CLUSTER,
                  .count = (guint32)((bytes + cluster_size - 1) / cluster_size)};
    if (run.count == 0)
        return 0;
    g_array_append_val(tree->runs, run);
    return run.first;
}

FatTree *fat_tree_new(const Content *content, guint cluster_size)
{
    FatTree *tree = g_new0(FatTree, 1);
    tree->folders = g_ptr_array_new_with_free_func(folder_free);
    tree->runs = g_array_new(FALSE, FALSE, sizeof(FatRun));
    tree->starts = g_new0(guint32, content->files->len);
    tree->top = folder_new(tree, NULL);
    for (guint i = 0; i < content->files->len; i++)
        add_file(tree, g_array_index(content->files, ContentFile, i).target, i);
    for (guint i = 0; i < tree->folders->len; i++) {
        FatFolder *folder = g_ptr_array_index(tree->folders, i);
        give_short_names(folder);
        folder->start = take_clusters(tree, folder_size(folder), cluster_size);
    }
    for (guint i = 0; i < content->files->len; i++)
        tree->starts[i] =
            take_clusters(tree, g_array_index(content->files, ContentFile, i).length, cluster_size);
    return tree;
}

void fat_tree_free(FatTree *tree)
{
    if (tree == NULL)
        return;
    g_ptr_array_unref(tree->folders);
    g_array_unref(tree->runs);
    g_free(tree->starts);
    g_free(tree);
}

guint32 fat_folder_start(const FatFolder *folder)
{
    return folder->start;
}

/* --- bytes */

typedef struct {
    guint16 date;
    guint16 time;
    guint8 hundredths; /* beyond TIME, which counts in steps of two seconds */
} Stamp;

static Stamp stamp_of(guint64 epoch)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc((gint64)epoch);
    int second = g_date_time_get_second(when);
    return (Stamp){(guint16)((g_date_time_get_year(when) - 1980) << 9 |
                             g_date_time_get_month(when) << 5 | g_date_time_get_day_of_month(when)),
                   (guint16)(g_date_time_get_hour(when) << 11 | g_date_time_get_minute(when) << 5 |
                             second / 2),
                   (guint8)(second % 2 * 100)};
}

static void put16(guint8 *at, guint value)
{
    at[0] = (guint8)value;
    at[1] = (guint8)(value >> 8);
}

static void add_bytes(GByteArray *bytes, const char short_name[FAT_SHORT_LENGTH], guint attribute,
                      const Stamp *stamp, guint32 start, guint64 length)
{
    guint8 entry[FAT_ENTRY_BYTES] = {[11] = (guint8)attribute, [13] = stamp->hundredths};
    memcpy(entry, short_name, FAT_SHORT_LENGTH);
    put16(entry + 14, stamp->time); /* when it was made */
    put16(entry + 16, stamp->date);
    put16(entry + 18, stamp->date); /* read */
    put16(entry + 20, start >> 16);
    put16(entry + 22, stamp->time); /* written */
    put16(entry + 24, stamp->date);
    put16(entry + 26, start & 0xffff);
    put16(entry + 28, length & 0xffff);
    put16(entry + 30, (guint)(length >> 16));
    g_byte_array_append(bytes, entry, sizeof entry);
}

/* `.` and `..`, or at the top the label. The top is called cluster 0 by what is below it. */
static void add_first(GByteArray *bytes, const FatFolder *folder, const char *label,
                      const Stamp *stamp)
{
    const FatFolder *above = folder->above;
    if (above == NULL) {
        char padded[FAT_SHORT_LENGTH];
        memset(padded, ' ', sizeof padded);
        memcpy(padded, label, MIN(strlen(label), sizeof padded));
        add_bytes(bytes, padded, ATTRIBUTE_LABEL, stamp, 0, 0);
        return;
    }
    add_bytes(bytes, ".          ", ATTRIBUTE_FOLDER, stamp, folder->start, 0);
    add_bytes(bytes, "..         ", ATTRIBUTE_FOLDER, stamp,
              above->above != NULL ? above->start : 0, 0);
}

GByteArray *fat_folder_bytes(const FatTree *tree, const FatFolder *folder, const Content *content,
                             const char *label, guint64 epoch)
{
    Stamp stamp = stamp_of(epoch);
    GByteArray *bytes = g_byte_array_new();
    add_first(bytes, folder, label, &stamp);
    for (guint i = 0; i < folder->entries->len; i++) {
        const Entry *entry = g_ptr_array_index(folder->entries, i);
        fat_name_add_long(bytes, entry->name, entry->short_name);
        if (entry->folder != NULL)
            add_bytes(bytes, entry->short_name, ATTRIBUTE_FOLDER, &stamp, entry->folder->start, 0);
        else
            add_bytes(bytes, entry->short_name, ATTRIBUTE_ARCHIVE, &stamp,
                      tree->starts[entry->file],
                      g_array_index(content->files, ContentFile, entry->file).length);
    }
    return bytes;
}
