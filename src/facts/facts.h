/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"
#include "facts/setup.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What is known of a host. Read once, by the collectors of this folder (facts/collect.h), or from a
 * snapshot (facts/snapshot.h). Reading never judges, and what is not known is UNKNOWN, TRI_UNKNOWN
 * or NULL (base/known.h).
 *
 * Everything that a Facts holds is owned by it and freed by facts_free(). Sizes are in bytes.
 */

/* One logical processor that is online. */
typedef struct {
    int cpu;        /* the kernel's number */
    int package;    /* physical package */
    int core;       /* core id inside the package; threads of one core share it */
    int node;       /* NUMA node */
    int die;        /* die or, where the kernel tells it, core complex */
    gint64 max_khz; /* highest frequency; differs between P and E cores */
    Tri efficient;  /* of an E core, where the kernel tells them from P cores (Intel) */
} CpuThread;

typedef struct {
    int level;   /* 1, 2, 3 */
    char *type;  /* "Data", "Instruction", "Unified" */
    gint64 size; /* of one instance */
    int ways;
    int line;   /* bytes of a cache line */
    char *cpus; /* the threads that share this instance, as the kernel lists them: "0-3,8" */
} CpuCache;

typedef struct {
    int node;
    char *cpus;
    gint64 memory;
} NumaNode;

typedef struct {
    char *architecture; /* of the kernel, as uname -m names it: "x86_64", "aarch64" */
    char *vendor;       /* "GenuineIntel", "AuthenticAMD" */
    int family, model, stepping;
    char *name; /* marketing name */
    char *microcode;
    GStrv flags; /* those that all processors have, sorted by bytes, each once, as /proc/cpuinfo
                  * names them */
    int packages, cores, threads; /* online, in the whole machine */
    GArray *thread_list;          /* of CpuThread, by number; NULL: unknown */
    GPtrArray *caches;            /* of CpuCache *, instances each once; NULL: unknown */
    GPtrArray *nodes;             /* of NumaNode *; NULL: unknown */
    Tri virtualization;           /* vmx or svm among the flags */
    Tri hypervisor;               /* this host is itself a virtual machine */
    char *clocksource;            /* the one in use: "tsc", "hpet", ... */
    GStrv clocksources;           /* those available */
    Tri tsc_unstable; /* the kernel's log says that the time stamp counter is not relied on */
    Tri tsc_warp;     /* and that is because the processors' counters differ */
} CpuFacts;

/* /dev/kvm. A node that opens is no proof: USABLE is yes only when a guest of ours has run real
 * mode and protected mode instructions, floating-point ones too, and ended with the right results.
 */
typedef struct {
    Tri present;    /* the node is there */
    Tri accessible; /* this user may open it */
    Tri usable;
    char *evidence;   /* a sentence: what was run, or what went wrong */
    Tri firmware_off; /* the kernel's log says that the firmware has virtualisation off */
    int api_version;
    int max_vcpus;
    Tri ignore_msrs;
    Tri nested;
} KvmFacts;

typedef struct {
    gint64 total;     /* MemTotal */
    gint64 available; /* MemAvailable */
    gint64 huge_page_size;
    gint64 huge_pages;
} MemoryFacts;

typedef enum {
    BAR_MEMORY_32,
    BAR_MEMORY_64,
    BAR_IO,
} BarKind;

typedef struct {
    int index; /* 0 to 5 */
    BarKind kind;
    bool prefetchable;
    guint64 size;
    guint64 address; /* physical; 0: unknown, or it has none */
    bool unassigned; /* neither the firmware nor the kernel found a place for it */
} PciBar;

