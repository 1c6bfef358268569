/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/condition.h"
#include "opencore/schema.h"

/*
 * The rules of data/opencore-rules.table: what is asked of a configuration beyond its schema.
 *
 * Checks of one value, or of its key, by what `words` says:
 *
 *   one-of A B..        it is one of these (text or number)
 *   none-of A B..       it is none of them
 *   bits MASK           no other bits are set
 *   range A B           it lies in A..B
 *   not-zero            multiple N
 *   high-byte A B..     bits 8 to 15 are one of these
 *   not-above PATH      compared with another number; not-below PATH
 *   characters CLASS    check-text.c has the classes; key-characters CLASS
 *   suffix A B..        in any case of letters
 *   length N            bytes at the most
 *   not-empty
 *   joined-length KEY N with the text of KEY beside it and a \ between
 *   darwin              version of a kernel; darwin-least N
 *   uuid A B..          or one of these words
 *   resolution WxH [@]  at least WxH, with @ also with @BITS
 *   flavour N           model
 *   device-path         key-device-path, key-device-node, key-guid
 *   serial-devices N    variable (data/opencore-nvram.table)
 *
 * Of a dictionary:
 *
 *   same-size A B [C]   data A has as many bytes as B; with C: unless B is empty and C is not
 *   mask-size A B       data A is empty or has as many bytes as B
 *   mask-bits A B       where they have, every bit of B is set in A
 *   darwin-range A B    version A is not above version B
 *   kext-parts
 *
 * Of a list:
 *
 *   unique all|enabled A B..   no two elements (that are enabled) have the same A, B..
 *   overlap A B                no two enabled elements cover the same memory from A, of B bytes
 *   kext-order, kext-parent-enabled            data/opencore-kexts.table
 *   driver-early yes|no only|except A B..      LoadEarly of these drivers, or of all others
 *   driver-order A B           where both are enabled, A comes before B
 *
 * Of the whole:
 *
 *   requires CONDITION..       all hold
 *   file FOLDER [KEY], folder FOLDER   below EFI/OC there is FOLDER/VALUE (FOLDER/KEY/VALUE)
 *   needs-file PATH            below EFI/OC there is PATH
 */
typedef enum {
    SEVERITY_ERROR,
    SEVERITY_WARNING,
} Severity;

/* A part of a rule's path. */
typedef struct {
    enum {
        PART_KEY,
        PART_ELEMENT, /* every element of an array */
        PART_ANY,     /* every key of a dictionary */
    } kind;
    char *key;
} RulePart;

typedef struct {
    char *id;
    Severity severity;
    GPtrArray *paths; /* of GPtrArray * of RulePart * */
    char *check;
    GStrv words;
    GPtrArray *when;     /* of Condition * */
    GPtrArray *requires; /* of Condition *, of the check `requires` */
    guint first, last;   /* versions of the schema */
    char *right;         /* "" where the check says it */
    char *source;
} Rule;

typedef struct {
    GPtrArray *rules; /* of Rule *, in the order of the table */
} Rules;

Rules *rules_load(const Schema *schema, GError **error);
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

/* The rule of that id, or NULL. */
const Rule *rules_find(const Rules *rules, const char *id);
