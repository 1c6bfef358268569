/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/image.h"
#include "opencore/make.h"
#include "opencore/tree.h"
#include "store/recovery.h"
#include "store/store.h"

/*
 * The files of a boot loader's image, as OpenCore wants them: EFI/BOOT and EFI/OC, and where the
 * machine file asks for it a recovery of macOS.
 */
typedef struct {
    GArray *files;      /* of ImageFile */
    GPtrArray *owned;   /* what they refer to */
    EfiTree *tree;      /* the same, below EFI/OC, for the checker */
    Recovery *recovery; /* NULL: none was asked for */
} EfiFiles;

/* FOLDERS has the folder of each part's name. ERROR_INPUT when a kext is not what the configuration
 * says of it or has no code for the release's kernel, ERROR_REFUSED when it links with what is not
 * there. */
EfiFiles *efi_files_new(const Machine *machine, const GPtrArray *choices, GHashTable *folders,
                        const PlistValue *config, GError **error);
void efi_files_free(EfiFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EfiFiles, efi_files_free)

/* A SHA-256 over all paths and what is in memory, and over PARTS: the digests of the archives that
 * the other files come from. A recovery counts by its files' sizes and times: to read it would take
 * as long as to copy it. The caller owns it. */
char *efi_files_digest(const EfiFiles *files, const char *parts);
