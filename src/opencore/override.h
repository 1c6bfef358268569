/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "opencore/plist.h"
#include "opencore/schema.h"

/*
 * What a person sets of config.plist themselves: [config] of the machine file, as a list of
 * MachineSetting. Pure.
 */

/* A key path in the one way in which it is written down, with what tells an element apart in place
 * of its number in TOP (NULL: not known), as another build may number them otherwise. TEXT itself
 * where it is no key path. The caller owns it. */
char *override_path(const Schema *schema, const PlistValue *top, const char *text);

/* The path of what SETTING makes: its own, or of `UEFI.Drivers[+]` that of the new element where
 * something tells it apart. The caller owns it. */
char *override_made(const Schema *schema, const MachineSetting *setting);

/* Whether PATH is AROUND or names something in it; both as above. */
bool override_is_in(const char *path, const char *around);

/* VALUE as a machine file takes it for the key PATH: with its type before it where the key takes
 * any, and TYPE (a word of plist_type_name(), or NULL) says one. ERROR_INPUT where a line of the
 * file cannot hold it. The caller owns it. */
char *override_value(const Schema *schema, const char *path, const char *value, const char *type,
                     GError **error);
