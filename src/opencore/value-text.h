/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/plist.h"
#include "opencore/schema.h"

/*
 * Plain values as people type them.
 *
 *     string   the text as it is
 *     integer  decimal, or hexadecimal with 0x
 *     boolean  true, false (yes, no)
 *     data     hexadecimal digits, two a byte, with spaces where one likes: e7 03 00 00; or base64
 *              with `base64:` before it
 */

/* A plain value of TYPE from TEXT. ERROR_INPUT says what is wrong with it. The caller owns it. */
PlistValue *value_text_parse(PlistType type, const char *text, GError **error);

/*
 * A value for NODE of the schema: plain text as above, and for a dictionary or array the JSON of
 * one, where plain values are strings as above, numbers or booleans. Keys of a dictionary that are
 * not said get their defaults. TYPE is for a node that takes several. ERROR_INPUT, naming the key.
 */
PlistValue *value_text_parse_for(const SchemaNode *node, guint version, PlistType type,
                                 const char *text, GError **error);

/* A plain value in the form that value_text_parse() reads. The caller owns it. */
char *value_text_format(const PlistValue *value);
