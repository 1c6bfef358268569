/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/paste-parts.h"

/* What several lines tell of one thing, until the next one begins. */
typedef enum {
    ITEM_LSHW,    /* a node of lshw */
    ITEM_JSON,    /* an object of pvesh --output-format json */
    ITEM_NODEDEV, /* virsh nodedev-dumpxml */
    ITEM_INXI,    /* a section of inxi */
} ItemKind;

struct PasteItem {
    ItemKind kind;
    char *title;   /* lshw's name of the node, inxi's of the section */
    char *address; /* of a PCI function; NULL: it is none, or not told */
    char *class_name, *product, *vendor_name, *version, *date;
    char *driver;              /* "": none is bound */
    int class_code, interface; /* 16 and 8 bits */
    int vendor, device, revision, group;
    int subsystem_vendor, subsystem_device;
    bool in_driver; /* nodedev: within its element */
    GString *text;  /* inxi: the lines, as one */
};

/* Ends the item before, and begins one. TITLE may be NULL. */
PasteItem *paste_begin_item(Paste *paste, ItemKind kind, const char *title);

/* paste-inxi.c */
bool paste_take_inxi(Paste *paste, const PasteLine *line);
void paste_inxi_end(Paste *paste, const PasteItem *item);

/* paste-json.c */
bool paste_is_json(const char *text);
bool paste_take_json(Paste *paste, const char *text);
