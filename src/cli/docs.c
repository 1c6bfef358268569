/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-forms.h"

#include <stdio.h>
#include <string.h>

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
