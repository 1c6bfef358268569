/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"

#include <glib.h>
#include <stdbool.h>

/*
 * A kind of change beyond the files that it writes (Change.edits) and the command that it runs: one
 * table entry each. What an entry leaves out has nothing to do.
 */
typedef struct {
    /* What the target is now, in the words of Change.before; RET_STATE NULL: not there. */
    bool (*state)(const ApplyHost *host, const Change *change, char **ret_state, GError **error);

    /* Before anything is changed: whether the change can be made at all. */
    bool (*prepare)(const ApplyHost *host, const Change *change, GError **error);

    /* What taking the change back needs to know, read before it and after it. */
    bool (*inventory)(const ApplyHost *host, const Change *change, char **ret_text, GError **error);

    /* Takes the change back. BEFORE and AFTER are its inventories; AFTER is NULL where the change
     * was cut short. Also right when nothing is left to take back. */
    bool (*revert)(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error);

    guint timeout_s; /* of Change.command; 0: a minute */
    guint settle_s;  /* how long the state may take to become so, on a live host */
} Kind;

/* Never NULL. */
const Kind *kind_of(const Change *change);

extern const Kind KIND_PACKAGE, KIND_SERVICE, KIND_GROUP, KIND_OSTREE_ARGUMENT, KIND_NETWORK,
    KIND_TUNED, KIND_FOLDER, KIND_BRIDGE;
