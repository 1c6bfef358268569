/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include "base/jsonwrite.h"
#include "opencore/check.h"
#include "store/opencore.h"

/* What the actions of `rootstock config` share. Each returns its exit status, or -1 with an error.
 */
int config_get(Context *context, GError **error);
int config_set(Context *context, GError **error);
int config_delete(Context *context, GError **error);
int config_validate(Context *context, GError **error);
int config_compare(Context *context, GError **error);

/* `set` and `delete` of a machine: what the person sets is a line of its machine file. */
int config_set_machine(Context *context, GError **error);
int config_delete_machine(Context *context, GError **error);

/* Whether argument INDEX is no file but the name of a machine of the store. */
bool config_names_machine(Context *context, guint index);

/* Reads the config.plist at PATH; `-` is standard input. */
PlistDocument *config_read(const char *path, GError **error);

/* The same for argument INDEX of a command that changes nothing: where it is no file but the name
 * of a machine, that machine's configuration as it would be built now. RET_MADE (may be NULL) is
 * then what it was made from, else NULL. */
PlistDocument *config_open(Context *context, guint index, OpenCoreConfig **ret_made,
                           GError **error);

/* The path of argument INDEX in the document, with an index in place of what tells an element. */
KeyPath *config_key(const Context *context, guint index, const Schema *schema,
                    const PlistDocument *document, GError **error);

/* One line `PATH = VALUE` for each plain value of VALUE at PATH, with BEFORE before it. */
void config_print_value(const Output *output, const char *before, Tone tone, const char *path,
                        const PlistValue *value);

/* What tells one Mac from another, with `*` for all but the ends: where PATH is such a key (serial
 * numbers, ROM, UUID), a text in its place, which the caller owns; else NULL. */
PlistValue *config_mask(const char *path, const PlistValue *value);

/* A copy of the configuration TOP with such texts. The caller owns it. */
PlistValue *config_masked(const PlistValue *top);

/* A value as JSON: data as a string of hexadecimal digits, and an integer that JSON's readers
 * cannot hold as a string. */
void config_write_value(JsonWrite *json, const char *key, const PlistValue *value);

/* The members that every document of the command has of what was checked. */
void config_write_result(JsonWrite *json, const Checker *checker, const CheckResult *result);

/* One value that was changed. */
typedef struct {
    char *path;
    PlistValue *before, *after; /* NULL: there is none */
} ConfigChange;

GPtrArray *config_changes_new(void);
void config_changes_add(GPtrArray *changes, const char *path, const PlistValue *before,
                        const PlistValue *after);
void config_changes_say(const Output *output, const GPtrArray *changes);

/* What an edit makes doubtful, though OpenCore takes it. BEFORE may be NULL. */
void config_warn(const Output *output, const CheckResult *result, const CheckResult *before);
void config_changes_write(JsonWrite *json, const GPtrArray *changes);
