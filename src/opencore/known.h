/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/schema.h"

/* What OpenCore's checker knows of kexts, variables and Mac models; tables of data/. */

/* A kext that goes into Kernel.Add. */
typedef struct {
    char *bundle;      /* BundlePath */
    char *executable;  /* ExecutablePath; "" for none */
    char *parent;      /* what has to come before it; "" for nothing */
    guint first, last; /* versions of the schema */
} KnownKext;

/* The PlistPath of all of them. */
#define KNOWN_KEXT_PLIST "Contents/Info.plist"

typedef enum {
    FORM_SIZE,  /* so many bytes */
    FORM_BYTE,  /* one byte, one of these */
    FORM_TEXT,  /* printable ASCII */
    FORM_COLOR, /* four bytes, the last one 0 */
} VariableForm;

/* A variable of NVRAM.Add, or a property of a device. */
typedef struct {
    char *guid; /* NULL: of any device */
    char *name;
    VariableForm form;
    guint size;    /* of FORM_SIZE */
    GStrv choices; /* of FORM_BYTE: two hexadecimal digits each; NULL for others */
    guint first;   /* version of the schema */
} KnownVariable;

typedef struct {
    GPtrArray *kexts;     /* of KnownKext * */
    GPtrArray *variables; /* of KnownVariable * */
    GHashTable *models;   /* of names */
} Known;

Known *known_load(const Schema *schema, GError **error);
void known_free(Known *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Known, known_free)

/* The kext of that BundlePath in VERSION, or NULL. */
const KnownKext *known_kext(const Known *known, const char *bundle, guint version);

/* The variable NAME of GUID, in upper or lower case, or of a device where GUID is NULL; or NULL. */
const KnownVariable *known_variable(const Known *known, const char *guid, const char *name,
                                    guint version);

bool known_model(const Known *known, const char *model);
