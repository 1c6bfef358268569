/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/tree.h"

#include <string.h>

struct EfiTree {
    GHashTable *files, *folders; /* of normal paths */
};

EfiTree *efi_tree_new(void)
{
    EfiTree *tree = g_new0(EfiTree, 1);
    tree->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    tree->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return tree;
}

void efi_tree_free(EfiTree *tree)
{
    if (tree == NULL)
        return;
    g_hash_table_unref(tree->files);
    g_hash_table_unref(tree->folders);
    g_free(tree);
}

/* In lower case, with single slashes between names. The caller owns it. */
static char *normal(const char *path)
{
    g_autofree char *lower = g_ascii_strdown(path, -1);
    g_strdelimit(lower, "\\", '/');
    g_auto(GStrv) names = g_strsplit(lower, "/", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (char **name = names; *name != NULL; name++) {
        if (**name != '\0' && strcmp(*name, ".") != 0)
            g_string_append_printf(out, "%s%s", out->len > 0 ? "/" : "", *name);
    }
    return g_strdup(out->str);
}

void efi_tree_add(EfiTree *tree, const char *path)
{
    char *file = normal(path);
    for (const char *slash = strchr(file, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
        g_hash_table_add(tree->folders, g_strndup(file, (gsize)(slash - file)));
    g_hash_table_add(tree->files, file);
}

bool efi_tree_has_file(const EfiTree *tree, const char *path)
{
    g_autofree char *file = normal(path);
    return g_hash_table_contains(tree->files, file);
}

bool efi_tree_has_folder(const EfiTree *tree, const char *path)
{
    g_autofree char *folder = normal(path);
    return g_hash_table_contains(tree->folders, folder);
}
