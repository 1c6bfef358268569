/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/cmd.h"
#include "cli/help.h"

int cmd_help(Context *context, GError **error)
{
    const char *name = context->line->argument;
    const CliCommand *command = name != NULL ? cli_command_named(name) : NULL;

    if (name != NULL && command == NULL) {
        command_line_fail_name(name, error);
        return -1;
    }
    return help_print(&context->output, command, error) ? 0 : -1;
}
