/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

#include "base/error.h"

#include <string.h>

#define NAME_MAX_LENGTH 60

bool machine_check_name(const char *name, GError **error)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char RULE[] = "A machine's name has 1 to 60 of the letters a to z and A to Z, "
                               "digits, '.', '_' and '-', and begins with a letter or a digit.";
    if (*name == '\0')
        return fail(error, ERROR_INPUT, "The machine's name is empty. %s", RULE);

    gsize good = strspn(name, LETTERS);
    if (good > 0)
        good += strspn(name + good, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789._-");
    if (name[good] == '\0' && good <= NAME_MAX_LENGTH)
        return true;

    g_autofree char *cut = g_strndup(name, NAME_MAX_LENGTH + 20);
    g_autofree char *printable = g_strescape(cut, NULL);
    if (name[good] == '\0')
        return fail(error, ERROR_INPUT,
                    "The machine's name \"%s\" is too long: %" G_GSIZE_FORMAT " characters. %s",
                    printable, good, RULE);
    g_autofree char *wrong = g_strndup(name + good, 1);
    g_autofree char *wrong_printable = g_strescape(wrong, NULL);
    return fail(error, ERROR_INPUT,
                "\"%s\" cannot be a machine's name: '%s' at position %" G_GSIZE_FORMAT
                " may not stand there. %s",
                printable, wrong_printable, good + 1, RULE);
}

MachineChoices *machine_choices_new(void)
{
    return g_new0(MachineChoices, 1);
}

void machine_choices_free(MachineChoices *choices)
{
    if (choices == NULL)
        return;
    g_free(choices->os);
    g_strfreev(choices->gpus);
    g_strfreev(choices->devices);
    g_free(choices->network);
    g_free(choices->bridge);
    g_free(choices->interface);
    machine_opencore_clear(&choices->opencore);
    g_free(choices);
}

void machine_free(Machine *machine)
{
    if (machine == NULL)
        return;
    g_free(machine->name);
    g_free(machine->identity.uuid);
    g_free(machine->identity.mac);
    g_free(machine->type);
    g_free(machine->cpu_model);
    g_strfreev(machine->cpu_require);
    g_strfreev(machine->cpu_disable);
    g_free(machine->firmware_code);
    g_free(machine->firmware_code_format);
    g_free(machine->firmware_vars);
    g_free(machine->firmware_vars_format);
    g_free(machine->disk_bus);
    g_free(machine->nic_model);
    g_free(machine->network);
    g_free(machine->bridge);
    g_free(machine->interface);
    g_free(machine->usb_model);
    g_free(machine->video_model);
    machine_opencore_clear(&machine->opencore);
    g_clear_pointer(&machine->devices, g_ptr_array_unref);
    g_clear_pointer(&machine->reasons, g_ptr_array_unref);
    g_free(machine);
}

int machine_threads(const Machine *machine)
{
    return machine->sockets * machine->cores * machine->threads;
}
