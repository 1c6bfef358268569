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
    gsize length = strcspn(text, " ");
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

static bool take_command_line(Paste *paste, const char *text)
{
    bool shown = paste->command != NULL && strcmp(paste->command, "cat /proc/cmdline") == 0;
    bool loader = g_str_has_prefix(text, "BOOT_IMAGE=") ||
                  (g_str_has_prefix(text, "initrd=") && strstr(text, " root=") != NULL);
    if (!loader && (!shown || strchr(text, '=') == NULL || strstr(text, ": ") != NULL))
        return false;
    paste_text(paste, &paste->facts->kernel.command_line, text);
    return true;
}

static bool take_shown_file(Paste *paste, const char *text)
{
    static const char FOLDER[] = "cat /sys/class/dmi/id/";
    FirmwareFacts *firmware = &paste->facts->firmware;

    if (paste->command == NULL || *text == '\0')
        return false;
    if (g_str_has_suffix(paste->command, "/current_clocksource") &&
        g_str_has_prefix(paste->command, "cat /sys/") && strpbrk(text, " :") == NULL) {
        paste_text(paste, &paste->facts->cpu.clocksource, text);
        return true;
    }
    if (g_str_has_suffix(paste->command, "/available_clocksource") &&
        g_str_has_prefix(paste->command, "cat /sys/") && strpbrk(text, ":/") == NULL) {
        g_strfreev(paste->facts->cpu.clocksources);
        paste->facts->cpu.clocksources = g_strsplit(text, " ", 16);
        return true;
    }
    if (!g_str_has_prefix(paste->command, FOLDER))
        return false;
    const char *file = paste->command + strlen(FOLDER);
    if (strcmp(file, "board_name") == 0)
        paste_text(paste, &firmware->board_name, text);
    else if (strcmp(file, "board_vendor") == 0)
        paste_text(paste, &firmware->board_vendor, text);
    else if (strcmp(file, "product_name") == 0)
        paste_text(paste, &firmware->system_name, text);
    else if (strcmp(file, "sys_vendor") == 0)
        paste_text(paste, &firmware->system_vendor, text);
    else
        return false;
    return true;
}

static bool take_heading(Paste *paste, const char *text)
{
    static const char *const HEADINGS[] = {"Base Board Information", "System Information",
                                           "BIOS Information"};
    for (guint i = 0; i < G_N_ELEMENTS(HEADINGS); i++) {
        if (strcmp(text, HEADINGS[i]) == 0) {
            g_free(paste->section);
            paste->section = g_strdup(text);
            return true;
        }
    }
    return false;
}

/* dmidecode: dmidecode(8), SMBIOS types 0, 1 and 2 */
static bool take_dmi(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    if (paste->section == NULL)
        return false;
    bool board = g_str_has_prefix(paste->section, "Base");
    bool bios = g_str_has_prefix(paste->section, "BIOS");
    const char *maker = paste_value(text, bios ? "vendor" : "manufacturer");
    const char *name = bios ? paste_value(text, "version") : paste_value(text, "product name");
    const char *date = bios ? paste_value(text, "release date") : NULL;

    if (bios) {
        paste_text(paste, &firmware->vendor, maker);
        paste_text(paste, &firmware->version, name);
        paste_text(paste, &firmware->date, date);
    } else {
        paste_text(paste, board ? &firmware->board_vendor : &firmware->system_vendor, maker);
        paste_text(paste, board ? &firmware->board_name : &firmware->system_name, name);
    }
    return maker != NULL || name != NULL || date != NULL;
}

/* inxi: "Mobo: ASUSTeK model: PRIME X570-P v: Rev X.0x serial: ... UEFI: American Megatrends v:
 * 4021" */
static bool take_inxi(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    const char *maker = strstr(text, "Mobo: ");
    const char *model = maker != NULL ? strstr(maker, " model: ") : NULL;
    if (model == NULL)
        return false;
    maker += strlen("Mobo: ");
    g_autofree char *vendor = g_strndup(maker, (gsize)(model - maker));
    model += strlen(" model: ");
    const char *end = strstr(model, ": ");
    gsize length = end != NULL ? (gsize)(end - model) : strlen(model);
    while (end != NULL && length > 0 && model[length - 1] != ' ')
        length--;
    g_autofree char *name = g_strchomp(g_strndup(model, length));
    if (*name == '\0')
        return false;
    paste_text(paste, &firmware->board_vendor, vendor);
    paste_text(paste, &firmware->board_name, name);
    if (strstr(model, " UEFI: ") != NULL)
        paste_tri(paste, &firmware->uefi, TRI_YES);
    return true;
}

/* os-release(5) and /proc/meminfo */
static bool take_files(Paste *paste, const char *text)
{
    DistributionFacts *distribution = &paste->facts->distribution;
    const char *memory = paste_value(text, "memtotal"), *rest;
    if (memory != NULL) {
        int kib = paste_decimal(memory, G_MAXINT, &rest);
        if (kib == UNKNOWN || strcmp(rest, " kB") != 0)
            return false;
        paste->facts->memory.total = (gint64)kib * 1024;
        return true;
    }
    if (!g_str_has_prefix(text, "PRETTY_NAME="))
        return false;
    g_autofree char *name = g_strdup(text + strlen("PRETTY_NAME="));
    g_strdelimit(name, "\"", ' ');
    g_strstrip(name);
    if (*name == '\0')
        return false;
    paste_text(paste, &distribution->name, name);
    return true;
}

bool paste_take_system(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;
    bool heading = take_heading(paste, text);
    bool taken = heading || take_uname(paste, text) || take_command_line(paste, text) ||
                 take_shown_file(paste, text) || take_dmi(paste, text) || take_inxi(paste, text) ||
                 take_files(paste, text);
    paste->recognised |= taken && !heading;
    return taken;
}
