/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "store/store.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Makes what is missing or out of date of a machine. What a guest has written to is never
 * overwritten.
 */
typedef enum {
    BUILD_DISK = 1 << 0,     /* disk.qcow2 and nvram.fd */
    BUILD_DOMAIN = 1 << 1,   /* domain.xml */
    BUILD_PROBE = 1 << 2,    /* probe.img, which all machines of the store share */
    BUILD_OPENCORE = 1 << 3, /* opencore.img */
} BuildPart;

#define BUILD_ALL (BUILD_DISK | BUILD_DOMAIN | BUILD_PROBE | BUILD_OPENCORE)

/* "disk", "domain", "probe", "opencore" */
const char *build_part_name(BuildPart part);
bool build_part_from_name(const char *name, BuildPart *ret_part);

typedef enum {
    BUILD_KEPT,
    BUILD_MADE,
    BUILD_UPDATED,
    BUILD_MISSING, /* it was not made, since something that it needs is not here */
} BuildAction;

/* "kept", "made", "updated", "missing" */
const char *build_action_name(BuildAction action);

/* One file, what was done to it and why, in a sentence. */
typedef struct {
    BuildPart part;
    BuildAction action;
    char *path;
    char *why;
} BuildResult;

/*
 * Builds PARTS (BuildPart, or-ed) of a stored MACHINE. PROBE is the path of the probe's program; it
 * is needed for BUILD_PROBE alone. Returns the results (of BuildResult *) in the order in which it
 * was done. On an error each file is either as it was or as it was to be.
 *
 * Where the boot loader was not fetched, BUILD_OPENCORE alone is ERROR_MISSING; with other parts it
 * is a result, and the others are made.
 */
GPtrArray *store_build(Store *store, const Machine *machine, const Catalog *catalog,
                       const char *probe, guint parts, GError **error);

/* Takes the boot loader's image before the newest again, and keeps the newest in its place.
 * ERROR_REFUSED when there is none before it, ERROR_FAILED while a guest has it open. */
GPtrArray *store_rollback(Store *store, const char *name, GError **error);

/* The path of STORE/probe.img, which is made when it is missing or holds another PROBE. The caller
 * owns it. */
char *store_probe_image(Store *store, const char *probe, GError **error);

/* A machine of the store in its two forms, with its own files. The caller owns them. */
char *store_domain_xml(const Store *store, const Machine *machine, GError **error);
GStrv store_qemu_argv(const Store *store, const Machine *machine, GError **error);
