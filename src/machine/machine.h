/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"
#include "catalog/catalog.h"
#include "facts/facts.h"
#include "verdict/verdict.h"

#include <glib.h>
#include <stdbool.h>

/*
 * A machine: one guest. Three forms of it, each made from the one before:
 *
 *     MachineChoices  what the person chose; its file form is a small INI file
 *     Machine         every value filled in from the choices, the facts and the catalog, each with
 *                     its reason
 *     ...             the domain XML and the QEMU command line (render/)
 *
 * Pure: nothing here reads or writes a file. A Machine refers to the Catalog and must not outlive
 * it.
 */

/* A key of OpenCore's config.plist that the person sets: below [config] of the machine file. */
typedef struct {
    char *path;  /* key path: "Misc.Boot.Timeout" */
    char *value; /* as `rootstock config set` takes it */
} MachineSetting;

/* What the person chose of the boot loader: [opencore] and [config] of the machine file. 0, NULL
 * and TRI_UNKNOWN: not chosen. */
typedef struct {
    Tri log;                           /* the build of OpenCore that says what it does */
    Tri verbose;                       /* macOS says what it does while it starts */
    Tri graphical;                     /* the picker with icons */
    Tri protection;                    /* System Integrity Protection */
    Tri memory_map;                    /* memory modules as a Mac Pro of 2019 has them */
    char *resolution;                  /* "1920x1080" */
    char *language;                    /* "en-US:0", as the variable prev-lang:kbd has it */
    int layout;                        /* layout-id of AppleALC */
    GStrv add;                         /* further kexts and drivers by name */
    GStrv leave_out;                   /* those that are not wanted */
    char *serial, *board_serial, *rom; /* of a Mac of the person's own; ROM: 12 hex digits */
    char *recovery;                    /* absolute path of a folder with a recovery of macOS */
    GPtrArray *config;                 /* of MachineSetting *, in their order; NULL: none */
} MachineOpenCore;

void machine_opencore_copy(MachineOpenCore *to, const MachineOpenCore *from);
void machine_opencore_clear(MachineOpenCore *opencore);

/* What the person chose. 0 or NULL: not chosen. Each is owned. */
typedef struct {
    char *os;         /* release id */
    bool force;       /* what a verdict or a limit says no to is wanted all the same */
    gint64 memory;    /* bytes */
    gint64 huge_page; /* bytes of one: the memory lies in reserved huge pages of that size */
    int cores;        /* logical processors */
    gint64 disk;      /* bytes */
    GStrv gpus;       /* full PCI addresses */
    GStrv devices;    /* further functions to pass through, full PCI addresses */
    char *network;    /* "user", "default", "bridge" */
    char *bridge;     /* name of a bridge of the host's */
    char *interface;  /* name of the host's network card that is to be its port */
    MachineOpenCore opencore;
} MachineChoices;

/* What is made once, at random, and kept beside the machine file. */
typedef struct {
    char *uuid; /* of the domain */
    char *mac;  /* 52:54:00:..., QEMU's own locally administered prefix */
} MachineIdentity;

/* One line of `show`: a value, and why it is so. */
typedef struct {
    const char *key; /* "processor.model"; static */
    char *value;     /* as a person reads it */
    char *reason;    /* a sentence */
    bool chosen;     /* by the person; else a default */
} MachineReason;

/* A function of the host that the guest gets. */
typedef struct {
    char *address;
    int vendor, device, class_code;
    char *name;
    Role role;
    GArray *bars; /* of PciBar, as the host sees them; NULL: unknown */
    gint64 rom_size;
    bool multifunction_with_previous; /* shares the guest slot of the entry before it */
    int layout;                       /* of AppleALC, where it is the board's sound; 0: none */
    char *layout_reason;              /* why that one, in sentences; NULL without one */
} MachineDevice;

typedef struct {
    char *name;
    const Release *release;
    MachineIdentity identity;
    bool kvm;                    /* else TCG, QEMU's own translator */
    char *type;                  /* libvirt's machine type: "q35" */
    char *cpu_model;             /* libvirt's name */
    GStrv cpu_require;           /* features to turn on */
    GStrv cpu_disable;           /* features to turn off */
    bool cpu_vendor_intel;       /* present GenuineIntel although the host is another */
    int sockets, cores, threads; /* product: the guest's logical processors */
    gint64 memory;
    gint64 huge_page; /* bytes of the reserved pages that the memory lies in; 0: ordinary memory */
    char *firmware_code, *firmware_code_format;
    char *firmware_vars, *firmware_vars_format; /* the template of the variable store */
    char *disk_bus;                             /* "sata", "virtio" */
    gint64 disk;                                /* bytes */
    char *nic_model;
    char *network;   /* "user": QEMU's user networking; "default": libvirt's network of that name;
                      * "bridge": a bridge of the host's */
    char *bridge;    /* its name; NULL: none */
    char *interface; /* its port, where it is still to be made and that is known; else NULL */
    char *usb_model;
    char *video_model;        /* "none" where a passed card is the display */
    MachineOpenCore opencore; /* as chosen */
    GPtrArray *devices;       /* of MachineDevice * */
    GPtrArray *reasons;       /* of MachineReason *, in the order in which `show` prints them */
} Machine;

MachineChoices *machine_choices_new(void);
void machine_choices_free(MachineChoices *choices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MachineChoices, machine_choices_free)

/* Reads the size of huge pages as the machine file and `new` have it: "2M", "1G", or "no" (0).
 * ERROR_INPUT. */
bool machine_read_huge_page(const char *text, gint64 *ret_bytes, GError **error);

/* Whether NAME can be a machine's: 1 to 60 of a-z A-Z 0-9 . _ -, the first a letter or digit.
 * ERROR_INPUT, with NAME made printable, says what is wrong. */
bool machine_check_name(const char *name, GError **error);

/* Reads the text of a machine file. Unknown sections and keys, and values that cannot be, are
 * ERROR_INPUT with the key and the file's NAME; addresses become full, releases their id. */
MachineChoices *machine_choices_parse(const char *text, gsize length, const char *name,
                                      const Catalog *catalog, GError **error);

/* The text of the machine file. The caller owns it. */
char *machine_choices_format(const MachineChoices *choices);

/* TEXT, that of a machine file, with one line of section GROUP changed; every other byte stays. SET
 * replaces the line with KEY or adds one, ADD always adds one, REMOVE takes out the one with KEY
 * and VALUE (NULL: any). Where a key is there more than once the last is meant. KEY is as its line
 * has it, and KEY and VALUE have no line end. The caller owns the text. */
char *machine_file_set(const char *text, const char *group, const char *key, const char *value);
char *machine_file_add(const char *text, const char *group, const char *key, const char *value);
char *machine_file_remove(const char *text, const char *group, const char *key, const char *value);

/* Fills in everything. ERROR_INPUT for a choice that cannot be (a core count that no topology
 * carries, more memory than the host has, an address that is not there); ERROR_REFUSED for what the
 * verdict says no to, unless the choices force it; ERROR_MISSING where the host lacks QEMU or
 * firmware. */
Machine *machine_fill(const char *name, const MachineChoices *choices,
                      const MachineIdentity *identity, const Facts *facts, const Catalog *catalog,
                      const Verdict *verdict, GError **error);

void machine_free(Machine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Machine, machine_free)

/* The guest's logical processors: sockets x cores x threads. */
int machine_threads(const Machine *machine);
