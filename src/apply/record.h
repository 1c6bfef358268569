/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/attributes.h"
#include "os/root.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What a change finds before it begins, or leaves behind it: in the journal, one JSON file each,
 * with a copy of each file's bytes beside it.
 */
typedef struct {
    char *path; /* absolute, below the root */
    bool there;
    bool output;              /* written by the change's command, and not by us */
    OsAttributes *attributes; /* NULL when it is not there, and in what a change left */
    char *sha256;             /* NULL when it is not there */
    char *copy;               /* name of the copy in the journal's folder; NULL: none was made */
} FileRecord;

typedef struct {
    GPtrArray *files; /* of FileRecord * */
    GStrv folders;    /* those that the change has to make, outermost first */
    char *state; /* what the kind of change needs to take it back (apply/kind.h); NULL: nothing */
} Record;

Record *record_new(void);
void record_free(Record *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Record, record_free)

/* Adds the file PATH as it is now. COPY is the path of the copy to make, NULL for none. */
bool record_add(Record *record, const OsRoot *root, const char *path, bool output, const char *copy,
                GError **error);

/* The file of that path, or NULL. */
const FileRecord *record_file(const Record *record, const char *path);

/* Whether PATH holds now what the record says, by its bytes. */
bool record_matches(const FileRecord *file, const OsRoot *root, bool *ret_matches, GError **error);

/* Makes PATH what the record says, from the copy in FOLDER; nothing is written when it is so. */
bool record_restore(const FileRecord *file, const OsRoot *root, const char *folder, GError **error);

/* As a file of the journal. PATH is below the root. */
bool record_write(const Record *record, const OsRoot *root, const char *path, GError **error);

/* NULL without an error when it is not there. */
Record *record_read(const OsRoot *root, const char *path, GError **error);