typedef struct {
    char *address; /* "0000:0a:00.0": domain, bus, slot, function */
    int vendor, device;
    int subsystem_vendor, subsystem_device;
    int class_code; /* 24 bits: base class, subclass, programming interface */
    int revision;
    char *vendor_name, *device_name; /* from the system's pci.ids */
    char *driver;                    /* the one that is bound; "" when known to be none */
    Tri driver_built_in;             /* and it is a part of the kernel, no module */
    char *driver_override;           /* the only driver that the kernel lets have it; "": any */
    GStrv modules;                   /* those that would claim it */
    int iommu_group;                 /* UNKNOWN also when the host has no groups: see IommuFacts */
    int numa_node;
    GArray *bars;        /* of PciBar, those that are there; NULL: unknown */
    gint64 rom_size;     /* expansion ROM; 0: it has none */
    Tri boot_vga;        /* the firmware's display */
    GStrv reset_methods; /* as the kernel lists them: "flr", "bus", ...; only "reset" where a kernel
                          * before 5.15 does not name them; empty: it cannot be reset */
    char *link_speed, *link_speed_max; /* "8.0 GT/s PCIe" */
    int link_width, link_width_max;    /* lanes */
    char *parent;      /* address of the bridge that it hangs on; "" on a root bus */
    Tri resizable_bar; /* it has the Resizable BAR capability */
    Tri reset_failed;  /* it was seen not to answer any more after a reset or a guest */
} PciFunction;

typedef struct {
    Tri groups; /* there are groups under /sys/kernel/iommu_groups */
    int group_count;
    GStrv units; /* /sys/class/iommu: "dmar0", "ivhd0" */
    char *table; /* the ACPI table in which the firmware describes an IOMMU: "DMAR" (VT-d), "IVRS"
                  * (AMD-Vi); "" where it has neither */
    Tri interrupt_remapping;
    Tri unsafe_interrupts; /* vfio_iommu_type1 does not mind: allow_unsafe_interrupts */
    Tri acs_override;      /* the kernel said that it takes devices for isolated that are not */
    Tri complete; /* every member of every group is among the functions, with its group: a group has
                   * no more members than those. Always so of a live host and of its snapshot; of
                   * pasted text only on good evidence (paste-complete.c), else unknown, and then a
                   * group may have members that the text does not list */
} IommuFacts;

typedef enum {
    BLOCK_DISK,
    BLOCK_PARTITION,
    BLOCK_LVM,
    BLOCK_CRYPT,
    BLOCK_RAID,
    BLOCK_MAPPER, /* another device-mapper target */
    BLOCK_LOOP,
    BLOCK_OTHER, /* zram, ram, nbd, optical, ... */
    BLOCK_KINDS,
} BlockKind;

typedef struct {
    char *name;   /* kernel's name: "nvme0n1p2", "dm-0" */
    char *number; /* "259:2" */
    BlockKind kind;
    char *label; /* device-mapper's name or RAID level, where it has one */
    gint64 size;
    char *model;
    Tri rotational;
    GStrv pci;     /* addresses of the PCI functions that a whole disk hangs on; more than one with
                    * multipath; empty: none (virtual) */
    GStrv below;   /* names of the devices that it lies on: the disk of a partition, members */
    char *content; /* what udev saw in it: "ext4", "LVM2_member", "crypto_LUKS", "zfs_member" */
    GStrv mounts; /* where it is mounted; words instead of a path where it is in use without a mount
                   * point to be seen: "zfs pool tank", "another mount namespace" */
    Tri swap;     /* it is active swap space */
} BlockDevice;

typedef struct {
    GPtrArray *devices; /* of BlockDevice *; NULL: unknown */
    GStrv unplaced;     /* mounts whose device could not be told: "zfs rpool on /"; empty: none */
} StorageFacts;

typedef struct {
    char *name; /* "enp3s0" */
    char *pci;  /* "" when it is no PCI device's */
    char *driver;
    char *state; /* "up", "down", ... */
    Tri wireless;
    GStrv below;       /* interfaces that this one uses: the ports of a bridge, bond or VLAN */
    Tri default_route; /* a default route leaves by it, or by one that uses it */
    char *mac;         /* only with FactsOptions.private_too */
} NetInterface;

/* More USB devices and codecs than any host has; what is beyond is left out, or refused. */
enum { FACTS_USB_MAX = 1024, FACTS_CODECS_MAX = 256 };

