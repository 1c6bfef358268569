/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/parts.h"
#include "opencore/plist.h"
#include "opencore/schema.h"

/*
 * OpenCore's config.plist for a machine: every key of the version that Rootstock is made for, with
 * the values that this guest needs. Pure: the same input gives the same tree.
 *
 * The knowledge is in data/: opencore-settings.table, opencore-boot-args.table and
 * opencore-patches.table, each row with its condition, its reason and its source. What depends on
 * the machine (kexts, device properties, identity) is put together here.
 */

/* The version of OpenCore whose schema is followed: that of the part. */
#define MAKE_OPENCORE_VERSION "1.0.7"

/* What the guest's Mac is told to be. */
typedef struct {
    const char *serial, *board_serial;
    const char *rom; /* 12 hexadecimal digits */
    const char *uuid;
    const char *why; /* where they come from, in a sentence */
} MacIdentity;

typedef struct {
    const Machine *machine;
    const Catalog *catalog;
    const Schema *schema;
    const GPtrArray *choices; /* parts_choose() */
    const MacIdentity *identity;
    const char *network;       /* device path of the emulated network card */
    const char *const *passed; /* device path of each of machine->devices, in their order */
} MakeInput;

/* Why a value is not OpenCore's default. */
typedef struct {
    char *path;   /* key path */
    char *why;    /* in sentences */
    char *source; /* where that is known from; "" for the person's own */
} MakeReason;

typedef struct {
    PlistValue *top;
    GPtrArray *reasons; /* of MakeReason *, in the order in which they were set */
} MadeConfig;

/* ERROR_INPUT when what the person sets ([config] of the machine file) is no key or no value. */
MadeConfig *make_config(const MakeInput *input, GError **error);
void made_config_free(MadeConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MadeConfig, made_config_free)

/* The reason for the value at PATH: its own, or that of what is around it; NULL for a default. */
const MakeReason *made_config_why(const MadeConfig *config, const char *path);

/* TEXT as [config] of a machine file has it where a key takes any type and TYPE is meant, a word of
 * plist_type_name(): `hex:` before data, `int:`, `bool:`, `string:`. The caller owns it. */
char *make_typed_text(const char *type, const char *text);
