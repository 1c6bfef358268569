/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/plist.h"

/*
 * How a value of a property list is named: keys with dots between them, elements of an array in
 * brackets.
 *
 *     Misc.Security.Vault
 *     UEFI.Drivers[0].Path                 the first element
 *     UEFI.Drivers[OpenRuntime.efi].Path   the element that is told by this text (see config.h)
 *     UEFI.Drivers[+]                      a new element at the end, where something is set
 *     DeviceProperties.Add."PciRoot(0x0)/Pci(0x1,0x0)".device-id
 *
 * A key or text in brackets that has one of . [ ] " in it, or is empty, or in brackets looks like a
 * number, stands in double quotes; \" and \\ in them are a quote and a backslash.
 */
typedef enum {
    STEP_KEY,
    STEP_INDEX,
    STEP_IDENTITY,
    STEP_APPEND,
} StepKind;

typedef struct {
    StepKind kind;
    char *text; /* of a key and an identity */
    guint index;
} KeyStep;

typedef struct {
    GPtrArray *steps; /* of KeyStep * */
} KeyPath;

/* ERROR_INPUT that says where TEXT is no path. */
KeyPath *key_path_parse(const char *text, GError **error);
void key_path_free(KeyPath *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyPath, key_path_free)

/* The path as text. The caller owns it. */
char *key_path_format(const KeyPath *path);

/* Adds a step to a path that is being written down. */
void key_path_add_key(GString *text, const char *key);
void key_path_add_index(GString *text, guint index);
void key_path_add_identity(GString *text, const char *identity);

/* The text by which an element of an array is told from the others, or NULL. PATH names the array.
 * The caller owns it. */
typedef char *(*KeyPathIdentify)(const char *path, const PlistValue *element, gconstpointer data);

/*
 * PATH with an index in place of every identity. IDENTIFY may be NULL, when no array has any.
 * ERROR_REFUSED where no element, or more than one, is told by the text.
 */
KeyPath *key_path_resolve(const KeyPath *path, const PlistValue *top, KeyPathIdentify identify,
                          gconstpointer data, GError **error);

/* The other way: PATH as text, with an identity in place of every index that is the only one with
 * it. The caller owns it. */
char *key_path_name(const KeyPath *path, const PlistValue *top, KeyPathIdentify identify,
                    gconstpointer data);

/* What PATH, which has no identity, names below TOP. ERROR_REFUSED says which part of it is not
 * there. */
const PlistValue *key_path_find(const KeyPath *path, const PlistValue *top, GError **error);

/* The same for the dictionary or array around the last step. */
const PlistValue *key_path_find_parent(const KeyPath *path, const PlistValue *top, GError **error);
