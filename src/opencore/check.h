/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/known.h"
#include "opencore/plist-document.h"
#include "opencore/rules.h"
#include "opencore/tree.h"

/*
 * Checks a config.plist of OpenCore, anybody's, against the schema and the rules.
 *
 *     g_autoptr(Checker) checker = checker_new(&error);
 *     g_autoptr(CheckResult) result = checker_run(checker, document, NULL, NULL);
 *     for (guint i = 0; i < result->findings->len; i++) ...
 */
typedef struct {
    Schema *schema;
    Rules *rules;
    Known *known;
} Checker;

Checker *checker_new(GError **error);

/* The same by a schema that is loaded already. */
Checker *checker_new_by(Schema *schema, GError **error);
void checker_free(Checker *checker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Checker, checker_free)

/* Which version's schema a file fits. */
typedef struct {
    guint version;     /* the newest release that it fits best */
    guint first, last; /* versions, around that one, that it fits as well */
    bool exact;        /* no key is missing, unknown or of another type */
} SchemaFit;

SchemaFit schema_fit(const Schema *schema, const PlistValue *top);

typedef struct {
    char *id; /* of the rule: data/opencore-rules.table, or one of check-schema.c */
    Severity severity;
    char *path;  /* key path; "" for the file as a whole */
    guint line;  /* of the value, or of what should hold it; 0: not known */
    char *what;  /* what is wrong, to follow the path: "is 'Foo', which ..." */
    char *right; /* what would be right: a sentence, or "" */
} Finding;

typedef struct {
    SchemaFit fit;
    guint version;       /* that the file was checked for */
    GPtrArray *findings; /* of Finding *, in the order of their lines */
    guint errors, warnings;
} CheckResult;

/*
 * VERSION is the name of a version of OpenCore, or NULL for the one that the file fits best. TREE
 * is what lies in the folder OC, or NULL when that is not known. NULL with ERROR_INPUT only for a
 * version that is not known.
 */
CheckResult *checker_run(const Checker *checker, const PlistDocument *document, const char *version,
                         const EfiTree *tree, GError **error);

void check_result_free(CheckResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckResult, check_result_free)

/* `PATH WHAT. RIGHT`. The caller owns it. */
char *finding_sentence(const Finding *finding);

/* An error of RESULT that an edit has made: BEFORE has none of its rule at its path, and fewer of
 * its rule at such paths. NULL: there is none. */
const Finding *check_new_error(const CheckResult *result, const CheckResult *before);

/* The warnings of RESULT that an edit has made, told as above, of const Finding *. The caller frees
 * the list, which refers to RESULT. */
GPtrArray *check_new_warnings(const CheckResult *result, const CheckResult *before);
