/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include <string.h>

/* POSIX shell, 2.2: what is not quoted here means itself. */
static bool needs_no_quotes(const char *word)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=.,:/@%";
    return *word != '\0' && word[strspn(word, PLAIN)] == '\0';
}

static void append_word(GString *text, const char *word)
{
    if (needs_no_quotes(word)) {
        g_string_append(text, word);
        return;
    }
    g_autofree char *quoted = g_shell_quote(word);
    g_string_append(text, quoted);
}

char *render_qemu_text(char *const *argv)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; argv[i] != NULL; i++) {
        if (i > 0)
            g_string_append(text, argv[i][0] == '-' ? " \\\n    " : " ");
        append_word(text, argv[i]);
    }
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}
