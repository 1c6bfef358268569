/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The files of an EFI folder by their names alone, so that a configuration can be held against a
 * folder, an image or a list. Names are told apart as FAT does it: not by upper and lower case, and
 * a backslash is a slash.
 */
typedef struct EfiTree EfiTree;

EfiTree *efi_tree_new(void);
void efi_tree_free(EfiTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EfiTree, efi_tree_free)

/* Adds a file by its path below the folder OC: `Drivers/OpenRuntime.efi`. The folders above it are
 * there with it. */
void efi_tree_add(EfiTree *tree, const char *path);

bool efi_tree_has_file(const EfiTree *tree, const char *path);
bool efi_tree_has_folder(const EfiTree *tree, const char *path);
