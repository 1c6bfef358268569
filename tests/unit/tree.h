/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

#include <glib.h>

/*
 * A recorded host for a test: a temporary folder that stands in for `/`, and the handle on it.
 *
 *     g_autoptr(Tree) tree = tree_new();
 *     tree_write(tree, "proc/cmdline", "quiet\n");
 *     tree_link(tree, "sys/class/net/eth0", "../../devices/virtual/net/eth0");
 *     g_autofree char *line = os_read_line(tree->root, "proc/cmdline");
 *
 * Paths are relative to the tree; folders on the way are made. Every function ends the test when it
 * fails. tree_free() removes the folder and all that is in it.
 */
typedef struct {
    char *path;
    OsRoot *root;
} Tree;

Tree *tree_new(void);
void tree_free(Tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)

/* A file with TEXT in it; one that is there is replaced. */
void tree_write(const Tree *tree, const char *path, const char *text);

/* The same with LENGTH bytes, for what is not text. */
void tree_write_bytes(const Tree *tree, const char *path, const void *bytes, gsize length);

/* An empty folder. */
void tree_folder(const Tree *tree, const char *path);

/* A symbolic link PATH with the target TARGET as it is given. */
void tree_link(const Tree *tree, const char *path, const char *target);

/* Removes a file, link or folder with all that is in it. */
void tree_remove(const Tree *tree, const char *path);
