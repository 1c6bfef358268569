/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "opencore/log.h"
#include "run/options.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Boots a machine's own boot loader, on copies that are thrown away, until its picker is up, and
 * reads what OpenCore says of the start.
 *
 * The log is read from the file that OpenCore writes to its disk, or from the serial port where
 * that has more. Both are turned on in the copy of the configuration, as is what keeps the picker
 * from starting a system by itself; where there is a vault of signatures the copy stays as it is. A
 * DEBUG build of OpenCore says all of its start; a RELEASE build prints warnings and errors alone
 * (OpenCorePkg.dsc, PcdDebugPrintErrorLevel), so that it cannot be seen when the picker is up: then
 * the guest is looked at until it rests.
 */
typedef struct {
    const char *image; /* the boot loader's image, raw */
    const char *disk;  /* qcow2 disk whose systems it is to find; NULL: an empty one */
    gint64 copy_max;   /* a disk that takes more bytes on the host is not copied but put under a
                        * layer; 0: 1 GiB */
    const char *debug; /* the DEBUG build of the image's OpenCore.efi, which takes its place in the
                        * copy; NULL: it stays */
    const char *nvram; /* variable store that it is to start with; NULL: the firmware's template */
} BootloaderFiles;

typedef enum {
    BOOTLOADER_PICKER, /* its log says that the picker is up */
    BOOTLOADER_HALTED, /* it said that it stops */
    BOOTLOADER_STILL,  /* it says nothing any more, and shows the same */
    BOOTLOADER_OFF,    /* the guest powered off or restarted */
    BOOTLOADER_TIME,   /* the time was up */
} BootloaderEnd;

/* "picker", "halted", "still", "off", "time" */
const char *bootloader_end_name(BootloaderEnd end);

typedef struct {
    BootloaderEnd end;
    double seconds; /* from the start of the guest to its end */
    LogMessages *messages;
    BootLog *log;
    char *log_name;     /* of the file on the boot loader's disk; NULL: from the serial port */
    char *log_text;     /* as it came, bytes that are no text replaced */
    GPtrArray *changes; /* of char *: sentences, what is other than in the image */
    char *screenshot;   /* path of the PNG; NULL: none */
    char *connection;   /* URI that was used */
} Bootloader;

/* Runs it. However this ends, no QEMU of it stays and its run folder goes. ERROR_MISSING without
 * libvirt's QEMU driver, QEMU, firmware or an image, ERROR_FAILED when QEMU died or another guest
 * has the machine's files open. What the boot loader does is no error. */
Bootloader *bootloader_run(const Machine *machine, const BootloaderFiles *files,
                           const PreflightOptions *options, GError **error);
void bootloader_free(Bootloader *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bootloader, bootloader_free)

/* Whether the picker came up with something in it and no error was logged. */
bool bootloader_ok(const Bootloader *run);
