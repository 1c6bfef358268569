/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"
#include "cli/machine-out.h"

int cmd_show(Context *context, GError **error)
{
    g_autoptr(Machine) machine = context_machine(context, error);
    return machine != NULL && machine_print(context, machine, error) ? 0 : -1;
}
