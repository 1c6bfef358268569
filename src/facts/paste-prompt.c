/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * Prompts of a shell, and what was typed: "$ lspci", "# lspci", "user@host:~$ lspci", "[user@host
 * ~]# lspci", "user@host > lspci", arrows; and commands that stand on a line of their own, as
 * headings of what they showed.
 */

enum { PROMPT_NAME_MAX = 64, PROMPT_MAX = 160 };

static const char *const COMMANDS[] = {
    "lspci",  "lscpu",      "lsusb",       "lsmod",      "lsblk",     "lshw",
    "dmesg",  "uname",      "cat",         "grep",       "egrep",     "ls",
    "find",   "for",        "inxi",        "neofetch",   "fastfetch", "dmidecode",
    "virsh",  "journalctl", "pvesh",       "pveversion", "free",      "hostnamectl",
    "ip",     "modprobe",   "lsb_release", "efibootmgr", "mokutil",   "kvm-ok",
    "hwinfo", "bash",       "readlink",    "tree",       "shopt",     "virt-host-validate",
};

/* Whether TEXT is a command line that is known here. ALONE: without a prompt before it, where words
 * such as "find" and "free" begin sentences. */
static bool is_command(const char *text, bool alone)
{
    if (!g_ascii_islower(*text) && *text != '.')
        return false;
    if (g_str_has_prefix(text, "sudo "))
        text += strlen("sudo ");
    if (g_str_has_prefix(text, "./"))
        return true;
    gsize length = strcspn(text, " \t|;");
    const char *rest = text + length + strspn(text + length, " \t");
    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        if (*text != *COMMANDS[i] || strlen(COMMANDS[i]) != length ||
            strncmp(text, COMMANDS[i], length) != 0)
            continue;
        if (!alone)
            return true;
        return (*rest == '\0' && length > 4) || *rest == '-' || *rest == '/' || *rest == '|';
    }
    return false;
}

/* "user@host" at LINE up to what ends a prompt. */
static const char *after_name(const char *line, PastePrompt *prompt)
{
    static const char *const ENDS[] = {"$ ", "# ", "> ", "% "};
    const char *at = strchr(line, '@'), *best = NULL;

    if (at == NULL || at - line > PROMPT_NAME_MAX || memchr(line, ' ', (gsize)(at - line)) != NULL)
        return NULL;
    gsize name =
        strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    if (name == 0 || name > PROMPT_NAME_MAX)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        const char *end = g_strstr_len(at, PROMPT_MAX, ENDS[i]);
        if (end != NULL && (best == NULL || end < best))
            best = end;
    }
    prompt->name = at + 1;
    prompt->name_length = name;
    if (best != NULL)
        return best + 2;
    gsize length = strlen(line);
    /* an empty prompt */
    return length < PROMPT_MAX && strchr("$#>%", line[length - 1]) != NULL ? line + length : NULL;
}

/* What follows "❯ ", "➜  ~ ", "λ ", "» ". */
static const char *after_arrow(const char *text)
{
    static const char *const ARROWS[] = {"\u276f", "\u279c", "\u03bb", "\u00bb", "\u2192", "%"};
    for (guint i = 0; i < G_N_ELEMENTS(ARROWS); i++) {
        if (*text != *ARROWS[i] || !g_str_has_prefix(text, ARROWS[i]))
            continue;
        text += strlen(ARROWS[i]);
        text += strspn(text, " \t");
        if (g_str_has_prefix(text, "~ "))
            text += 2 + strspn(text + 2, " ");
        return is_command(text, false) ? text : NULL;
    }
    return NULL;
}

bool paste_prompt(const PasteLine *line, PastePrompt *prompt)
{
    const char *text = line->whole + strspn(line->whole, " \t>`");

    *prompt = (PastePrompt){NULL, NULL, 0};
    /* drawings of prompts of two lines: "╰─$ lspci" */
    while (g_str_has_prefix(text, "\xe2\x94") || g_str_has_prefix(text, "\xe2\x95"))
        text += 3;
    if (*text == '\0')
        return false;
    prompt->command = after_arrow(text);
    if (prompt->command == NULL && g_str_has_prefix(text, "$ "))
        prompt->command = text + 2;
    if (prompt->command == NULL && g_str_has_prefix(text, "# ") && is_command(text + 2, false))
        prompt->command = text + 2;
    if (prompt->command == NULL)
        prompt->command = after_name(text, prompt);
    if (prompt->command == NULL && is_command(line->text, true))
        prompt->command = line->text;
    if (prompt->command != NULL)
        prompt->command += strspn(prompt->command, " \t");
    return prompt->command != NULL;
}

char *paste_command(const PastePrompt *prompt)
{
    const char *command = prompt->command;
    if (g_str_has_prefix(command, "sudo "))
        command += strlen("sudo ");
    gsize length = strlen(command);
    while (length > 0 && strchr(" :`*", command[length - 1]) != NULL)
        length--;
    return g_strndup(command, MIN(length, 512));
}

bool paste_is_fence(const PasteLine *line)
{
    const char *text = line->whole + strspn(line->whole, " \t>");
    return g_str_has_prefix(text, "```") || g_str_has_prefix(text, "~~~") ||
           g_ascii_strncasecmp(text, "[code", 5) == 0 ||
           g_ascii_strncasecmp(text, "[/code", 6) == 0;
}
