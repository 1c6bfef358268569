/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A recovery of macOS that the person has: the disk image and the list of its chunks' digests, as
 * Apple's servers give them. On the boot loader's disk they lie in RECOVERY_FOLDER, where OpenCore
 * looks for them (OpenCorePkg Docs/Configuration.tex, Misc DmgLoading; Utilities/macrecovery).
 *
 * What is checked: that both are ordinary files, that the list is one, and that the image is as
 * long as the list says, which finds a download that was cut off. What is not: the digests of the
 * chunks and Apple's signature of the list. OpenCore itself checks these when it loads the image.
 */
#define RECOVERY_FOLDER "com.apple.recovery.boot"

typedef struct {
    const char *name; /* "BaseSystem" or "RecoveryImage"; static */
    char *image;      /* path of NAME.dmg */
    char *list;       /* path of NAME.chunklist */
    guint64 bytes;    /* of both */
    bool is_signed;   /* the list says that it has a signature */
    char *mark;       /* another one when a file was changed */
} Recovery;

/* Looks into FOLDER, or a folder RECOVERY_FOLDER in it. ERROR_INPUT says what is missing or wrong.
 */
Recovery *recovery_open(const char *folder, GError **error);
void recovery_free(Recovery *recovery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recovery, recovery_free)

/* The bytes of the image that the chunk list DATA is of; 0 where it is no chunk list. *RET_SIGNED:
 * it says that it has a signature. */
guint64 recovery_list_total(const guint8 *data, gsize length, bool *ret_signed);
