/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/confirm.h"

#include "base/error.h"

#include <stdio.h>
#include <unistd.h>

/* Anything but yes is no. */
static bool ask(const char *question)
{
    char answer[16] = "";

    fflush(stdout);
    fprintf(stderr, "%s [y/N] ", question);
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL)
        return false;
    g_strstrip(answer);
    return g_ascii_strcasecmp(answer, "y") == 0 || g_ascii_strcasecmp(answer, "yes") == 0;
}

bool confirm(const Context *context, const char *question, const char *otherwise, GError **error)
{
    if (command_line_has(context->line, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return fail(error, ERROR_INPUT,
                    "'%s' has to be answered, and standard input is no terminal. Give --yes to "
                    "agree.",
                    question);
    return ask(question) || fail(error, ERROR_REFUSED, "%s", otherwise);
}
