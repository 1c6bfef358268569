/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/resolver.h"

#include <glib.h>
#include <stdbool.h>

/*
 * A bridge of the host with a network card as its port: what network managers are to be told, and
 * which one it is that runs the card. The bridge gets what the card had: addresses, the way it asks
 * for them, and its MAC address, so that a DHCP server gives the same one.
 */
typedef struct {
    Resolver *resolver;
    const Goal *goal;
    const char *bridge;    /* "br0" */
    const char *interface; /* "enp3s0", its port to be */
    char *mac;             /* of the interface, "52:54:00:12:34:56" */
    gint64 index;          /* the kernel's number of it */
} Bridge;

typedef struct {
    const char *name; /* "systemd-networkd" */

    /* Whether it runs the interface now. */
    bool (*runs)(const Bridge *bridge);

    /* Adds the changes to the plan. ERROR_REFUSED says what is in the way, and what to do. */
    bool (*change)(const Bridge *bridge, GError **error);
} BridgeManager;

extern const BridgeManager BRIDGE_NETWORKD, BRIDGE_NETPLAN, BRIDGE_NETWORK_MANAGER, BRIDGE_IFUPDOWN;

/* How it is done by hand, as the end of a refusal. */
#define BRIDGE_BY_HAND "`rootstock guide bridge` says how to make the bridge by hand."

/* bridge.c: adds one change each. A file of our own; a text in somebody else's, whose setting is
 * called NAME; a command whose way back is REVERT (NULL: none). */
bool bridge_add_file(const Bridge *bridge, ChangeRank rank, const char *path, const char *text,
                     bool secret, GError **error);
bool bridge_add_edit(const Bridge *bridge, const char *path, const char *before, const char *after,
                     const char *name, GError **error);
bool bridge_add_command(const Bridge *bridge, ChangeRank rank, const char *target,
                        const char *const *argv, const char *const *revert, GError **error);

/* The command after which the bridge is there, with the interface as its port. */
bool bridge_add_switch(const Bridge *bridge, ChangeRank rank, const char *const *argv,
                       const char *const *revert, GError **error);

/* bridge-guard.c: the timer that takes the plan back. */
bool bridge_add_guard(const Bridge *bridge, GError **error);

/* bridge-state.c: what the interface is now, in the words of KIND_BRIDGE, if the bridge gets all
 * that the interface has. The caller owns it. */
char *bridge_state_wanted(const OsRoot *root, const char *interface);

/* Whether the interface is a port of the bridge. */
bool bridge_has_port(const OsRoot *root, const char *bridge, const char *interface);

/* bridge-networkd.c: what systemd-networkd says of the interface: KEY of its state file, NULL when
 * it has none; and the identity association that its DHCP client uses, -1 when that is unknown. The
 * caller owns the text. */
char *networkd_link_value(const Bridge *bridge, const char *key);
gint64 networkd_iaid(const Bridge *bridge);

/* bridge-networkmanager.c: the file of the profile that is active on the interface; NULL when it is
 * kept in memory alone. RET_UUID is NULL when NetworkManager does not run the interface. The caller
 * owns both. */
char *network_manager_profile(const Bridge *bridge, char **ret_uuid);

/*
 * bridge-text.c: files with [SECTIONS] and KEY=VALUE lines, as systemd and NetworkManager have
 * them; a section may be there several times.
 */

/* The sections of TEXT whose names are in NAMES, or with OTHERS all the others, to the letter, each
 * with a blank line before it. The caller owns it. */
char *sections_of(const char *text, const char *const *names, bool others);

/* The value of KEY in the first section NAME that has it; NULL: none has. The caller owns it. */
char *section_value(const char *text, const char *name, const char *key);

/* The value of KEY=VALUE lines without sections (run/systemd/netif). The caller owns it. */
char *line_value(const char *text, const char *key);
