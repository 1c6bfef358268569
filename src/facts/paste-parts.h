/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/table.h"
#include "facts/facts.h"
#include "facts/paste-text.h"
#include "facts/paste-uses.h"

enum { PASTE_TERMINAL_WIDTH = 80 };

typedef struct PasteTree PasteTree;
typedef struct PasteTable PasteTable;
typedef struct PasteItem PasteItem;
typedef struct PasteCpu PasteCpu;

/* What is read from the text so far. */
typedef struct {
    Facts *facts;
    bool recognised;
    bool too_many; /* more functions than are kept */

    GHashTable *items;      /* PciFunction * by address; facts->pci owns them */
    GHashTable *told_twice; /* the places in FACTS of what was said in two ways */
    GHashTable *loose;      /* char * by place in FACTS: names that programs shorten, which count
                             * where nothing else tells them; NULL: told in two ways */
    int loose_chassis;      /* such a number */
    GHashTable *classes;    /* class code by name, lower case */
    GHashTable *buses; /* PciFunction *, the bridge, by "0000:01", the bus behind it; NULL: told
                        * in two ways */

    GHashTable *behind; /* char * by address: what paths tell a function to hang on; NULL: told in
                         * two ways */

    PciFunction *current; /* the function whose properties follow; NULL: none */
    guint indent;         /* of its line */
    bool property_before; /* the line before was a property of it */
    bool driver_told;     /* a driver was named since its line */
    bool record;          /* it came from lspci -vmm */
    int bar_count;
    GString *unfinished; /* its line, when that was wrapped before the ids; empty: it was not */
    bool subsystem_open; /* so was the line of its subsystem */
    bool numbered;       /* its line has the ids, which end it */
    guint wraps;         /* lines that were the rest of the line before */
    gsize width_before;  /* of the line before */

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

    PasteTree *tree;   /* lspci -t; NULL: none goes on */
    PasteTable *table; /* a table with known columns; NULL: none goes on */
    PasteItem *item;   /* of inxi, lshw or JSON; NULL: none goes on */
    char *json_field;  /* of lscpu -J, whose data follow */

    char *command;      /* what was typed on the line before; NULL: that was no prompt */
    bool keep_command;  /* it goes on to show what was asked for */
    bool named;         /* by a prompt with the names of a person and a computer */
    char *section;      /* dmidecode's heading */
    gint64 line;        /* number of this line */
    int number;         /* that the text itself gave the last line with one */
    bool double_spaced; /* every other line is blank */
    guint blanks;       /* blank lines before this one */
    PasteCpu *cpu;
    PciFunction *boot_display;          /* that the log told last */
    Table *placeholders;                /* of names that mean nothing */
    GPtrArray *usb_listed, *usb_logged; /* of UsbDevice *: of lsusb, and of the kernel's log */
    GArray *usb_buses;                  /* of int: the bus that each of USB_LISTED is on */
    GHashTable *usb_controllers;        /* address by bus number; "" for two */
    AudioCodec *codec;                  /* the one whose properties follow; NULL: none */
    bool distributor;                   /* the line before was lsb_release's "Distributor ID:" */
    bool free_head;                     /* it was the head of the table of free */
} Paste;

/* paste-values.c. These set what was unknown; what was said otherwise before becomes unknown, and
 * stays so. */
void paste_int(Paste *paste, int *place, int value);
void paste_size(Paste *paste, gint64 *place, gint64 value);
void paste_tri(Paste *paste, Tri *place, Tri value);
void paste_text(Paste *paste, char **place, const char *value);
/* The same for a name that a program shortens, which counts where nothing else tells it. */
void paste_text_loosely(Paste *paste, char **place, const char *value);
void paste_loose_finish(Paste *paste);
/* A name of SMBIOS; one that nobody filled in says nothing. */
void paste_dmi(Paste *paste, char **place, const char *value);

/* paste-chassis.c. The kind of the case by dmidecode's name of it, by its number, and by a word
 * that may stand for several, which counts where nothing else tells it. NAME and WORD may be NULL.
 */
void paste_chassis(Paste *paste, const char *name);
void paste_chassis_number(Paste *paste, const char *value);
void paste_chassis_loosely(Paste *paste, const char *word);
void paste_chassis_finish(Paste *paste);

/* The value of a line "KEY: VALUE", stripped, or NULL. KEY in lower case; the line's may have any
 * case and white space before the colon. Points into LINE. */
const char *paste_value(const char *line, const char *key);
/* Whether one of WORDS (ended by NULL) is in TEXT; FIRST has the letters that they begin with. */
bool paste_has_any(const char *text, const char *first, const char *const *words);
/* Decimal digits at TEXT up to MAX, or UNKNOWN; *RET_REST (may be NULL) is what follows. */
int paste_decimal(const char *text, int max, const char **ret_rest);
/* Two hexadecimal digits right after WORDS in TEXT, or UNKNOWN. */
int paste_hex2_after(const char *text, const char *words);
/* Four hexadecimal digits at TEXT that no other follows, or UNKNOWN. */
int paste_hex4(const char *text);
/* "[1002:73ff]" or "1002:73ff" at TEXT. */
bool paste_ids(const char *text, int *ret_vendor, int *ret_device, const char **ret_rest);
/* What follows WORDS in TEXT, or NULL. */
const char *paste_after(const char *text, const char *words);

