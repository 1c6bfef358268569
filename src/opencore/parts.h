/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/traits.h"
#include "opencore/tree.h"

/*
 * What the boot loader's image is made of: archives that are downloaded
 * (data/opencore-parts.table), and the files in them (data/opencore-files.table).
 *
 *     g_autoptr(Parts) parts = parts_load(&error);
 *     g_autoptr(GPtrArray) chosen = parts_choose(parts, traits, &error);
 */

/* One archive. */
typedef struct {
    char *name;    /* "Lilu" */
    char *version; /* "1.7.2" */
    char *url;
    char *sha256;  /* of the archive; NULL: no public digest is known */
    char *purpose; /* in a few words */
    char *source;
} Part;

typedef enum {
    FILE_BOOTSTRAP, /* EFI/BOOT/BOOTx64.efi */
    FILE_LOADER,    /* EFI/OC/OpenCore.efi */
    FILE_ACPI,      /* a table of ACPI */
    FILE_DRIVER,
    FILE_KEXT,
    FILE_TOOL,
    FILE_RESOURCES, /* a folder of EFI/OC/Resources */
    FILE_PROGRAM,   /* for this host: it is in no image */
    FILE_KINDS,
} PartKind;

/* One file or bundle, and who needs it. */
typedef struct {
    char *name; /* "Lilu.kext" */
    PartKind kind;
    const Part *part;   /* NULL: it is Rootstock's own */
    char *path;         /* in the archive */
    char *first, *last; /* kernel versions, "" where there is no bound */
    GStrv when;         /* opencore/traits.h */
    GStrv needs;        /* names of files that come before it */
    char *why;          /* in sentences */
    char *source;
} PartFile;

typedef struct {
    GPtrArray *parts; /* of Part * */
    GPtrArray *files; /* of PartFile *, in the order in which OpenCore loads them */
} Parts;

Parts *parts_load(GError **error);
void parts_free(Parts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Parts, parts_free)

/* A part by its name, or NULL. */
const Part *parts_find(const Parts *parts, const char *name);

/* "loader", "kext", ... */
const char *part_kind_name(PartKind kind);

/* Its folder below OC: "Drivers"; NULL: it has none. */
const char *part_kind_folder(PartKind kind);

/* The name of the archive: what follows the last '/' of its address. */
const char *part_archive(const Part *part);

/* Whether FILE is in the archive PART: OpenCore with a log has the same files as that without. */
bool part_has(const Part *part, const PartFile *file);

/* A file that a machine gets. */
typedef struct {
    const PartFile *file;
    const Part *part; /* which archive it is taken from; NULL: Rootstock's own */
    char *why;        /* in sentences */
} PartChoice;

/*
 * What the machine needs, in order, with what that needs. What the person leaves out is not in it;
 * ERROR_INPUT when something else needs it, and for a name that no table has or that is of no use
 * to the machine's release. Elements: PartChoice *.
 */
GPtrArray *parts_choose(const Parts *parts, const Traits *traits, const Machine *machine,
                        GError **error);

/* The archives that CHOICES are in, each once, in the order of the table. Elements: const Part *.
 */
GPtrArray *parts_of(const Parts *parts, const GPtrArray *choices);

/* What lies in the folder OC where CHOICES are: for the checker. Of a folder of resources only that
 * it is not empty. */
EfiTree *parts_tree(const GPtrArray *choices);
