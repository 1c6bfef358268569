/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/render.h"

/*
 * Where each device sits in the guest. Both forms of the machine are made from this, so that a
 * guest of either sees the same PCI addresses: macOS keeps settings by them, and OpenCore names
 * devices by their path.
 *
 * The emulated devices are on the root bus, as the parts of a Mac's chipset are. Each card that is
 * passed through is behind a PCI Express root port of its own, as in a Mac's slot.
 */
typedef struct {
    guint bus, slot, function;
    bool multifunction; /* function 0 of a slot that has more */
} RenderAddress;

/* On bus 0. Slots 0 and 31 are the chipset's (host bridge; LPC, AHCI, SMBus), 29 is where the ICH9
 * has its USB 2 controllers. */
enum {
    SLOT_VIDEO = 1,
    SLOT_NETWORK = 2,
    SLOT_USB = 3,
    SLOT_DISK = 4,       /* virtio */
    SLOT_BOOT_IMAGE = 5, /* virtio: a read-only image, which no SATA disk of QEMU can be */
    SLOT_PORT_FIRST = 8, /* root ports */
    SLOT_PORT_LAST = 28,
    SLOT_USB_ICH9 = 29,
    SLOT_AHCI = 31,
};

/* What is on a disk bus. */
typedef struct {
    const char *id; /* "boot", "disk" */
    const char *path;
    const char *format;
    bool virtio; /* else SATA */
    bool read_only;
    guint slot;       /* of a virtio disk */
    guint sata_port;  /* of a SATA disk */
    guint boot_order; /* from 1 */
} RenderDisk;

typedef struct {
    const MachineDevice *device;
    RenderAddress address;
} RenderPassed;

/* One of the controllers that make up the guest's USB. */
typedef struct {
    const char *model; /* libvirt's */
    const char *qemu;  /* QEMU's */
    RenderAddress address;
    int start_port; /* companion: its first port on the EHCI controller; -1: the master */
} RenderUsb;

typedef struct {
    const char *name, *uuid;
    guint disk_count;
    RenderDisk disks[2];
    guint usb_count;
    RenderUsb usb[4];
    guint port_count;       /* root ports; port N makes bus N, the first 1 */
    GArray *passed;         /* of RenderPassed */
    const char *nic_qemu;   /* QEMU's name of the network card */
    const char *video_qemu; /* QEMU's name of the display; NULL: none */
    bool display;           /* an emulated display is to be seen by a person */
    guint64 window_mib;     /* address space for the cards' 64-bit BARs; 0: OVMF's own size */
} RenderLayout;

/* ACPI hot-plug of PCI devices, QEMU's default for q35 since 6.1: with it the guest's tables
 * declare every card as one that can be pulled out, and macOS then treats network card and disks
 * so. */
#define RENDER_NO_ACPI_HOTPLUG "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"

/* Checks every text that goes into the result, and lays the machine out. */
RenderLayout *render_layout_make(const Machine *machine, const RenderFiles *files, GError **error);
void render_layout_free(RenderLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RenderLayout, render_layout_free)

/* The value of QEMU's -fw_cfg that asks OVMF for that window. The caller owns it. */
char *render_layout_window_option(const RenderLayout *layout);

/* The slot of root port INDEX (from 0). */
guint render_layout_port_slot(guint index);
