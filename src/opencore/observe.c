/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/observe.h"

#include <string.h>

/* OC_LOG_ENABLE, OC_LOG_SERIAL, OC_LOG_FILE of Include/Acidanthera/Protocol/OcLog.h. */
#define LOG_BITS (1 | 8 | 64)

/* What a value is to be, and why. */
typedef struct {
    const char *path;
    PlistValue *value; /* owned */
    const char *why;
} Wish;

static const PlistValue *find(const PlistDocument *document, const char *text)
{
    g_autoptr(KeyPath) path = key_path_parse(text, NULL);
    return path != NULL ? key_path_find(path, document->top, NULL) : NULL;
}

static char *describe(const PlistValue *value)
{
    if (value == NULL)
        return g_strdup("nothing");
    if (value->type == PLIST_BOOLEAN)
        return g_strdup(value->yes ? "true" : "false");
    return g_strdup(value->text != NULL ? value->text : plist_type_name(value->type));
}

static bool fulfil(PlistDocument *document, const Wish *wish, GPtrArray *changes, GError **error)
{
    g_autoptr(PlistValue) value = wish->value;
    g_autoptr(KeyPath) path = key_path_parse(wish->path, error);
    const PlistValue *old = find(document, wish->path);
    if (path == NULL)
        return false;
    if (key_path_find_parent(path, document->top, NULL) == NULL ||
        (old != NULL && plist_equal(old, value)))
        return true;
    g_autofree char *before = describe(old);
    g_autofree char *after = describe(value);
    g_ptr_array_add(changes, g_strdup_printf("%s is %s instead of %s: %s", wish->path, after,
                                             before, wish->why));
    return plist_document_set(document, path, value, error);
}

bool config_observe(PlistDocument *document, GPtrArray *changes, GError **error)
{
    const PlistValue *target = find(document, "Misc.Debug.Target");
    const PlistValue *modules = find(document, "Misc.Debug.LogModules");
    guint64 bits = target != NULL && target->type == PLIST_INTEGER && !target->negative &&
                           target->number <= 0xff
                       ? target->number
                       : 0;
    const Wish wishes[] = {
        {"Misc.Debug.Target", plist_new_unsigned(bits | LOG_BITS),
         "the log goes to the serial port and to a file."},
        {"Misc.Boot.ShowPicker", plist_new_boolean(true), "the picker is shown."},
        {"Misc.Boot.Timeout", plist_new_integer(0), "no system is started by itself."},
        /* Before 0.7.9 there is no such key, and none may be added. */
        {"Misc.Debug.LogModules", modules != NULL ? plist_new_string("*") : NULL,
         "every part of OpenCore logs."},
    };
    bool good = true;
    for (guint i = 0; i < G_N_ELEMENTS(wishes); i++)
        if (wishes[i].value != NULL)
            good = fulfil(document, &wishes[i], changes, good ? error : NULL) && good;
    return good;
}
