/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/words.h"

#include <string.h>

#define WORDS_LINES 12

/* As `-msg timestamp=on` writes it. */
#define WORDS_TIME "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z "

static char *words_without(const char *text, const char *pattern)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);
    char *rest = g_regex_replace_literal(regex, text, -1, 0, "", 0, NULL);
    return rest != NULL ? rest : g_strdup(text);
}

char *words_tidy(const char *text)
{
    g_autofree char *calm =
        words_without(text, WORDS_TIME "qemu-system-\\w+: warning: [^\\n]*(\\n|$)");
    g_autofree char *timeless = words_without(calm, WORDS_TIME);
    return g_strstrip(words_without(timeless, "(?m)^\\s*\\n"));
}

/* QEMU's own lines begin with a time and its name; a line of the command line does not, and libvirt
 * ends QEMU with a signal, of which QEMU tells. */
static bool words_is_message(const char *line)
{
    return g_ascii_isdigit(line[0]) && strstr(line, "Z qemu-system-") != NULL &&
           strstr(line, "terminating on signal") == NULL;
}

char *words_of_log(const char *log, const char *known)
{
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = words_is_message(lines[i]) ? words_tidy(lines[i]) : NULL;
        if (line != NULL && line[0] != '\0' && strstr(known, line) == NULL)
            g_ptr_array_add(kept, g_steal_pointer(&line));
    }
    if (kept->len > WORDS_LINES)
        g_ptr_array_remove_range(kept, 0, kept->len - WORDS_LINES);
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("\n", (char **)kept->pdata);
}
