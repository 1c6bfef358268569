/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/* The kernel, its command line, the firmware's names and the distribution. */

static bool is_release(const char *text, gsize length)
{
    return length > 2 && length < 96 && g_ascii_isdigit(text[0]) &&
           memchr(text, '.', length) != NULL;
}

bool paste_is_architecture(const char *word)
{
    static const char *const NAMES[] = {"x86_64",  "i386",    "i486",   "i586",        "i686",
                                        "aarch64", "armv6l",  "armv7l", "armv8l",      "riscv64",
                                        "ppc64",   "ppc64le", "s390x",  "loongarch64", NULL};
    return g_strv_contains(NAMES, word);
}

/* "... x86_64 x86_64 x86_64 GNU/Linux", "... aarch64 GNU/Linux", "... x86_64": the last word but
 * the system's name; the ones before may be the processor's and the platform's. */
static void take_machine(Paste *paste, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint count = g_strv_length(words);
    if (count > 0 && strcmp(words[count - 1], "GNU/Linux") == 0)
        count--;
    if (count > 0 && paste_is_architecture(words[count - 1]))
        paste_text(paste, &paste->facts->cpu.architecture, words[count - 1]);
}

static bool take_release(Paste *paste, const char *text)
{
    gsize length = strcspn(text, " )");
    if (!is_release(text, length))
        return false;
    g_autofree char *release = g_strndup(text, length);
    paste_text(paste, &paste->facts->kernel.release, release);
    return true;
}

/* uname -a: "Linux host 5.8.0-28-generic #30 SMP ..."; /proc/version: "Linux version 6.8.0-49 (" */
static bool take_uname(Paste *paste, const char *text)
{
    const char *at = strstr(text, "Linux version ");
    const char *kernel = paste_value(text, "kernel");

    if (kernel != NULL && g_str_has_prefix(kernel, "Linux "))
        kernel += strlen("Linux ");
    if (kernel != NULL)
        return take_release(paste, kernel);
    if (at != NULL)
        return strstr(at, " (") != NULL && take_release(paste, at + strlen("Linux version "));
    if (!g_str_has_prefix(text, "Linux ") || strstr(text, " #") == NULL)
        return false;
    at = strchr(text + strlen("Linux "), ' ');
    if (at == NULL || !take_release(paste, at + 1))
        return false;
    take_machine(paste, text);
    return true;
}

/* What a boot loader gives the kernel begins so; what is only to be given has a name before it. */
static bool take_command_line(Paste *paste, const char *text)
{
    bool loader = g_str_has_prefix(text, "BOOT_IMAGE=") ||
                  (g_str_has_prefix(text, "initrd=") && strstr(text, " root=") != NULL);
    if (!loader)
        return false;
    paste_text(paste, &paste->facts->kernel.command_line, text);
    return true;
}

static bool take_heading(Paste *paste, const char *text)
{
    static const char *const HEADINGS[] = {"Base Board Information", "System Information",
                                           "BIOS Information", "Chassis Information"};
    for (guint i = 0; i < G_N_ELEMENTS(HEADINGS); i++) {
        if (strcmp(text, HEADINGS[i]) == 0) {
            g_free(paste->section);
            paste->section = g_strdup(text);
            return true;
        }
    }
    /* others have a manufacturer, too */
    if (g_str_has_prefix(text, "Handle 0x") || g_str_has_suffix(text, " Information") ||
        g_str_has_prefix(text, "Memory Device"))
        g_clear_pointer(&paste->section, g_free);
    return false;
}

/* dmidecode: dmidecode(8), SMBIOS types 0 to 3 */
static bool take_dmi(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    if (paste->section == NULL)
        return false;
    const char *kind = paste_value(text, "type");
    if (g_str_has_prefix(paste->section, "Chassis")) {
        paste_chassis(paste, kind);
        return kind != NULL;
    }
    bool board = g_str_has_prefix(paste->section, "Base");
    bool bios = g_str_has_prefix(paste->section, "BIOS");
    const char *maker = paste_value(text, bios ? "vendor" : "manufacturer");
    const char *name = bios ? paste_value(text, "version") : paste_value(text, "product name");
    const char *date = bios ? paste_value(text, "release date") : NULL;

    if (bios) {
        paste_dmi(paste, &firmware->vendor, maker);
        paste_dmi(paste, &firmware->version, name);
        paste_dmi(paste, &firmware->date, date);
        if (strcmp(text, "UEFI is supported") == 0) /* it can; whether it did is not told */
            return true;
    } else {
        paste_dmi(paste, board ? &firmware->board_vendor : &firmware->system_vendor, maker);
        paste_dmi(paste, board ? &firmware->board_name : &firmware->system_name, name);
    }
    return maker != NULL || name != NULL || date != NULL;
}

/* The value of a line "KEY=value" or "KEY="value"" of os-release(5); the caller owns it. */
static char *assigned(const char *text, const char *key)
{
    gsize length = strlen(key);
    if (strncmp(text, key, length) != 0 || text[length] != '=')
        return NULL;
    char *value = g_strdup(text + length + 1);
    g_strdelimit(value, "\"'", ' ');
    return g_strstrip(value);
}

/* Other files have a line ID=, too: what it and its like say counts beside a PRETTY_NAME. */
static bool take_os_release(Paste *paste, const char *text)
{
    DistributionFacts *distribution = &paste->facts->distribution;
    g_autofree char *name = assigned(text, "PRETTY_NAME");
    g_autofree char *id = assigned(text, "ID"), *version = assigned(text, "VERSION_ID");

    if (name != NULL && *name != '\0') {
        paste_text(paste, &distribution->name, name);
        return true;
    }
    if (id != NULL && g_ascii_islower(*id) &&
        id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0')
        paste_text_loosely(paste, &distribution->id, id);
    else if (version != NULL && *version != '\0')
        paste_text_loosely(paste, &distribution->version, version);
    return false;
}

/* /proc/meminfo */
static bool take_memory(Paste *paste, const char *text)
{
    const char *memory = paste_value(text, "memtotal"), *rest;
    int kib = memory != NULL ? paste_decimal(memory, G_MAXINT, &rest) : UNKNOWN;
    if (kib == UNKNOWN || strcmp(rest, " kB") != 0)
        return false;
    paste_size(paste, &paste->facts->memory.total, (gint64)kib * 1024);
    return true;
}

bool paste_take_system(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;
    bool heading = take_heading(paste, text);
    bool taken = heading || take_uname(paste, text) || take_command_line(paste, text) ||
                 take_dmi(paste, text) || take_os_release(paste, text) || take_memory(paste, text);
    paste->recognised |= taken && !heading;
    return taken;
}
