/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "opencore/value-text.h"

static void change_free(ConfigChange *change)
{
    g_free(change->path);
    plist_free(change->before);
    plist_free(change->after);
    g_free(change);
}

GPtrArray *config_changes_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
}

void config_changes_add(GPtrArray *changes, const char *path, const PlistValue *before,
                        const PlistValue *after)
{
    ConfigChange *change = g_new0(ConfigChange, 1);
    change->path = g_strdup(path);
    change->before = before != NULL ? plist_copy(before) : NULL;
    change->after = after != NULL ? plist_copy(after) : NULL;
    g_ptr_array_add(changes, change);
}

void config_changes_say(const Output *output, const GPtrArray *changes)
{
    for (guint i = 0; i < changes->len; i++) {
        const ConfigChange *change = g_ptr_array_index(changes, i);
        bool plain = change->after != NULL && change->after->values == NULL;
        g_autofree char *after = plain ? value_text_format(change->after) : NULL;
        if (change->after == NULL)
            output_note(output, "%s is deleted.", change->path);
        else if (plain)
            output_note(output, "%s is now %s", change->path, *after != '\0' ? after : "empty");
        else
            output_note(output, "%s is set.", change->path);
    }
    if (changes->len == 0)
        output_note(output, "Nothing had to be changed.");
}

void config_warn(const Output *output, const CheckResult *result, const CheckResult *before)
{
    g_autoptr(GPtrArray) warnings = before != NULL ? check_new_warnings(result, before) : NULL;
    for (guint i = 0; warnings != NULL && i < warnings->len; i++) {
        g_autofree char *sentence = finding_sentence(g_ptr_array_index(warnings, i));
        output_note(output, "Warning: %s", sentence);
    }
}

void config_changes_write(JsonWrite *json, const GPtrArray *changes)
{
    jw_begin_array(json, "changes");
    for (guint i = 0; i < changes->len; i++) {
        const ConfigChange *change = g_ptr_array_index(changes, i);
        jw_begin_object(json, NULL);
        jw_string(json, "path", change->path);
        if (change->before != NULL)
            config_write_value(json, "before", change->before);
        if (change->after != NULL)
            config_write_value(json, "after", change->after);
        jw_end_object(json);
    }
    jw_end_array(json);
}