/* paste-prompt.c. What was typed, and the name of the computer in the prompt (NULL: none is told).
 * Points into the line. */
typedef struct {
    const char *command;
    const char *name;
    gsize name_length;
} PastePrompt;

bool paste_prompt(const PasteLine *line, PastePrompt *prompt);
/* The command without sudo; the caller owns it. */
char *paste_command(const PastePrompt *prompt);
/* Whether the line begins or ends a block of code. */
bool paste_is_fence(const PasteLine *line);

/* paste-sections.c. Parts of a text that different commands showed, and which of them are of a
 * guest. */
typedef struct PasteSections PasteSections;
typedef struct {
    guint number;
    char *name;                                /* of the computer in the prompt; NULL: not told */
    bool first, processor, architecture, boot; /* what there was in it */
} PasteSection;

PasteSections *paste_sections_find(const char *text, gsize length);
void paste_sections_free(PasteSections *sections);
/* Whether all that was shown is a virtual machine's. */
bool paste_is_virtual(const PasteSections *sections);
/* Whether every other line is blank. */
bool paste_is_double_spaced(const PasteSections *sections);
/* Whether a section begins with LINE; PROMPT is NULL where it is none. */
bool paste_section_walk(PasteSection *section, const PasteLine *line, const PastePrompt *prompt);
void paste_section_clear(PasteSection *section);
/* Whether it is to be left out: of a guest, where others are of its host. */
bool paste_section_is_guest(const PasteSections *sections, const PasteSection *section);

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
/* FUNCTION is the one that the next lines are about. */
void paste_begin_function(Paste *paste, PciFunction *function, bool record);
void paste_claim(Paste *paste, PciFunction *function, int group);
/* CLASS has 16 bits; INTERFACE is the programming interface or UNKNOWN. */
void paste_class(Paste *paste, PciFunction *function, int class, int interface);
/* A BAR that is told with its number. */
void paste_bar(PciFunction *function, const PciBar *bar);
/* The class that lspci calls so, 16 bits, or UNKNOWN. */
int paste_class_named(const Paste *paste, const char *name, gsize length);
void paste_driver(Paste *paste, PciFunction *function, const char *name);
/* Whether a module can be called so. */
bool paste_is_driver(const char *name);
/* Vendor and device in one, as lspci writes them. */
void paste_name(PciFunction *function, const char *name);
/* What is behind BRIDGE: bus BUS of its domain. */
void paste_bus(Paste *paste, PciFunction *bridge, int bus);
/* A path leads to ADDRESS by way of PARENT ("": a root bus). */
void paste_behind(Paste *paste, const char *address, const char *parent);
void paste_pci_finish(Paste *paste);

/* paste-complete.c. A function comes next in the list; the list ends; LINE marks that something was
 * left out ("...", "[snip]"). */
void paste_run_add(Paste *paste, PciFunction *function);
void paste_run_end(Paste *paste);
bool paste_is_cut(const char *line);
void paste_complete_finish(Paste *paste);

/* These return whether the line was one of theirs. */
bool paste_take_function(Paste *paste, const char *text, int group);
bool paste_take_wrapped(Paste *paste, const PasteLine *line);
bool paste_take_property(Paste *paste, const PasteLine *line);
bool paste_take_record(Paste *paste, const PasteLine *line);
bool paste_take_group(Paste *paste, const PasteLine *line);
bool paste_take_tree(Paste *paste, const PasteLine *line);
bool paste_take_table(Paste *paste, const PasteLine *line);
bool paste_take_item(Paste *paste, const PasteLine *line);
bool paste_take_link(Paste *paste, const PasteLine *line);
bool paste_take_log(Paste *paste, const PasteLine *line);
bool paste_take_boot(Paste *paste, const char *text);
/* The address right before AT: "pci 0000:01:00.0: Adding to ..." The caller owns it. */
char *paste_address_before(const char *text, const char *at);
bool paste_take_vfio(Paste *paste, const PasteLine *line);
bool paste_take_sysfs(Paste *paste, const PasteLine *line);
/* After everything was read, and where nothing is to be kept. */
void paste_sysfs_finish(Paste *paste);
bool paste_take_cpu(Paste *paste, const PasteLine *line);
bool paste_take_usb(Paste *paste, const PasteLine *line);
bool paste_take_audio(Paste *paste, const PasteLine *line);
bool paste_take_system(Paste *paste, const PasteLine *line);
bool paste_take_shown(Paste *paste, const PasteLine *line);
bool paste_take_host(Paste *paste, const PasteLine *line);
void paste_end_header(Paste *paste);
void paste_end_item(Paste *paste);
void paste_item_free(PasteItem *item);
void paste_tree_free(PasteTree *tree);
/* NULL and ERROR where the tables of words cannot be read. */
PasteCpu *paste_cpu_new(GError **error);
void paste_cpu_free(PasteCpu *cpu);
void paste_cpu_block_end(Paste *paste);
void paste_cpu_finish(Paste *paste);

/* paste-usb.c: what it keeps in PASTE, and the facts of it. */
void paste_usb_begin(Paste *paste);
void paste_usb_finish(Paste *paste);
void paste_usb_clear(Paste *paste);

/* Whether WORD is a machine's kind as uname -m names it. */
bool paste_is_architecture(const char *word);
