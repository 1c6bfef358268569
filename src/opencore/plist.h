/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Apple's property lists (the XML form, DTD PLIST 1.0) as trees of values.
 *
 *     g_autoptr(PlistValue) top = plist_new_dict();
 *     plist_put(top, "Path", plist_new_string("OpenRuntime.efi"));
 *     plist_put(top, "Enabled", plist_new_boolean(true));
 *     g_autofree char *text = plist_write(top);
 *
 * A dictionary keeps the order of its keys, and keeps a key that is there twice.
 */
typedef enum {
    PLIST_DICT,
    PLIST_ARRAY,
    PLIST_STRING,
    PLIST_DATA,
    PLIST_INTEGER,
    PLIST_BOOLEAN,
    PLIST_REAL,
    PLIST_DATE,
    PLIST_TYPES,
} PlistType;

/*
 * What a value's element holds that a reader of XML and OpenCore's own reader (OcXmlLib) take in
 * different ways. OpenCore does not resolve `&amp;` and the like, drops CDATA, and stops reading at
 * a comment inside a value.
 */
enum {
    PLIST_HAS_ENTITY = 1 << 0,
    PLIST_HAS_CDATA = 1 << 1,
    PLIST_HAS_COMMENT = 1 << 2,
};

/* Where a value is in the text that it was read from; all 0 for a value that was made. `start` and
 * `end` count bytes and hold its element, for a value of a dictionary without its key. */
typedef struct {
    gsize start, end;
    gsize key_start; /* of the <key> element; for others the same as `start` */
    guint line;      /* from 1 */
} PlistPlace;

typedef struct PlistValue PlistValue;

struct PlistValue {
    PlistType type;
    /* Of a string its text, of numbers and dates what was written; without white space at the ends,
     * which OpenCore's reader drops too. NULL for other types. */
    char *text;
    GByteArray *bytes;  /* of data; NULL where it is no base64 (RFC 4648) */
    GPtrArray *keys;    /* of char *, of a dictionary: one for each of `values` */
    GPtrArray *values;  /* of PlistValue *, of a dictionary or array */
    guint64 number;     /* the amount of an integer, without its sign */
    bool negative;      /* the integer is -number */
    bool number_is_bad; /* what was written is no decimal number of 64 bits */
    bool yes;           /* of a boolean */
    guint traps;        /* PLIST_HAS_*, in the element or its key */
    PlistPlace place;
};

PlistValue *plist_new_dict(void);
PlistValue *plist_new_array(void);
PlistValue *plist_new_string(const char *text);
PlistValue *plist_new_integer(gint64 number);
PlistValue *plist_new_unsigned(guint64 number);
PlistValue *plist_new_boolean(bool yes);
PlistValue *plist_new_data(const void *bytes, gsize length);
PlistValue *plist_copy(const PlistValue *value);
void plist_free(PlistValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlistValue, plist_free)

/* "dictionary", "array", "string", ...: for messages. */
const char *plist_type_name(PlistType type);

/* The entries of a dictionary or array; 0 for other values and NULL. */
guint plist_count(const PlistValue *value);
const PlistValue *plist_element(const PlistValue *value, guint index);
const char *plist_key(const PlistValue *dict, guint index);

/* The value of KEY in a dictionary, the last one where it is there twice (so OpenCore reads it);
 * NULL where it is not, and for other values and NULL. */
const PlistValue *plist_get(const PlistValue *dict, const char *key);

/* Sets KEY of a dictionary; a new key goes to the end. Takes VALUE over. */
void plist_put(PlistValue *dict, const char *key, PlistValue *value);

/* Adds VALUE, which it takes over, to the end of an array. */
void plist_append(PlistValue *array, PlistValue *value);

/* Whether an integer is one and lies in LEAST..MOST. */
bool plist_in_range(const PlistValue *integer, gint64 least, guint64 most);

/* The bytes of a data value as lower-case hexadecimal digits, "" for none. The caller owns it. */
char *plist_hex(const PlistValue *data);

/* Whether both mean the same: order of keys, comments and ways to write a number do not count, and
 * of a key that is there twice only the last value, as OpenCore reads it. */
bool plist_equal(const PlistValue *a, const PlistValue *b);

/* The whole document, as Apple's tools write it: tabs, one element a line. The caller owns it. */
char *plist_write(const PlistValue *top);

/* Adds the element of VALUE to TEXT, without white space around it. Its inner lines begin with
 * INDENT and one STEP a level, and end with EOL. */
void plist_write_value(GString *text, const PlistValue *value, const char *indent, const char *step,
                       const char *eol);

/* Adds `<key>KEY</key>`. */
void plist_write_key(GString *text, const char *key);

/* TEXT with what XML gives a meaning to as entities or references. The caller owns it. */
char *plist_escape(const char *text);
