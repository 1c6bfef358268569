/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include "base/jsonwrite.h"
#include "cli/text.h"
#include "cli/usage.h"

#include <string.h>

enum { OPTION_COLUMN = 24, COMMAND_COLUMN = 12 };

/* A line of a list: two spaces, the name, and the text beside or, where it is long, below it. */
static void print_item(const Output *output, guint column, const char *name, const char *marked)
{
    g_autofree char *title = g_strdup_printf("  %s", name);
    g_autofree char *text = help_plain(marked);

    if (text_width(title) + 2 > column) {
        printf("%s\n", title);
        g_free(title);
        title = g_strdup("");
    }
    output_named(output, column, title, TONE_PLAIN, text);
}

static void print_paragraphs(const Output *output, const char *const *paragraphs)
{
    for (; *paragraphs != NULL; paragraphs++) {
        g_autofree char *text = help_plain(*paragraphs);
        output_section(output, NULL);
        output_text(output, "%s", text);
    }
}

static void print_options(const Output *output, const char *title, const CliOption *options)
{
    if (options->name == NULL)
        return;
    output_section(output, title);
    for (; options->name != NULL; options++) {
        g_autofree char *name = help_option(options);
        print_item(output, OPTION_COLUMN, name, options->summary);
    }
}

static void print_examples(const Output *output, const CliExample *examples)
{
    output_section(output, "Examples");
    for (; examples->command != NULL; examples++) {
        printf("  %s\n", examples->command);
        output_named(output, 6, "", TONE_PLAIN, examples->meaning);
    }
}

static void print_statuses(const Output *output, const CliCommand *command)
{
    output_section(output, "Exit status");
    for (const CliStatus *general = cli_statuses(); general->meaning != NULL; general++) {
        const CliStatus *own = command != NULL ? command->statuses : general;
        while (own->meaning != NULL && own->status != general->status)
            own++;
        g_autofree char *number =
            g_strdup_printf(general->status == 128 ? "%d+" : "%d", general->status);
        print_item(output, 8, number, own->meaning != NULL ? own->meaning : general->meaning);
    }
}

static void print_usage(const Output *output, const CliCommand *command)
{
    const char *title = "Usage: ";
    if (command->actions == NULL) {
        g_autofree char *usage = help_usage(command);
        output_named(output, 7, title, TONE_PLAIN, usage);
        return;
    }
    for (const CliAction *action = command->actions; action->name != NULL; action++) {
        g_autofree char *usage = help_action_usage(command, action);
        output_named(output, 7, title, TONE_PLAIN, usage);
        title = "";
    }
}

static void print_actions(const Output *output, const CliCommand *command)
{
    if (command->actions == NULL)
        return;
    output_section(output, "Actions");
    for (const CliAction *action = command->actions; action->name != NULL; action++)
        print_item(output, COMMAND_COLUMN + 2, action->name, action->summary);
}

static void print_command(const Output *output, const CliCommand *command)
{
    print_usage(output, command);
    output_section(output, NULL);
    output_text(output, "%s.", command->summary);
    print_actions(output, command);
    print_paragraphs(output, command->paragraphs);
    print_options(output, "Options", command->options);
    print_options(output, "Global options", cli_global_options());
    print_statuses(output, command);
    print_examples(output, command->examples);
}

static void print_program(const Output *output)
{
    puts("Usage: rootstock [GLOBAL OPTIONS] COMMAND [ARGUMENT] [OPTIONS]\n");
    output_text(output, "Rootstock: %s.", CLI_PROGRAM_SUMMARY);
    for (int group = 0; group < GROUPS; group++) {
        output_section(output, cli_group_name((CommandGroup)group));
        for (int id = 0; id < COMMANDS; id++) {
            const CliCommand *command = cli_command((CommandId)id);
            if ((int)command->group == group)
                print_item(output, COMMAND_COLUMN + 2, command->name, command->summary);
        }
    }
    print_options(output, "Global options", cli_global_options());
    print_statuses(output, NULL);
    print_examples(output, CLI_PROGRAM_EXAMPLES);
    output_section(output, NULL);
    output_text(output, "`rootstock help COMMAND` explains a command.");
}

static void write_options(JsonWrite *json, const char *key, const CliOption *options)
{
    jw_begin_array(json, key);
    for (; options->name != NULL; options++) {
        jw_begin_object(json, NULL);
        jw_string(json, "name", options->name);
        jw_string(json, "letter", options->letter != 0 ? (char[]){options->letter, 0} : NULL);
        jw_string(json, "argument", options->metavar);
        jw_string(json, "summary", options->summary);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_actions(JsonWrite *json, const CliAction *actions)
{
    jw_begin_array(json, "actions");
    for (; actions->name != NULL; actions++) {
        g_autofree char *arguments = help_action_arguments(actions);
        jw_begin_object(json, NULL);
        jw_string(json, "name", actions->name);
        jw_string(json, "arguments", g_strstrip(arguments));
        jw_string(json, "summary", actions->summary);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_command(JsonWrite *json, const CliCommand *command)
{
    jw_begin_object(json, NULL);
    jw_string(json, "name", command->name);
    jw_string(json, "group", cli_group_name(command->group));
    jw_string(json, "argument", command->argument.metavar);
    jw_string(json, "summary", command->summary);
    if (command->actions != NULL)
        write_actions(json, command->actions);
    write_options(json, "options", command->options);
    jw_end_object(json);
}

static bool write_help(const CliCommand *only, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_begin_array(json, "commands");
    for (int id = 0; id < COMMANDS; id++) {
        if (only == NULL || (int)only->id == id)
            write_command(json, cli_command((CommandId)id));
    }
    jw_end_array(json);
    write_options(json, "global_options", cli_global_options());
    jw_end_object(json);
    return jw_finish(json, error);
}

bool help_print(const Output *output, const CliCommand *command, GError **error)
{
    if (output->json)
        return write_help(command, error);
    if (command != NULL)
        print_command(output, command);
    else
        print_program(output);
    return true;
}