/* A device on a USB bus; the controllers' own root hubs are left out. Names and numbers as the
 * kernel has them (Linux Documentation/ABI/testing/sysfs-bus-usb). */
typedef struct {
    char *port; /* the kernel's name of the place: "1-4", "2-1.3" */
    char *pci;  /* address of the controller that it hangs on; "" when it is no PCI device's */
    int vendor, device;
    int class_code;               /* 24 bits: class, subclass, protocol; 0: each interface's */
    GStrv interfaces;             /* classes of its interfaces, each once, sorted: "e00101" */
    char *manufacturer, *product; /* as the device calls itself */
    char *speed;                  /* Mbit/s: "1.5", "12", "480", "5000" */
    char *serial;                 /* only with FactsOptions.private_too */
} UsbDevice;

/* A codec on a High Definition Audio link: what an analogue socket or a display's sound hangs on.
 */
typedef struct {
    char *pci;  /* address of its controller; "" when it is no PCI device's */
    char *name; /* "Realtek ALC1220" */
    int vendor, device;
    int subsystem_vendor, subsystem_device;
} AudioCodec;

/* What shows a picture: a DRM card or a frame buffer. */
typedef struct {
    char *pci;       /* "" when it is no PCI device's */
    char *name;      /* "card0" */
    GStrv connected; /* connectors with a monitor: "HDMI-A-1" */
    Tri console;     /* the kernel's console is drawn on it */
    Tri session;     /* a graphical session of a person runs on it */
} DisplayFacts;

typedef struct {
    Tri uefi;
    Tri secure_boot;
    char *vendor, *version, *date; /* of the firmware */
    char *board_vendor, *board_name;
    char *system_vendor, *system_name;
    int chassis;         /* SMBIOS type 3 chassis type */
    char *serial, *uuid; /* only with FactsOptions.private_too */
} FirmwareFacts;

typedef struct {
    char *release; /* "6.1.0-56-amd64" */
    char *command_line;
    Tri vfio_pci;      /* the driver is built in, loaded or installed as a module */
    Tri vfio_built_in; /* it is a part of the kernel, no module */
    char *lockdown;
    char *host_name; /* only with FactsOptions.private_too */
} KernelFacts;

typedef struct {
    char *kind;     /* "grub", "systemd-boot", "refind", "unified kernel image", ... */
    char *evidence; /* a sentence */
    GStrv others;   /* other boot loaders that are installed */
} BootLoaderFacts;

typedef struct {
    char *id, *version, *name; /* os-release: ID, VERSION_ID, PRETTY_NAME */
    GStrv like;                /* ID_LIKE */
    Tri immutable;             /* rpm-ostree and its kind */
} DistributionFacts;

/* One of QEMU's firmware descriptors (QEMU docs/interop/firmware.json). */
typedef struct {
    char *descriptor; /* path of the JSON file */
    char *description;
    char *code;        /* path of the executable image */
    char *code_format; /* "raw", "qcow2" */
    char *vars;        /* path of the template of the variable store; NULL: it has none */
    char *vars_format;
    GStrv interfaces;            /* "uefi", "bios" */
    GStrv machines;              /* patterns for x86_64: "pc-q35-*" */
    GStrv features;              /* "secure-boot", "enrolled-keys", "requires-smm", "acpi-s3" */
    gint64 code_size, vars_size; /* of the files; UNKNOWN: they are not there */
} FirmwareImage;

/* An installed package of the distribution. */
typedef struct {
    char *name, *version; /* as the package manager has them */
} PackageFacts;

typedef struct {
    char *qemu_path, *qemu_version; /* "" when known not to be there */
    char *qemu_img_path;
    char *libvirt_version;
    Tri libvirt_daemon; /* a daemon's socket is there */
    char *libvirt_socket;
    char *qemu_user;     /* the account that QEMU is to run as: "libvirt-qemu", "qemu" */
    GPtrArray *firmware; /* of FirmwareImage *, in the order of precedence; NULL: unknown */
    GPtrArray *packages; /* of PackageFacts *, by name: those that matter to a hypervisor
                          * (facts/packages.c); NULL: unknown */
} SoftwareFacts;

