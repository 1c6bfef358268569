/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/tree.h"

/* The files of OpenCore below FOLDER, which is the folder that has EFI/OC in it, or EFI, or OC.
 * Links are not followed. ERROR_INPUT where it is none of them, or has too much in it. */
EfiTree *efi_folder_read(const char *folder, GError **error);

/* The folder of FILE where it is OC: OpenCore.efi lies beside it. NULL: it is not. The caller owns
 * it. */
char *efi_folder_of(const char *file);
