/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "store/store.h"

/*
 * The identity of the Mac that a guest is told to be, in mac.ini beside the machine file: readable
 * by its owner only. A machine that is copied has none and gets one of its own.
 */
typedef enum {
    MAC_OWN,         /* the person's, from the machine file */
    MAC_MADE,        /* made by macserial */
    MAC_PLACEHOLDER, /* numbers that no Mac has, by their form */
} MacOrigin;

typedef struct {
    MacOrigin origin;
    char *model; /* that they were made for */
    char *serial, *board_serial;
    char *rom; /* 12 hexadecimal digits */
} Mac;

void mac_free(Mac *mac);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mac, mac_free)

/* The machine's numbers: the person's own, those that are kept, or new ones. MACSERIAL is the path
 * of that program, or NULL: placeholders then, until it is there. KEEP writes new ones down. No two
 * machines of the store get the same. */
Mac *mac_of(const Store *store, const Machine *machine, const char *macserial, bool keep,
            GError **error);

/* "own", "macserial", "placeholder" */
const char *mac_origin_name(MacOrigin origin);

/* Where the numbers come from, in a sentence; static. */
const char *mac_origin_text(MacOrigin origin);

/* TEXT with all but the first and last two characters as `*`. The caller owns it. */
char *mac_masked(const char *text);
