/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The headers of programs that were downloaded: whether a file is what its name promises. Nothing
 * of the content is trusted; offsets and sizes are held against the length.
 *
 * Sources: Apple, mach-o/loader.h, mach-o/fat.h and mach/machine.h (xnu, EXTERNAL_HEADERS and
 * osfmk/mach); Microsoft, "PE Format"; UEFI specification 2.10, 2.1.1.
 */
enum {
    BINARY_I386 = 1 << 0,
    BINARY_X86_64 = 1 << 1,
};

/* The processors that a kext's executable (Mach-O, thin or fat) is for, BINARY_* or-ed. 0 with
 * ERROR_INPUT when it is none. NAME is for the message. */
guint binary_macho(const guint8 *data, gsize length, const char *name, GError **error);

/* Whether it is an EFI program for x86_64: an application (APPLICATION), or a driver of boot
 * services or run time. ERROR_INPUT says what it is instead. */
bool binary_efi(const guint8 *data, gsize length, bool application, const char *name,
                GError **error);
