/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "facts/paste-uses.h"

/* One line of the text, without colours, control characters, marks of quotes and drawings. */
typedef struct {
    char *text;   /* from the first character that is neither white space nor decoration */
    guint indent; /* columns before it */
    bool plain;   /* there was only white space before it */
} PasteLine;

/* What is read from the text so far. */
typedef struct {
    Facts *facts;
    bool recognised;
    bool too_many; /* more functions than are kept */

    GHashTable *items;      /* PciFunction * by address; facts->pci owns them */
    GHashTable *told_twice; /* the places in FACTS of what was said in two ways */
    GHashTable *classes;    /* class code by name, lower case */

    PciFunction *current; /* the function whose properties follow; NULL: none */
    bool property_before; /* the line before was a property of it */
    bool driver_told;     /* a driver was named since its line */
    bool record;          /* it came from lspci -vmm */
    int bar_count;

    int header;           /* the group whose members follow; UNKNOWN: none */
    guint header_indent;  /* of the header's line */
    gint64 member_indent; /* of its first member; UNKNOWN: none yet */
    GHashTable *members;  /* addresses that were listed below this header */

    GHashTable *torn; /* groups that a function was said to be in and not to be in */
    GArray *bare;     /* of BareClaim: numbers before addresses that may be groups */

    GPtrArray *run;    /* the list that began with 00:00.0 and goes on in order */
    char *run_command; /* what was typed before it */
    bool whole_list;   /* such a list was whole */
    bool cut;          /* there are marks that something was left out */
    bool two_hosts;    /* one address has two devices */

    PasteUses *uses; /* of devices; NULL: nothing yet */

    char *command;      /* what was typed on the line before; NULL: that was no prompt */
    char *section;      /* dmidecode's heading */
    GString *flags;     /* the processor's flags, whose line may go on; NULL: none */
    char *flags_before; /* the flags of the processor before */
    bool flags_open;
    bool flags_broken;
    int core_per_socket, sockets, cpus; /* of lscpu */
    int siblings, cpu_cores;            /* of /proc/cpuinfo */
    GArray *threads;                    /* of CpuThread */
    GPtrArray *usb_listed, *usb_logged; /* of UsbDevice *: of lsusb, and of the kernel's log */
    GArray *usb_buses;                  /* of int: the bus that each of USB_LISTED is on */
    GHashTable *usb_controllers;        /* address by bus number; "" for two */
    AudioCodec *codec;                  /* the one whose properties follow; NULL: none */
} Paste;

/* Sets what was unknown; what was said otherwise before becomes unknown, and stays so. */
void paste_int(Paste *paste, int *place, int value);
void paste_tri(Paste *paste, Tri *place, Tri value);
void paste_text(Paste *paste, char **place, const char *value);

/* Splits the line [START, START + LENGTH) off into BUFFER. */
PasteLine paste_line(GString *buffer, const char *start, gsize length);

/* paste-pci.c */
typedef struct {
    int group;
    guint line; /* running number among the lines with such a number */
    PciFunction *function;
} BareClaim;

/* An address at the start of TEXT; *RET_REST is what follows it. The caller owns the result. */
char *paste_address(const char *text, const char **ret_rest);
/* The function at ADDRESS, which is made when it is new; NULL when there are too many. */
PciFunction *paste_function(Paste *paste, const char *address);
void paste_claim(Paste *paste, PciFunction *function, int group);
void paste_pci_finish(Paste *paste);
/* "[1002:73ff]" or "1002:73ff" at TEXT. */
bool paste_ids(const char *text, int *ret_vendor, int *ret_device, const char **ret_rest);
/* Four hexadecimal digits at TEXT that no other follows, or UNKNOWN. */
int paste_hex4(const char *text);

/* paste-complete.c. A function comes next in the list; the list ends; LINE marks that something was
 * left out ("...", "[snip]"). */
void paste_run_add(Paste *paste, PciFunction *function);
void paste_run_end(Paste *paste);
bool paste_is_cut(const char *line);
void paste_complete_finish(Paste *paste);

/* These return whether the line was one of theirs. */
bool paste_take_function(Paste *paste, const char *text, int group);
bool paste_take_property(Paste *paste, const PasteLine *line);
bool paste_take_record(Paste *paste, const PasteLine *line);
bool paste_take_group(Paste *paste, const PasteLine *line);
bool paste_take_log(Paste *paste, const PasteLine *line);
bool paste_take_vfio(Paste *paste, const PasteLine *line);
bool paste_take_sysfs(Paste *paste, const PasteLine *line);
/* After everything was read, and where nothing is to be kept. */
void paste_sysfs_finish(Paste *paste);
bool paste_take_cpu(Paste *paste, const PasteLine *line);
bool paste_take_system(Paste *paste, const PasteLine *line);
bool paste_take_usb(Paste *paste, const PasteLine *line);
bool paste_take_audio(Paste *paste, const PasteLine *line);
void paste_end_header(Paste *paste);
void paste_cpu_finish(Paste *paste);

/* paste-usb.c: what it keeps in PASTE, and the facts of it. */
void paste_usb_begin(Paste *paste);
void paste_usb_finish(Paste *paste);
void paste_usb_clear(Paste *paste);

/* Whether WORD is a machine's kind as uname -m names it. */
bool paste_is_architecture(const char *word);

/* The value of a line "KEY: VALUE", stripped, or NULL. KEY in lower case; the line's may have any
 * case and white space before the colon. Points into LINE. */
const char *paste_value(const char *line, const char *key);
/* Decimal digits at TEXT up to MAX, or UNKNOWN; *RET_REST (may be NULL) is what follows. */
int paste_decimal(const char *text, int max, const char **ret_rest);
