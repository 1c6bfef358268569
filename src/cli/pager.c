/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/pager.h"

#include <unistd.h>

/* $PAGER is a program with its options, as people write it for every command; no shell reads it.
 * The caller owns it. */
static GStrv pager_words(void)
{
    const char *pager = g_getenv("PAGER");
    GStrv words = NULL;

    if (pager != NULL && *pager != '\0' && g_shell_parse_argv(pager, NULL, &words, NULL))
        return words;
    return g_strsplit("less", " ", -1);
}

void pager_begin(OsPager *pager, const Output *output)
{
    *pager = (OsPager){.terminal = -1};
    if (output->json || !isatty(STDOUT_FILENO))
        return;
    g_auto(GStrv) words = pager_words();
    os_pager_begin(pager, (const char *const *)words);
}
