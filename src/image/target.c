/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/target.h"

#include "base/error.h"

#include <string.h>

#define NAME_MAX_FAT 255
#define PATH_MAX_FAT 259 /* 260 with the end */
#define LABEL_MAX 11
#define DEFAULT_LABEL "ROOTSTOCK"

static const char FORBIDDEN[] = "\"*/:<>?\\|";
static const char LABEL_SIGNS[] = " $%'-_@~`!(){}^#&";

/* Names of DOS devices, which mtools and Windows refuse with any extension. */
static bool is_device(const char *name)
{
    static const char *const DEVICES[] = {"CON", "PRN", "AUX", "NUL", "COM?", "LPT?"};
    gsize length = strcspn(name, ".");
    g_autofree char *base = g_ascii_strup(name, (gssize)length);
    for (guint i = 0; i < G_N_ELEMENTS(DEVICES); i++) {
        gsize letters = strcspn(DEVICES[i], "?");
        bool digit = DEVICES[i][letters] == '?';
        if (length == letters + digit && strncmp(base, DEVICES[i], letters) == 0 &&
            (!digit || g_ascii_isdigit(base[letters])))
            return true;
    }
    return false;
}

/* What is wrong with one component, or NULL. */
static const char *find_fault(const char *name)
{
    gsize length = strlen(name);
    if (length == 0)
        return "it has an empty name in it (a slash at an end, or two in a row)";
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return "'.' and '..' are no names";
    if (length > NAME_MAX_FAT)
        return "a name in it is longer than 255 characters";
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_iscntrl(name[i]) || (guchar)name[i] > 126)
            return "only printable ASCII characters are taken";
        if (strchr(FORBIDDEN, name[i]) != NULL)
            return "FAT allows none of \" * : < > ? \\ | in a name";
    }
    if (name[0] == ' ' || name[length - 1] == ' ' || name[length - 1] == '.')
        return "a name must not begin with a space, nor end with a space or a full stop";
    if (is_device(name))
        return "a name in it is reserved for a DOS device";
    return NULL;
}

bool target_check(const char *target, GError **error)
{
    g_autofree char *shown = g_strescape(target, NULL);
    g_auto(GStrv) names = g_strsplit(target, "/", -1);
    const char *fault = strlen(target) > PATH_MAX_FAT ? "it is longer than 259 characters" : NULL;
    if (target[0] == '\0')
        fault = "it is empty";
    for (guint i = 0; fault == NULL && names[i] != NULL; i++)
        fault = find_fault(names[i]);
    if (fault == NULL)
        return true;
    return fail(error, ERROR_INPUT,
                "'%s' cannot be a file of an EFI system partition: %s. Give it another name.",
                shown, fault);
}

char *target_label(const char *label, GError **error)
{
    if (label == NULL)
        return g_strdup(DEFAULT_LABEL);
    gsize length = strlen(label);
    bool good = length > 0 && length <= LABEL_MAX && label[0] != ' ';
    for (gsize i = 0; good && i < length; i++)
        good = g_ascii_isalnum(label[i]) || strchr(LABEL_SIGNS, label[i]) != NULL;
    if (good)
        return g_ascii_strup(label, -1);
    g_autofree char *shown = g_strescape(label, NULL);
    return fail_null(error, ERROR_INPUT,
                     "'%s' cannot be the label of a FAT file system: it takes 1 to 11 letters, "
                     "digits, spaces and signs of %s, and no space first.",
                     shown, LABEL_SIGNS + 1);
}
