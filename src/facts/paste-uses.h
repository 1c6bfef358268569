/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * What a pasted text tells of the use of devices: disks, network cards, displays. The outputs say
 * it in pieces, which are put together at its end.
 */
typedef struct {
    GPtrArray *blocks;  /* of BlockDevice * */
    GHashTable *linked; /* names of whole disks whose place was told */
    GHashTable *listed; /* names of block devices of which lsblk tells */
    bool contents;      /* it told of any what is in it */

    GPtrArray *interfaces; /* of NetInterface * */
    bool interface_links;  /* their places were told */
    GHashTable *routes;    /* names of those that a default route leaves by */

    GPtrArray *displays;   /* of DisplayFacts *, cards */
    char *frame_buffer;    /* function of fb0: "" where the firmware set it up; NULL: not told */
    bool no_frame_buffer;  /* the frame buffers were told, and it was not among them */
    GHashTable *devices;   /* numbers of cards that sessions have: "226:0" */
    bool sessions;         /* sessions were told */
    bool graphical;        /* one of them is */
    bool open_session;     /* and it has no card yet */
    bool untold;           /* the cards of one are not told */
} PasteUses;

PasteUses *paste_uses_new(void);
void paste_uses_free(PasteUses *uses);

/* Each takes a line of a command's output and returns whether it was one:
 * - `ls -l` of /sys/block, /sys/class/net, /sys/class/net/X/master, /sys/class/drm and
 *   /sys/class/graphics;
 * - "/sys/class/drm/card0-HDMI-A-1/status:connected", as grep shows it, after the link of card0;
 * - `lsblk -P` with KNAME, PKNAME, TYPE, FSTYPE and MOUNTPOINT;
 * - `ip route`;
 * - TYPE= and DEVICES= of /run/systemd/sessions. */
bool paste_uses_link(PasteUses *uses, const char *line);
bool paste_uses_status(PasteUses *uses, const char *line);
bool paste_uses_lsblk(PasteUses *uses, const char *line);
bool paste_uses_route(PasteUses *uses, const char *line);
bool paste_uses_session(PasteUses *uses, const char *line);

/* Puts into FACTS what is known of the use of devices, after everything was read. */
void paste_uses_finish(PasteUses *uses, Facts *facts);
