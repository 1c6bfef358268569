/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    return remove(path);
}

static void remove_all(const char *path)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        g_error("'%s' cannot be removed: %s", path, g_strerror(errno));
}

/* The full path of PATH, whose folder is there afterwards. */
static char *make_place(const Tree *tree, const char *path)
{
    char *full = g_build_filename(tree->path, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    if (g_mkdir_with_parents(folder, 0755) != 0)
        g_error("'%s' cannot be made: %s", folder, g_strerror(errno));
    return full;
}

Tree *tree_new(void)
{
    g_autoptr(GError) error = NULL;
    Tree *tree = g_new0(Tree, 1);

    tree->path = g_dir_make_tmp("rootstock-tree-XXXXXX", &error);
    g_assert_no_error(error);
    tree->root = os_root_open(tree->path, &error);
    g_assert_no_error(error);
    return tree;
}

void tree_free(Tree *tree)
{
    if (tree == NULL)
        return;
    os_root_free(tree->root);
    remove_all(tree->path);
    g_free(tree->path);
    g_free(tree);
}

void tree_write_bytes(const Tree *tree, const char *path, const void *bytes, gsize length)
{
    g_autofree char *full = make_place(tree, path);
    g_autoptr(GError) error = NULL;
    /* GLib 2.74 writes over a file that is there and leaves the rest of a longer one. */
    g_unlink(full);
    g_file_set_contents_full(full, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644, &error);
    g_assert_no_error(error);
}

void tree_write(const Tree *tree, const char *path, const char *text)
{
    tree_write_bytes(tree, path, text, strlen(text));
}

void tree_folder(const Tree *tree, const char *path)
{
    g_autofree char *full = make_place(tree, path);
    if (g_mkdir(full, 0755) != 0 && errno != EEXIST)
        g_error("'%s' cannot be made: %s", full, g_strerror(errno));
}

void tree_link(const Tree *tree, const char *path, const char *target)
{
    g_autofree char *full = make_place(tree, path);
    if (symlink(target, full) != 0)
        g_error("'%s' cannot be made: %s", full, g_strerror(errno));
}

void tree_remove(const Tree *tree, const char *path)
{
    g_autofree char *full = g_build_filename(tree->path, path, NULL);
    remove_all(full);
}
