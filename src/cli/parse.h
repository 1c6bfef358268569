/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The command line, held against the table of commands (cli/commands.h). Strings are those of argv.
 */
typedef struct {
    const CliCommand *command; /* NULL: none was named, and --help or --version was given */
    GArray *given;             /* of GivenOption, in their order */
    const CliAction *action;   /* of a command with actions */
    const char *argument;      /* the first, without the action's name; NULL: none */
    char **arguments;          /* all of them */
    guint argument_count;
    GPtrArray *marked; /* of parse.c */
} CommandLine;

/* ERROR_INPUT says what is wrong, with the nearest command where one is misspelt. */
CommandLine *command_line_parse(int argc, char **argv, GError **error);
void command_line_free(CommandLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandLine, command_line_free)

/* ERROR_INPUT: there is no command NAME; names the nearest. Returns false. */
bool command_line_fail_name(const char *name, GError **error);

/* OPTION is a long name of the table; another one is a fault of the program. */
bool command_line_has(const CommandLine *line, const char *option);

/* The last value that was given, or NULL. */
const char *command_line_value(const CommandLine *line, const char *option);

/* All values, in their order; the list is the caller's, the strings are argv's. */
GPtrArray *command_line_values(const CommandLine *line, const char *option);

/* The value as a number or size that parsing has checked already; 0 when it was not given. */
gint64 command_line_number(const CommandLine *line, const char *option);
gint64 command_line_size(const CommandLine *line, const char *option);