typedef struct {
    CpuFacts cpu;
    KvmFacts kvm;
    MemoryFacts memory;
    GPtrArray *pci;   /* of PciFunction *, by address; NULL: unknown */
    Tri pci_complete; /* PCI has every function of the host: what it lacks is not there. Always so
                       * of a live host and of its snapshot; of pasted text yes only on good
                       * evidence (paste-complete.c), no where some are known to be missing */
    IommuFacts iommu;
    StorageFacts storage;
    GPtrArray *network;  /* of NetInterface *; NULL: unknown */
    GPtrArray *usb;      /* of UsbDevice *; NULL: unknown */
    GPtrArray *codecs;   /* of AudioCodec *; NULL: unknown */
    GPtrArray *displays; /* of DisplayFacts *; NULL: unknown */
    FirmwareFacts firmware;
    KernelFacts kernel;
    BootLoaderFacts boot_loader;
    DistributionFacts distribution;
    SoftwareFacts software;
    SetupFacts setup;
} Facts;

/* Everything unknown. */
Facts *facts_new(void);
void facts_free(Facts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facts, facts_free)

/* New elements with everything unknown, for collectors and readers. They belong to the list that
 * they are added to, which frees them (g_ptr_array_new_with_free_func()). */
PciFunction *pci_function_new(const char *address);
void pci_function_free(PciFunction *function);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciFunction, pci_function_free)
BlockDevice *block_device_new(const char *name);
void block_device_free(BlockDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BlockDevice, block_device_free)
NetInterface *net_interface_new(const char *name);
void net_interface_free(NetInterface *interface);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetInterface, net_interface_free)
UsbDevice *usb_device_new(void);
void usb_device_free(UsbDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UsbDevice, usb_device_free)
AudioCodec *audio_codec_new(void);
void audio_codec_free(AudioCodec *codec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AudioCodec, audio_codec_free)
DisplayFacts *display_facts_new(void);
void display_facts_free(DisplayFacts *display);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DisplayFacts, display_facts_free)
PackageFacts *package_facts_new(const char *name);
void package_facts_free(PackageFacts *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackageFacts, package_facts_free)
FirmwareImage *firmware_image_new(void);
void firmware_image_free(FirmwareImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirmwareImage, firmware_image_free)
CpuCache *cpu_cache_new(void);
void cpu_cache_free(CpuCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpuCache, cpu_cache_free)
NumaNode *numa_node_new(void);
void numa_node_free(NumaNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NumaNode, numa_node_free)

/* Whether the processor has FLAG (/proc/cpuinfo's name of it). */
Tri cpu_has_flag(const CpuFacts *cpu, const char *flag);

/* The function at ADDRESS ("0000:0a:00.0", or short "0a:00.0"), or NULL. */
const PciFunction *facts_pci_function(const Facts *facts, const char *address);

/* The function whose display the firmware starts on; NULL where that is unknown, told of two, or
 * there is none. */
const PciFunction *facts_boot_display(const Facts *facts);

/* Whether TEXT is a PCI address, and its full form with the domain, which the caller owns (NULL
 * when it is none). PCI Local Bus 3.0: bus 8 bits, device 5, function 3. The domain has four
 * digits, more when it is above ffff ("10000:e1:00.0", behind Intel's VMD). */
char *pci_address_full(const char *text);

/* "0000:0a:00" of "0000:0a:00.1": what the functions of one device share. The caller owns it. And
 * whether two addresses share it. */
char *pci_address_slot(const char *address);
bool pci_address_same_slot(const char *a, const char *b);

/* The names of BlockKind: "disk", "partition", "lvm", ... */
const char *block_kind_name(BlockKind kind);
bool block_kind_from_name(const char *name, BlockKind *ret_kind);
