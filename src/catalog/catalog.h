/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Knowledge: typed look-ups in the tables of data/. Each row there carries its source. A Catalog
 * does not change after catalog_load(); what the look-ups return is owned by it.
 */

/* What a release asks of a processor: flags, as /proc/cpuinfo names them. */
typedef struct {
    char *id;           /* "sonoma", "snow-leopard" */
    char *name;         /* "macOS 14 Sonoma" */
    char *version;      /* "14", "10.6" */
    int order;          /* position among the releases, the oldest 0; ranges compare by it */
    int darwin;         /* major version of its kernel */
    GStrv cpu_required; /* without one of these it does not run */
    GStrv cpu_slice;    /* nor without one of these, which a processor with CPU_REQUIRED has */
    GStrv cpu_wanted;   /* without one of these it runs with a limit, which CPU_WANTED_NOTE names */
    char *cpu_wanted_note;
    GStrv cpu_escape_flags; /* where no other is missing there is a way around: CPU_ESCAPE */
    char *cpu_escape;       /* in sentences, with its price; "" none */
    bool needs_tsc;         /* several processors need a host whose clock source is tsc */
    bool needs_msrs;        /* it reads registers that KVM lacks: ignore_msrs */
    int threads_max;        /* most logical processors that its kernel starts */
    char *mac_model;        /* SMBIOS model that the guest takes: "MacPro7,1" */
    char *cpu_model;        /* of ProcessorModel: the best one for a guest of it */
    char *disk_bus;         /* "sata" or "virtio" */
    char *nic_model;        /* QEMU's model: "e1000-82545em", "vmxnet3", "virtio" */
    char *usb_model;        /* libvirt's controller model: "ich9-ehci1", "qemu-xhci" */
    char *video_model;      /* libvirt's video model: "vga", "vmvga" */
    gint64 memory_min;      /* least memory that it runs with, in bytes */
    gint64 disk_min;        /* least disk that it installs on, in bytes */
    char *installer;        /* how it is installed, in a few words */
    char *source;
} Release;

/* A family of graphics cards. */
typedef struct {
    char *id;                    /* "navi-23" */
    char *vendor;                /* "AMD", "NVIDIA", "Intel", "ASPEED", "Matrox", "virtual" */
    char *name;                  /* "Navi 23" */
    char *cards;                 /* examples of marketing names */
    char *form;                  /* "card", "integrated", "soldered", "management", "virtual" */
    const Release *first, *last; /* accelerated from and to; both NULL: by none */
    bool native;                 /* without a patch, a spoofed id or a driver from elsewhere */
    bool metal;                  /* it has Metal (10.11 and later); else OpenGL only */
    char *needs;                 /* what must be set up for it, without a full stop; "" nothing */
    char *limits; /* why it is limited even where native, in sentences; "" it is not */
    char *doubt;  /* why it is not known to work at all, in sentences; "" it is */
    char *reset;  /* "ok", "bug", "none", "unknown" */
    char *source;
} GraphicsFamily;

/* A graphics card by its PCI id. */
typedef struct {
    const GraphicsFamily *family;
    int spoof; /* the device-id that OpenCore gives it (DeviceProperties); UNKNOWN: its own */
} GraphicsDevice;

/* A maker whose cards of some families are known for firmware that makes trouble. */
typedef struct {
    char *maker;                 /* "PowerColor" */
    int subsystem_vendor;        /* PCI */
    GPtrArray *families;         /* of const GraphicsFamily * */
    const Release *first, *last; /* the releases that it is about */
    char *trouble;               /* in sentences */
    char *source;
} GraphicsMaker;

typedef struct {
    int first, last;
} NumberRange;

