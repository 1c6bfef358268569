/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/make.h"
#include "opencore/traits.h"

/*
 * What the files that make a configuration share; not for others.
 */
typedef struct {
    const MakeInput *input;
    guint version; /* of the schema */
    Traits *traits;
    MadeConfig *config;
} Maker;

/* make-set.c. Sets PATH to what VALUE says in the type that the schema gives it. Where any type is
 * good, `hex:` and `base64:` mark data, `int:` a number, and all else keeps the type that is there
 * or is a string. Dictionaries above it are made where their keys are free. */
bool maker_set(Maker *maker, const char *path, const char *value, const char *why,
               const char *source, GError **error);

/* Adds VALUE, which it takes over, to the array at PATH, or sets it there. */
bool maker_put(Maker *maker, const char *path, PlistValue *value, const char *why,
               const char *source, GError **error);

/* A new entry of the array at PATH with the schema's defaults; NULL with an error. */
PlistValue *maker_new_entry(const Maker *maker, const char *path, GError **error);

/* make-tables.c. The rows that this machine's traits asks for. */
bool make_settings(Maker *maker, GError **error);
bool make_boot_args(Maker *maker, GError **error);
bool make_patches(Maker *maker, GError **error);

/* make-files.c: ACPI.Add, Kernel.Add, UEFI.Drivers and Misc.Tools. */
bool make_files(Maker *maker, GError **error);

/* make-machine.c: DeviceProperties, PlatformInfo, what was chosen, and the person's own. */
bool make_devices(Maker *maker, GError **error);
bool make_identity(Maker *maker, GError **error);
bool make_chosen(Maker *maker, GError **error);
bool make_own(Maker *maker, GError **error);

/* The GUID of Apple's variables for boot. */
#define APPLE_BOOT "7C436110-AB2A-4BBB-A880-FE41995C9F82"
