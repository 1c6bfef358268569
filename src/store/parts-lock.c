/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/parts-lock.h"

#include "base/error.h"
#include "base/table.h"
#include "os/download.h"
#include "os/files.h"
#include "os/replace.h"

#include <string.h>
#include <sys/stat.h>

#define LOCK_MAX (1024 * 1024)
#define LOCK_MODE 0644
#define TREE_DEPTH_MAX 24

static const char *const COLUMNS[] = {"name", "version",    "form", "sha256",
                                      "tree", "first seen", "from", NULL};

char *parts_root(const Store *store)
{
    return g_build_filename(store_path(store), "parts", NULL);
}

char *parts_folder(const Store *store, const char *name, const char *version)
{
    return g_build_filename(store_path(store), "parts", name, version, NULL);
}

static char *lock_path(const Store *store)
{
    return g_build_filename(store_path(store), "parts", "lock", NULL);
}

static void lock_row_free(LockRow *row)
{
    g_free(row->name);
    g_free(row->version);
    g_free(row->form);
    g_free(row->sha256);
    g_free(row->tree);
    g_free(row->seen);
    g_free(row->from);
    g_free(row);
}

GPtrArray *lock_read(const Store *store, GError **error)
{
    g_autofree char *path = lock_path(store);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)lock_row_free);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&rows);
    g_autofree char *text = os_read_file(path, LOCK_MAX, NULL, error);
    g_autoptr(Table) table = text != NULL ? table_parse(text, path, COLUMNS, error) : NULL;
    if (table == NULL)
        return NULL;
    for (guint i = 0; i < table->rows->len; i++) {
        LockRow *row = g_new0(LockRow, 1);
        *row = (LockRow){g_strdup(table_cell(table, i, 0)), g_strdup(table_cell(table, i, 1)),
                         g_strdup(table_cell(table, i, 2)), g_strdup(table_cell(table, i, 3)),
                         g_strdup(table_cell(table, i, 4)), g_strdup(table_cell(table, i, 5)),
                         g_strdup(table_cell(table, i, 6))};
        g_ptr_array_add(rows, row);
    }
    return g_steal_pointer(&rows);
}

bool lock_write(const Store *store, const GPtrArray *rows, GError **error)
{
    g_autofree char *path = lock_path(store);
    g_autoptr(GString) text = g_string_new("# What was taken for the boot loader's images. Who "
                                           "changes a digest here takes another archive for good."
                                           "\n");
    g_autofree char *header = g_strjoinv(" | ", (char **)COLUMNS);
    g_string_append_printf(text, "%s\n", header);
    for (guint i = 0; i < rows->len; i++) {
        const LockRow *row = g_ptr_array_index(rows, i);
        g_string_append_printf(text, "%s | %s | %s | %s | %s | %s | %s\n", row->name, row->version,
                               row->form, row->sha256, row->tree, row->seen, row->from);
    }
    return os_replace_bytes(path, text->str, text->len, LOCK_MODE, error);
}

/* TEXT as a cell: without what would end it. */
static char *cell(const char *text)
{
    char *safe = g_strdup(text);
    g_strdelimit(safe, "|\n\r", '?');
    return safe;
}

void lock_add(GPtrArray *rows, const char *name, const char *version, const char *form,
              const char *sha256, const char *tree, const char *from)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    LockRow *row = g_new0(LockRow, 1);
    *row = (LockRow){cell(name),   cell(version), cell(form),
                     cell(sha256), cell(tree),    g_date_time_format(now, "%Y-%m-%d"),
                     cell(from)};
    g_ptr_array_add(rows, row);
}

const LockRow *lock_find(const GPtrArray *rows, const char *name, const char *version,
                         const char *form)
{
    for (guint i = rows->len; i-- > 0;) {
        const LockRow *row = g_ptr_array_index(rows, i);
        if (strcmp(row->name, name) == 0 &&
            (version == NULL || strcmp(row->version, version) == 0) &&
            (form == NULL || strcmp(row->form, form) == 0))
            return row;
    }
    return NULL;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GStrv folder_names(const char *folder, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (dir == NULL)
        return fail_null(error, ERROR_INPUT, "The folder '%s' cannot be read: %s.", folder,
                         cause->message);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_steal(names, NULL);
}

static bool digest_folder(GChecksum *sum, const char *folder, const char *below, guint depth,
                          GError **error);

static bool digest_entry(GChecksum *sum, const char *path, const char *name, guint depth,
                         GError **error)
{
    struct stat status;
    if (lstat(path, &status) != 0 || depth > TREE_DEPTH_MAX ||
        (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
        return fail(error, ERROR_INPUT, "'%s' is neither a file nor a folder. Remove it.", path);
    if (S_ISDIR(status.st_mode))
        return digest_folder(sum, path, name, depth, error);
    g_autofree char *digest = os_sha256_file(path, error);
    if (digest == NULL)
        return false;
    g_checksum_update(sum, (const guchar *)name, (gssize)strlen(name) + 1);
    g_checksum_update(sum, (const guchar *)digest, (gssize)strlen(digest) + 1);
    return true;
}

/* BELOW is the path of FOLDER from the tree's top. */
static bool digest_folder(GChecksum *sum, const char *folder, const char *below, guint depth,
                          GError **error)
{
    g_auto(GStrv) names = folder_names(folder, error);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autofree char *path = g_build_filename(folder, *name, NULL);
        g_autofree char *inner = g_strconcat(below, "/", *name, NULL);
        if (!digest_entry(sum, path, inner, depth + 1, error))
            return false;
    }
    return names != NULL;
}

char *tree_digest(const char *folder, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (!digest_folder(sum, folder, "", 0, error))
        return NULL;
    return g_strdup(g_checksum_get_string(sum));
}