/* A processor by what CPUID calls it. */
typedef struct {
    char *vendor;              /* "GenuineIntel", "AuthenticAMD" */
    GArray *families, *models; /* of NumberRange */
    char *name;                /* "Alder Lake-S, Alder Lake-HX": names, separated by ", " */
    char *generation;          /* "Alder Lake", "Zen 3" */
    const Release *first,
        *last;    /* those whose kernel knows it by family and model; both NULL: none */
    Tri hybrid;   /* P and E cores: all of that model, none, or (unknown) some */
    char *doubt;  /* why it is not known to run macOS, in sentences; "" it is */
    char *limits; /* why it is limited where it runs, in sentences; "" it is not */
    const Release *limits_from; /* the release where that begins; NULL: all */
    bool limits_notebooks;      /* that is so of notebooks only */
    char *note;                 /* to know, in sentences; "" nothing */
    char *source;
} Processor;

/* A model of QEMU's that a guest's processor may be. */
typedef struct {
    char *name;                 /* libvirt's: "Skylake-Client-noTSX-IBRS" */
    int family, model;          /* what CPUID says in the guest */
    GStrv needs;                /* flags of /proc/cpuinfo that a host must have for it */
    GStrv add_flags;            /* flags that it lacks, to be turned on where the host has them */
    GStrv add_features;         /* libvirt's names of them, in the same order */
    const Processor *processor; /* the one whose family and model it has */
    char *source;
} ProcessorModel;

/* A number of logical processors that a guest may have, and how they are laid out. */
typedef struct {
    int count;
    int sockets, cores, threads;
    char *source;
} Topology;

/* Whose processor and chipset a board is made for. */
typedef enum {
    PLATFORM_UNKNOWN, /* of a setting: any */
    PLATFORM_AMD,
    PLATFORM_INTEL,
} FirmwarePlatform;

/* An option of the firmware set-up that matters to a host. */
typedef struct {
    char *id;         /* "iommu", "resizable-bar" */
    char *title;      /* "IOMMU" */
    char *wanted;     /* "on", "off", "any": of a host with passthrough, in the ordinary case */
    GStrv amd, intel; /* what the technology is called in general; NULL: that platform has none */
    GStrv either;     /* the first names of both platforms, for a board of which that is unknown */
    char *why;        /* in sentences */
    char *source;
} FirmwareOption;

/* A maker of boards or of firmware, by one of the texts that SMBIOS has of it. */
typedef struct {
    char *id;         /* "asus" */
    char *name;       /* "ASUS" */
    bool of_firmware; /* it makes the firmware, not the board */
    char *pattern;    /* the text begins with it */
    bool has_setup;   /* there is a set-up to enter */
    char *key;        /* that enters it: "Del or F2"; "" unknown */
    char *source;
} FirmwareVendor;

/* An option as a maker calls it. */
typedef struct {
    const FirmwareOption *option;
    char *vendor;              /* the id of a FirmwareVendor */
    FirmwarePlatform platform; /* PLATFORM_UNKNOWN: any */
    char *name;                /* "SVM Mode" */
    char *path;                /* menus: "Advanced > CPU Configuration"; "" unknown */
    GStrv values;              /* what turns it on, then what turns it off; at least the first */
    char *boards;              /* those that the source is about */
    char *source;
} FirmwareSetting;

/* Devices that are no graphics cards (catalog/devices.h). */
typedef struct KnownDevices KnownDevices;

typedef struct {
    GPtrArray *releases;   /* of Release *, the oldest first */
    GPtrArray *families;   /* of GraphicsFamily * */
    GHashTable *devices;   /* of GraphicsDevice *, by id and revision: catalog_graphics_device() */
    GPtrArray *makers;     /* of GraphicsMaker * */
    GPtrArray *processors; /* of Processor * */
    GPtrArray *processor_models;  /* of ProcessorModel *, what can do most first */
    GPtrArray *topologies;        /* of Topology *, by count */
    GPtrArray *firmware_options;  /* of FirmwareOption * */
    GPtrArray *firmware_vendors;  /* of FirmwareVendor *, one a pattern */
    GPtrArray *firmware_settings; /* of FirmwareSetting * */
    KnownDevices *pci_devices;    /* known_device() */
    KnownDevices *usb_devices;
    GPtrArray *codecs; /* of KnownCodec * */
    GPtrArray *resets; /* of KnownReset * */
} Catalog;

