/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-text.h"

#include "cli/usage.h"

#include <glib.h>
#include <string.h>

const char *docs_candidates(ArgumentKind kind)
{
    static const char *const CANDIDATES[ARGUMENT_KINDS] = {
        [ARGUMENT_RELEASE] = "releases",
        [ARGUMENT_FUNCTION] = "functions",
        [ARGUMENT_CARD] = "cards",
        [ARGUMENT_MACHINE] = "machines",
        [ARGUMENT_CONFIG_KEY] = "config-keys",
        [ARGUMENT_STEP] = "steps",
        [ARGUMENT_TERM] = "terms",
    };
    return CANDIDATES[kind];
}

char *docs_escape(const char *text, const char *letters)
{
    g_autofree char *plain = help_plain(text);
    GString *out = g_string_new(NULL);
    for (const char *c = plain; *c != '\0'; c++) {
        if (strchr(letters, *c) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

char *docs_quote(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);
    g_autofree char *joined = g_strjoinv("'\\''", parts);
    return g_strdup_printf("'%s'", joined);
}
