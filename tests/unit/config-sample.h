/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/check.h"

/*
 * What tests of OpenCore's configuration share: a config.plist made from the schema's defaults,
 * with one entry in every list, in which nothing is wrong; and ways to break it.
 */

/* The schema and the rules, loaded once. */
const Checker *sample_checker(void);

/* A configuration of that version without any finding. The caller owns it. */
PlistValue *sample_config(guint version);

/* PATTERN (`Kernel.Add[].Path`, `NVRAM.Add.*.*`) as the path of the sample's entry. The caller owns
 * it. */
char *sample_path(const char *pattern);

/* Sets, removes or finds what is at a key path; the dictionary or array around it must be there.
 * Takes VALUE over. */
void sample_set(PlistValue *top, const char *path, PlistValue *value);
void sample_remove(PlistValue *top, const char *path);
PlistValue *sample_at(PlistValue *top, const char *path);

/* Adds a driver that is on; its number in UEFI.Drivers. */
guint sample_add_driver(PlistValue *top, guint version, const char *file);

/* Adds a kext; its number in Kernel.Add. */
guint sample_add_kext(PlistValue *top, guint version, const char *bundle, bool enabled);

/* Checks TOP for VERSION. The caller owns the result. */
CheckResult *sample_check(const PlistValue *top, guint version, const EfiTree *tree);

/* Whether RESULT has the finding ID at PATH. */
bool sample_has(const CheckResult *result, const char *id, const char *path);

/* Asserts it, and says what there is instead. */
void assert_finding(const CheckResult *result, const char *id, const char *path);
void assert_no_finding(const CheckResult *result);

/* How many times assert_finding() has found what it asked for. */
guint sample_found(void);