/* Reads the embedded tables and checks them against each other. */
Catalog *catalog_load(GError **error);
void catalog_free(Catalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalog, catalog_free)

/* A release by id or version ("sonoma", "14", "10.6", any case); NULL when there is none. */
const Release *catalog_release(const Catalog *catalog, const char *name);

/* The same for user input: ERROR_INPUT names what was asked for and the nearest or all releases. */
const Release *catalog_release_asked(const Catalog *catalog, const char *name, GError **error);

/* The family of a graphics card, or NULL when no table knows it. */
const GraphicsFamily *catalog_graphics(const Catalog *catalog, int vendor, int device);

/* The same by revision too, where the tables tell cards of one id apart by it; REVISION may be
 * UNKNOWN. */
const GraphicsDevice *catalog_graphics_device(const Catalog *catalog, int vendor, int device,
                                              int revision);

/* Another family that a card of that id may be of, for all that is known without its revision; NULL
 * when its revision does not matter. */
const GraphicsFamily *catalog_graphics_other(const Catalog *catalog, int vendor, int device);

/* What is known against cards of FAMILY by the maker with that PCI id, or NULL. */
const GraphicsMaker *catalog_graphics_maker(const Catalog *catalog, const GraphicsFamily *family,
                                            int subsystem_vendor);

/* What FAMILY needs with RELEASE: without what its row says of other releases ("in 12: 12.1 or
 * later"); all with NULL. The caller owns it. */
char *catalog_graphics_needs(const GraphicsFamily *family, const Release *release);

/* The families of cards that one can buy for RELEASE, or with NULL for any, the best first: what
 * Apple's drivers take as it is, what comes back after a guest, what serves longest. The caller
 * frees the list. */
GPtrArray *catalog_graphics_to_buy(const Catalog *catalog, const Release *release);

/* The ids of FAMILY, sorted: "1002:73ff", "1002:67df/e1" with a revision. */
GStrv catalog_graphics_ids(const Catalog *catalog, const GraphicsFamily *family);

/* What is known of a processor; NULL when no table knows it, or one of the three is not known. */
const Processor *catalog_processor(const Catalog *catalog, const char *vendor, int family,
                                   int model);

/* Whether the kernel of RELEASE knows PROCESSOR itself. */
bool catalog_knows_processor(const Processor *processor, const Release *release);

/* A model by libvirt's name, or NULL. */
const ProcessorModel *catalog_processor_model(const Catalog *catalog, const char *name);

/* How COUNT logical processors are laid out for RELEASE; ERROR_INPUT names the nearest counts that
 * a guest of that release may have. */
const Topology *catalog_topology(const Catalog *catalog, const Release *release, int count,
                                 GError **error);

/* The largest allowed count that is at most LIMIT (at least 1). */
const Topology *catalog_topology_at_most(const Catalog *catalog, const Release *release, int limit);

/* An option of the firmware set-up by its id, or NULL. */
const FirmwareOption *catalog_firmware_option(const Catalog *catalog, const char *id);

/* What the technology of OPTION is called on PLATFORM; empty where it has no such option. */
char *const *catalog_firmware_names(const FirmwareOption *option, FirmwarePlatform platform);

/* The maker of a board, from the texts that SMBIOS has of the makers of the board, the system and
 * the firmware, each of which may be NULL; of the firmware only where the others are not known.
 * NULL when no table knows them. */
const FirmwareVendor *catalog_firmware_vendor(const Catalog *catalog, const char *board,
                                              const char *system, const char *firmware);

/* The settings (of const FirmwareSetting *) for OPTION on boards of VENDOR, which may be NULL.
 * Those whose source is about boards with the chipset that is in the name BOARD come first. The
 * caller frees the list. */
GPtrArray *catalog_firmware_settings_of(const Catalog *catalog, const FirmwareOption *option,
                                        const FirmwareVendor *vendor, FirmwarePlatform platform,
                                        const char *board);
