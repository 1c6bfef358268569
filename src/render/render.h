/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"

#include <glib.h>

/*
 * Text that others read, made from a Machine. Pure. What could break out of the format (a control
 * character in a path, a comma in a QEMU option) is escaped as the format wants it or refused.
 */

/* Where the machine's files are, and what the preflight puts in their place. Paths are absolute. */
typedef struct {
    const char *name;        /* of the domain; NULL: the machine's */
    const char *uuid;        /* of the domain; NULL: the machine's */
    const char *nvram;       /* variable store of this guest */
    const char *disk;        /* the guest's disk, or a throw-away one of the same size */
    const char *disk_format; /* "qcow2", "raw" */
    const char *boot_image;  /* raw image with an EFI system partition that is booted first; NULL:
                              * none */
    bool boot_image_read_only;
    bool probe;     /* preflight: the guest's console is its first serial port, and it does not
                     * restart by itself */
    int probe_hold; /* with probe: seconds that the probe waits for a byte on the serial port
                     * before it powers off (fw_cfg opt/org.rootstock/hold); 0: not at all */
} RenderFiles;

/* The domain XML (libvirt 9 and newer; valid against its domain.rng). The caller owns it. */
char *render_domain_xml(const Machine *machine, const RenderFiles *files, GError **error);

/* The same machine as an argument vector of qemu-system-x86_64, ended by NULL. */
GStrv render_qemu_argv(const Machine *machine, const RenderFiles *files, GError **error);

/* The vector as text for a person to paste into a shell, one option a line. */
char *render_qemu_text(char *const *argv);

/* Where OpenCore finds a device: the UEFI device path that OVMF gives it. Of the emulated network
 * card, and of each of the machine's passed functions, in their order. The caller owns them. */
char *render_network_path(void);
GStrv render_passed_paths(const Machine *machine, GError **error);
