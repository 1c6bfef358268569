/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/check.h"

/* What the checks share; not for other folders. */

typedef struct {
    const Checker *checker;
    const PlistDocument *document;
    const EfiTree *tree; /* NULL: not known */
    ConditionScope scope;
    CheckResult *result;
} Check;

/* A value that a rule's path leads to. */
typedef struct {
    const PlistValue *value;
    const PlistValue *holder; /* the dictionary or array around it */
    const char *key;          /* in the holder; NULL for an element */
    const char *path;
} Match;

/* Adds a finding. FORMAT is `what`; RIGHT a sentence, or "". */
void finding_add(Check *check, const char *id, Severity severity, const char *path, guint line,
                 const char *right, const char *format, ...) G_GNUC_PRINTF(7, 8);

/* The same for a rule, whose `right` is taken. */
void finding_report(Check *check, const Rule *rule, const Match *match, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* With a `right` of its own. */
void finding_report_right(Check *check, const Rule *rule, const char *path, guint line,
                          const char *right, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Keys, types, ranges and sizes (check-schema.c), and what OpenCore's reader stumbles over. */
void check_against_schema(Check *check);

/* The checks of the rules by their names. Each is called for every value of a rule's paths. */
typedef void (*CheckFunction)(Check *check, const Rule *rule, const Match *match);

typedef struct {
    const char *name;
    CheckFunction run;
} NamedCheck;

/* Ended by an entry without a name. */
extern const NamedCheck CHECKS_OF_TEXTS[], CHECKS_OF_NUMBERS[], CHECKS_OF_LISTS[],
    CHECKS_OF_KEXTS[], CHECKS_OF_VARIABLES[], CHECKS_OF_FILES[];

/* The value as text for a message, in quotes where it is one; not more than 60 letters. The caller
 * owns it. */
char *finding_show(const PlistValue *value);
