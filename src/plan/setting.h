/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * One assignment in somebody else's configuration file, as text: comments, order and everything
 * that is not understood stay as they are, to the letter.
 */
typedef enum {
    SETTING_SHELL,  /* NAME="VALUE", as in /etc/default/grub; the last one counts */
    SETTING_EQUALS, /* name = VALUE, as in /etc/libvirt/qemu.conf; VALUE with its quotes */
    SETTING_COLON,  /* name: VALUE, as in /etc/booster.yaml */
} SettingForm;

/* Where the assignment of NAME that counts has its value, without the quotes of a shell's. */
typedef struct {
    gsize start, length; /* bytes of the text */
    char quote;          /* `"`, `'` or 0 */
} SettingValue;

/* RET_FOUND tells whether NAME is assigned, outside comments. ERROR_REFUSED when what is assigned
 * is more than a plain value: a substitution of a command, a backslash, or several lines. */
bool setting_find(const char *text, SettingForm form, const char *name, bool *ret_found,
                  SettingValue *ret_value, GError **error);

/* The value as it stands there; NULL when it is not assigned. */
char *setting_get(const char *text, SettingForm form, const char *name, GError **error);

/* TEXT with VALUE assigned to NAME: in the place of the old value; else on a new line behind a
 * comment that shows it ("#name = ..."), or at the end. TEXT NULL is an empty one. ERROR_INPUT when
 * VALUE could not be read back. */
char *setting_set(const char *text, SettingForm form, const char *name, const char *value,
                  GError **error);
