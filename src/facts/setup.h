/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>

/*
 * How far a host is set up for guests: what people and programs have configured, beside what the
 * hardware is. A part of Facts (facts/facts.h), with the same rules: reading never judges, and what
 * is not known is unknown.
 */

/* The person who asks. Known on the live host only. */
typedef struct {
    Tri root;       /* it is root, who needs no group */
    GStrv groups;   /* those of "input", "kvm" and "libvirt" that the running session has */
    GStrv assigned; /* those that the accounts give, under sudo to who called it; a new one counts
                     * from the next login */
} PersonFacts;

/* libvirt's configuration, and what systemd starts of it. */
typedef struct {
    GStrv units;           /* systemd units of libvirt's daemons that are installed:
                            * "libvirtd.service", "virtqemud.socket" */
    GStrv enabled;         /* those of them that start with the host */
    Tri network_defined;   /* libvirt has the network "default" */
    Tri network_autostart; /* it starts with the daemon */
    Tri network_active;    /* its bridge is there */
    char *security_driver; /* what qemu.conf says of confinement: "none"; "": nothing */
    Tri hook;              /* a hook for QEMU guests is installed (/etc/libvirt/hooks/qemu) */
} LibvirtSetup;

/* Kernel modules, and the initial RAM file system that may load them early. */
typedef struct {
    GStrv options;   /* lines of modprobe.d that concern KVM, VFIO and graphics drivers, as
                      * "etc/modprobe.d/kvm.conf: options kvm ignore_msrs=1" */
    GStrv vfio_ids;  /* "1002:73ff": what the loaded vfio-pci was told to take */
    GStrv initramfs; /* tools that make the initial RAM file system: "initramfs-tools", "dracut",
                      * "mkinitcpio", "booster" */
    GStrv early;     /* modules that their configuration loads early; `_` for `-` */
    GStrv overrides; /* addresses of the functions that rules of udev or driverctl give to vfio-pci
                      * when the host starts */
} ModuleSetup;

/* Who draws on the screen. */
typedef struct {
    char *boot_framebuffer; /* PCI function on which the kernel holds the firmware's picture; "":
                             * on none */
    char *display_manager;  /* "gdm.service"; "": none is set up */
} ScreenSetup;

/* Speed. */
typedef struct {
    char *governor;   /* of processor 0: "powersave", "schedutil" */
    GStrv governors;  /* those available */
    char *driver;     /* "intel_pstate", "amd-pstate-epp", "acpi-cpufreq" */
    char *huge_pages; /* transparent ones: "always", "madvise", "never" */
    GStrv keepers;    /* programs that choose the governor or the energy profile and run or start
                       * with the host: "tuned", "power-profiles-daemon", "tlp", ... */
} TuningSetup;

/* Where machines would be kept. */
typedef struct {
    char *folder;  /* "/var/lib/rootstock", "~/.local/share/rootstock", or the person's own in
                    * libvirt's folder for images (os/person.h) */
    Tri reachable; /* QEMU's account may enter every folder on the way to it */
    gint64 free;   /* bytes that this user may still use on its file system */
} StoreSetup;

typedef struct {
    PersonFacts person;
    Tri systemd; /* it runs as the first process */
    LibvirtSetup libvirt;
    ModuleSetup modules;
    ScreenSetup screen;
    TuningSetup tuning;
    StoreSetup store;
    Tri apparmor;               /* the kernel enforces AppArmor profiles */
    Tri selinux;                /* the kernel enforces an SELinux policy */
    Tri dnsmasq, virsh, viewer; /* these programs are installed: viewer is virt-viewer's or
                                 * virt-manager's */
    GStrv bridges;              /* network interfaces that are bridges */
    char *network_manager;      /* "NetworkManager", "systemd-networkd"; "": neither runs */
    GStrv keyboards, mice;      /* names below /dev/input/by-id; without what looks like a serial
                                 * number unless FactsOptions.private_too */
} SetupFacts;

/* Everything unknown, and frees what it holds. */
void setup_facts_init(SetupFacts *setup);
void setup_facts_clear(SetupFacts *setup);
