/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A network card in a file of netplan's: what is said below network, ethernets, ID. Only the block
 * style of YAML is understood, in which installers and people write these files; what is not
 * understood is refused, and nothing is changed that is not asked for.
 */
typedef struct {
    GStrv lines;
    guint header;     /* the line of "ID:" */
    guint first, end; /* the lines below it */
    gsize indent;     /* of its keys */
} NetplanCard;

/* RET_FOUND: TEXT says something of the card ID. ERROR_REFUSED when it does so in a form that is
 * not understood. */
bool netplan_card_find(const char *text, const char *id, bool *ret_found, NetplanCard *ret_card,
                       GError **error);
void netplan_card_clear(NetplanCard *card);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NetplanCard, netplan_card_clear)

/* The keys of the card, in order. The caller owns it. */
GStrv netplan_card_keys(const NetplanCard *card);

/* The lines of KEY and what is below it, with INDENT spaces in place of those there are; NULL when
 * it is not there. The caller owns it. */
char *netplan_card_part(const NetplanCard *card, const char *key, guint indent);

/* The whole text without the keys in KEYS, and with `dhcp4: false` as the card's first. The caller
 * owns it. */
char *netplan_card_without(const NetplanCard *card, const char *const *keys);
