/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

void machine_reason_free(MachineReason *reason)
{
    g_free(reason->value);
    g_free(reason->reason);
    g_free(reason);
}

void add_reason(Fill *fill, const char *key, bool chosen, char *value, const char *format, ...)
{
    MachineReason *reason = g_new0(MachineReason, 1);
    va_list arguments;

    va_start(arguments, format);
    reason->reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    reason->key = key;
    reason->value = value;
    reason->chosen = chosen;
    g_ptr_array_add(fill->machine->reasons, reason);
}

char *join_sentences(const GPtrArray *sentences)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; sentences != NULL && i < sentences->len; i++) {
        if (i > 0)
            g_string_append_c(text, ' ');
        g_string_append(text, g_ptr_array_index(sentences, i));
    }
    return g_string_free(text, FALSE);
}
