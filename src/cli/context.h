/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/catalog.h"
#include "cli/applied.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "facts/facts.h"
#include "machine/machine.h"
#include "os/root.h"
#include "path/path.h"
#include "store/store.h"
#include "verdict/verdict.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What the commands work on, each made when it is first asked for. What the functions return is
 * owned by the context; NULL with an error when it cannot be had.
 */
typedef struct {
    const CommandLine *line;
    Output output;
    Catalog *catalog;
    Facts *facts;
    Verdict *verdict;
    Store *store;
    GStrv machines;   /* of the store, where the path looked for one */
    char *account;    /* of who asks, where the path is this host's */
    Applied *applied; /* to this host, where the path is of a real one */
    Machine *machine; /* whose path it is, or NULL */
    Path *path;
} Context;

/* Fails (ERROR_INPUT) where the global options do not go together with the command. */
bool context_init(Context *context, const CommandLine *line, GError **error);
void context_clear(Context *context);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Context, context_clear)

const Catalog *context_catalog(Context *context, GError **error);

/* The facts of the live host, of --root or of the snapshot of --host. */
const Facts *context_facts(Context *context, GError **error);

/* The same, with serial numbers and the like; for scan alone. */
const Facts *context_private_facts(Context *context, GError **error);

const Verdict *context_verdict(Context *context, GError **error);
Store *context_store(Context *context, GError **error);

/* The path of the machine that --machine names, of the only one of the store, or of the host
 * alone. */
const Path *context_path(Context *context, GError **error);

/* The release that --os names, NULL without an error when it was not given. */
bool context_release(Context *context, const Release **ret_release, GError **error);

/* The libvirt connection that was asked for, or NULL. */
const char *context_connect(const Context *context);

/* The path of the probe's program: $ROOTSTOCK_PROBE, or the installed one. The caller owns it. */
char *context_probe(void);

/* The machine of the store that the command line names, filled in. ERROR_REFUSED when the verdict
 * says no to it by now and its file does not force it. The caller owns it. */
Machine *context_machine(Context *context, GError **error);

/* The same for any name. */
Machine *context_machine_named(Context *context, const char *name, GError **error);
