/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

/*
 * STORE/parts/lock. One row for each archive or folder that was taken, the newest last.
 */
typedef struct {
    char *name, *version;
    char *form;   /* "zip"; "tree": somebody's own folder */
    char *sha256; /* of the archive, or of the tree */
    char *tree;   /* of what lies in the folder (tree_digest()) */
    char *seen;   /* the day */
    char *from;   /* address or path */
} LockRow;

/* The rows; empty when there is no file. ERROR_INPUT when it is damaged. Elements: LockRow *. */
GPtrArray *lock_read(const Store *store, GError **error);
bool lock_write(const Store *store, const GPtrArray *rows, GError **error);

/* Adds a row; all but the day are given. */
void lock_add(GPtrArray *rows, const char *name, const char *version, const char *form,
              const char *sha256, const char *tree, const char *from);

/* The newest row of NAME in VERSION (any for NULL) and FORM (any for NULL), or NULL. */
const LockRow *lock_find(const GPtrArray *rows, const char *name, const char *version,
                         const char *form);

/* STORE/parts, and STORE/parts/NAME/VERSION. The caller owns them. */
char *parts_root(const Store *store);
char *parts_folder(const Store *store, const char *name, const char *version);

/* A SHA-256 over the paths and contents of all files below FOLDER. ERROR_INPUT for anything that is
 * neither file nor folder, and when it cannot be read. The caller owns it. */
char *tree_digest(const char *folder, GError **error);

/* The names in a folder, sorted by bytes. ERROR_INPUT when it cannot be read. */
GStrv folder_names(const char *folder, GError **error);
