/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/plist.h"
#include "opencore/schema.h"

/*
 * Conditions of the rules, without blanks in them:
 *
 *   PATH=TEXT  PATH!=TEXT   the value as text; `PATH=` is empty. Numbers are compared as numbers
 *   PATH^=TEXT              it begins with TEXT
 *   PATH&MASK               one of these bits is set
 *   driver(FILE)  no-driver(FILE)  driver-like(PART)   enabled in UEFI.Drivers; PART in any case
 *   kext(BUNDLE)  enabled-kext(BUNDLE)                 in Kernel.Add
 *   enabled(PATH)           an element of the array at PATH is enabled
 *   variable(GUID:NAME)     it is in NVRAM.Add, the GUID in upper or lower case
 *
 * A key that is missing counts as its default.
 */
typedef enum {
    CONDITION_EQUAL,
    CONDITION_DIFFERENT,
    CONDITION_PREFIX,
    CONDITION_BITS,
    CONDITION_DRIVER,
    CONDITION_NO_DRIVER,
    CONDITION_DRIVER_LIKE,
    CONDITION_KEXT,
    CONDITION_ENABLED_KEXT,
    CONDITION_ENABLED,
    CONDITION_VARIABLE,
} ConditionKind;

typedef struct {
    ConditionKind kind;
    char *path; /* NULL where the kind has none */
    char *text; /* what it is compared with, or the name in parentheses */
} Condition;

/* NULL where TEXT is none. */
Condition *condition_parse(const char *text);
void condition_free(Condition *condition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Condition, condition_free)

/* What the conditions are asked of. */
typedef struct {
    const PlistValue *top;
    const Schema *schema;
    guint version;
} ConditionScope;

bool condition_holds(const Condition *condition, const ConditionScope *scope);

/* How things are where it does not hold: `Misc.Boot.ShowPicker is false`, `OpenRuntime.efi is not
 * enabled in UEFI.Drivers`. The caller owns it. */
char *condition_describe_failure(const Condition *condition, const ConditionScope *scope);

/* The value at a dotted path of plain keys, or the default that the schema has for it; NULL where
 * there is neither. */
const PlistValue *scope_value(const ConditionScope *scope, const char *path);

/* A boolean's value; false where it is none. */
bool scope_is_true(const ConditionScope *scope, const char *path);

/* The file of an element of UEFI.Drivers, which was a plain text up to 0.7.2; NULL where it has
 * none. */
const char *driver_file(const PlistValue *element);
bool driver_is_enabled(const PlistValue *element);

/* Whether `Enabled` of an element of an array is true. */
bool element_is_enabled(const PlistValue *element);

/* The text of KEY in a dictionary; "" where it is no text. */
const char *text_of(const PlistValue *dict, const char *key);
