/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * What single files contain: below the command that showed them ("cat /proc/cmdline"), or after
 * their path, as grep shows it ("/sys/bus/pci/devices/0000:01:00.0/boot_vga:1").
 */

enum { WORDS_MAX = 200 }; /* bytes of a list of words */

static const char DEVICES[] = "/sys/bus/pci/devices/";

static Tri yes_or_no(const char *text)
{
    if (strcmp(text, "Y") == 0 || strcmp(text, "1") == 0)
        return TRI_YES;
    return strcmp(text, "N") == 0 || strcmp(text, "0") == 0 ? TRI_NO : TRI_UNKNOWN;
}

static bool take_attribute(Paste *paste, PciFunction *function, const char *file, const char *text)
{
    if (strcmp(file, "boot_vga") == 0) {
        paste_tri(paste, &function->boot_vga, yes_or_no(text));
    } else if (strcmp(file, "numa_node") == 0) {
        paste_int(paste, &function->numa_node, paste_decimal(text, 9999, NULL));
    } else if (strcmp(file, "reset_method") == 0 && function->reset_methods == NULL &&
               strlen(text) < WORDS_MAX &&
               text[strspn(text, "abcdefghijklmnopqrstuvwxyz_ ")] == '\0') {
        function->reset_methods = g_strsplit(text, " ", 16);
    } else {
        return false;
    }
    return true;
}

/* PATH is below DEVICES: "0000:01:00.0/boot_vga". */
static bool take_function_file(Paste *paste, const char *path, const char *text)
{
    const char *rest;
    g_autofree char *address = paste_address(path, &rest);
    if (address == NULL || *rest != '/')
        return false;
    PciFunction *function = paste_function(paste, address);
    return function != NULL && take_attribute(paste, function, rest + 1, text);
}

static char **dmi_place(FirmwareFacts *firmware, const char *file)
{
    if (strcmp(file, "board_name") == 0 || strcmp(file, "baseboard-product-name") == 0)
        return &firmware->board_name;
    if (strcmp(file, "board_vendor") == 0 || strcmp(file, "baseboard-manufacturer") == 0)
        return &firmware->board_vendor;
    if (strcmp(file, "product_name") == 0 || strcmp(file, "system-product-name") == 0)
        return &firmware->system_name;
    if (strcmp(file, "sys_vendor") == 0 || strcmp(file, "system-manufacturer") == 0)
        return &firmware->system_vendor;
    if (strcmp(file, "bios_vendor") == 0 || strcmp(file, "bios-vendor") == 0)
        return &firmware->vendor;
    if (strcmp(file, "bios_version") == 0 || strcmp(file, "bios-version") == 0)
        return &firmware->version;
    if (strcmp(file, "bios_date") == 0 || strcmp(file, "bios-release-date") == 0)
        return &firmware->date;
    return NULL;
}

static bool take_dmi(Paste *paste, const char *file, const char *text)
{
    char **place = dmi_place(&paste->facts->firmware, file);
    if (place != NULL)
        paste_dmi(paste, place, text);
    else if (strcmp(file, "chassis_type") == 0)
        paste_chassis_number(paste, text);
    else if (strcmp(file, "chassis-type") == 0)
        paste_chassis(paste, text);
    else
        return false;
    return true;
}

static bool take_file(Paste *paste, const char *path, const char *text)
{
    static const char DMI[] = "/sys/class/dmi/id/", DMI_TOO[] = "/sys/devices/virtual/dmi/id/";
    Facts *facts = paste->facts;

    if (g_str_has_prefix(path, DEVICES))
        return take_function_file(paste, path + strlen(DEVICES), text);
    if (g_str_has_prefix(path, DMI) || g_str_has_prefix(path, DMI_TOO))
        return take_dmi(paste, strrchr(path, '/') + 1, text);
    if (strcmp(path, "/proc/cmdline") == 0 && strchr(text, '=') != NULL &&
        strstr(text, ": ") == NULL)
        paste_text(paste, &facts->kernel.command_line, text);
    else if (g_str_has_suffix(path, "/current_clocksource") && strpbrk(text, " :") == NULL)
        paste_text(paste, &facts->cpu.clocksource, text);
    else if (g_str_has_suffix(path, "/available_clocksource") && strpbrk(text, ":/") == NULL &&
             strlen(text) < WORDS_MAX && facts->cpu.clocksources == NULL)
        facts->cpu.clocksources = g_strsplit(text, " ", 16);
    else if (strcmp(path, "/sys/module/kvm/parameters/ignore_msrs") == 0)
        paste_tri(paste, &facts->kvm.ignore_msrs, yes_or_no(text));
    else if (strcmp(path, "/sys/module/kvm_intel/parameters/nested") == 0 ||
             strcmp(path, "/sys/module/kvm_amd/parameters/nested") == 0)
        paste_tri(paste, &facts->kvm.nested, yes_or_no(text));
    else
        return false;
    return true;
}

/* "uname -r", "dmidecode -s bios-version", "systemd-detect-virt" */
static bool take_answer(Paste *paste, const char *command, const char *text)
{
    static const char KEYWORD[] = "dmidecode -s ";

    if (strcmp(command, "uname -r") == 0 && g_ascii_isdigit(*text) && strpbrk(text, " :") == NULL)
        paste_text(paste, &paste->facts->kernel.release, text);
    else if (strcmp(command, "systemd-detect-virt") == 0 && g_ascii_islower(*text) &&
             strpbrk(text, " :") == NULL)
        paste_tri(paste, &paste->facts->cpu.hypervisor, tri(strcmp(text, "none") != 0));
    else if (g_str_has_prefix(command, KEYWORD))
        return take_dmi(paste, command + strlen(KEYWORD), text);
    else
        return false;
    return true;
}

bool paste_take_shown(Paste *paste, const PasteLine *line)
{
    const char *text = line->text, *command = paste->command;
    bool taken = false;

    if (command != NULL && g_str_has_prefix(command, "cat /"))
        taken = take_file(paste, command + strlen("cat "), text);
    else if (command != NULL)
        taken = take_answer(paste, command, text);
    if (!taken && g_str_has_prefix(text, "/sys/")) {
        const char *colon = strrchr(text, ':');
        g_autofree char *path = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : NULL;
        taken = path != NULL && take_file(paste, path, colon + 1 + strspn(colon + 1, " "));
    }
    paste->recognised |= taken;
    return taken;
}
