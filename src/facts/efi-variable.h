/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

/* Variables of the UEFI firmware, as efivarfs shows them: four bytes of attributes, then the value
 * (Linux Documentation/filesystems/efivarfs.rst). */
#define EFI_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define EFI_LOADER "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f" /* systemd's Boot Loader Interface */

/* The value, or NULL when the variable is not there or cannot be read. The caller owns it. */
guint8 *efi_variable_read(const OsRoot *root, const char *name, const char *guid,
                          gsize *ret_length);

/* A value that is text in UTF-16, as UTF-8; NULL also when it is no text. */
char *efi_variable_text(const OsRoot *root, const char *name, const char *guid);
