/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs.h"

#include "cli/help.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

const char *docs_candidates(ArgumentKind kind)
{
    static const char *const CANDIDATES[ARGUMENT_KINDS] = {
        [ARGUMENT_RELEASE] = "releases",
        [ARGUMENT_FUNCTION] = "functions",
        [ARGUMENT_CARD] = "cards",
        [ARGUMENT_MACHINE] = "machines",
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

static bool write_document(const char *kind, const char *name)
{
    const CliCommand *command = name != NULL ? cli_command_named(name) : NULL;

    if (strcmp(kind, "man") == 0 && (name == NULL || command != NULL))
        docs_man(command);
    else if (strcmp(kind, "bash") == 0)
        docs_bash();
    else if (strcmp(kind, "zsh") == 0)
        docs_zsh();
    else if (strcmp(kind, "fish") == 0)
        docs_fish();
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 || !write_document(argv[1], argv[2])) {
        fputs("usage: rootstock-docs man [COMMAND] | bash | zsh | fish\n", stderr);
        return 2;
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 4;
}
