/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-forms.h"

#include "cli/docs-text.h"

#include <glib.h>
#include <stdio.h>

/* What scdoc gives a meaning to, also at the start of a line. */
static const char SPECIAL[] = "\\*_#[]|~<>-+.'\"";

/* TEXT with marked words in bold. */
static void print_marked(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "`", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *part = docs_escape(parts[i], SPECIAL);
        printf(i % 2 == 1 ? "*%s*" : "%s", part);
    }
}

static void print_item(const char *term, const char *text)
{
    g_autofree char *escaped = docs_escape(term, SPECIAL);
    printf("*%s*\n\t", escaped);
    print_marked(text);
    fputs("\n\n", stdout);
}

static void print_paragraphs(const char *const *paragraphs)
{
    for (; *paragraphs != NULL; paragraphs++) {
        print_marked(*paragraphs);
        fputs("\n\n", stdout);
    }
}

static void print_options(const char *title, const CliOption *options)
{
    if (options->name == NULL)
        return;
    printf("# %s\n\n", title);
    for (; options->name != NULL; options++) {
        g_autofree char *summary = docs_escape(options->summary, SPECIAL);
        if (options->letter != 0)
            printf("*-%c*, ", options->letter);
        printf("*--%s*", options->name);
        if (options->kind != ARGUMENT_NONE)
            printf(" _%s_", options->metavar);
        printf("\n\t%s.%s\n\n", summary,
               options->repeatable ? " May be given more than once." : "");
    }
}

static void print_statuses(const CliCommand *command)
{
    puts("# EXIT STATUS\n");
    for (const CliStatus *general = cli_statuses(); general->meaning != NULL; general++) {
        const CliStatus *own = command != NULL ? command->statuses : general;
        while (own->meaning != NULL && own->status != general->status)
            own++;
        g_autofree char *number = g_strdup_printf("%d", general->status);
        print_item(number, own->meaning != NULL ? own->meaning : general->meaning);
    }
}

static void print_members(const char *title, const CliMember *members)
{
    printf("# %s\n\n", title);
    for (; members->name != NULL; members++)
        print_item(members->name, members->meaning);
}

static void print_examples(const CliExample *examples)
{
    puts("# EXAMPLES\n");
    for (; examples->command != NULL; examples++)
        print_item(examples->command, examples->meaning);
}

/* A summary as the NAME section has it: without a capital. */
static void print_name(const char *page, const char *summary)
{
    g_autofree char *text = g_strdup(summary);
    text[0] = g_ascii_tolower(text[0]);
    printf("%s(1)\n\n# NAME\n\n%s - %s\n\n", page, page, text);
}

static void print_argument(const CliArgument *argument)
{
    printf(argument->optional ? " [_%s_]" : " _%s_", argument->metavar);
}

static void print_option_names(const CliCommand *command, const CliAction *action)
{
    for (const CliOption *option = command->options; option->name != NULL; option++) {
        if (!cli_action_takes(action, option))
            continue;
        printf(" [*--%s*", option->name);
        if (option->kind != ARGUMENT_NONE)
            printf(" _%s_", option->metavar);
        fputs(option->repeatable ? "]\\.\\.\\." : "]", stdout);
    }
    fputs("\n\n", stdout);
}

static void print_action_synopsis(const CliCommand *command, const CliAction *action)
{
    printf("*rootstock* [_GLOBAL OPTIONS_] *%s %s*", command->name, action->name);
    const CliArgument *end = action->arguments;
    for (; end->kind != ARGUMENT_NONE; end++)
        print_argument(end);
    if (action->repeat > 0) {
        fputs(" [", stdout);
        for (const CliArgument *argument = end - action->repeat; argument < end; argument++)
            printf("%s_%s_", argument > end - action->repeat ? " " : "", argument->metavar);
        fputs("]\\.\\.\\.", stdout);
    }
    print_option_names(command, action);
}

static void print_synopsis(const CliCommand *command)
{
    puts("# SYNOPSIS\n");
    for (const CliAction *action = command->actions; action != NULL && action->name != NULL;
         action++)
        print_action_synopsis(command, action);
    if (command->actions != NULL)
        return;
    printf("*rootstock* [_GLOBAL OPTIONS_] *%s*", command->name);
    if (command->argument.kind != ARGUMENT_NONE)
        print_argument(&command->argument);
    if (command->many)
        fputs("\\.\\.\\.", stdout);
    print_option_names(command, NULL);
}

static void print_actions(const CliCommand *command)
{
    if (command->actions == NULL)
        return;
    puts("# ACTIONS\n");
    for (const CliAction *action = command->actions; action->name != NULL; action++) {
        g_autofree char *meaning = g_strdup_printf("%s.", action->summary);
        print_item(action->name, meaning);
    }
}

static void print_command_page(const CliCommand *command)
{
    g_autofree char *page = g_strdup_printf("rootstock-%s", command->name);

    print_name(page, command->summary);
    print_synopsis(command);
    puts("# DESCRIPTION\n");
    print_paragraphs(command->paragraphs);
    print_actions(command);
    print_options("OPTIONS", command->options);
    print_options("GLOBAL OPTIONS", cli_global_options());
    print_members("JSON", command->members);
    print_statuses(command);
    print_examples(command->examples);
    puts("# SEE ALSO\n\n*rootstock*(1)");
}

static void print_commands(CommandGroup group)
{
    printf("## %s\n\n", cli_group_name(group));
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        if (command->group != group)
            continue;
        printf("*rootstock-%s*(1)\n\t", command->name);
        print_marked(command->summary);
        fputs(".\n\n", stdout);
    }
}

static void print_program_page(void)
{
    print_name("rootstock", CLI_PROGRAM_SUMMARY);
    puts("# SYNOPSIS\n\n*rootstock* [_GLOBAL OPTIONS_] _COMMAND_ [_ARGUMENT_] [_OPTIONS_]\n");
    puts("# DESCRIPTION\n");
    print_paragraphs(CLI_PROGRAM_PARAGRAPHS);
    puts("# COMMANDS\n");
    for (int group = 0; group < GROUPS; group++)
        print_commands((CommandGroup)group);
    print_options("GLOBAL OPTIONS", cli_global_options());
    print_statuses(NULL);
    print_members("ENVIRONMENT", CLI_ENVIRONMENT);
    print_members("FILES", CLI_FILES);
    print_examples(CLI_PROGRAM_EXAMPLES);
    puts("# SEE ALSO\n\n*virsh*(1), *lspci*(8), *qemu-system-x86_64*(1)");
}

void docs_man(const CliCommand *command)
{
    if (command != NULL)
        print_command_page(command);
    else
        print_program_page();
}
