/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-forms.h"

#include "cli/docs-text.h"

#include <glib.h>
#include <stdio.h>

/* fish has \ and ' to escape inside single quotes. */
static char *quote(const char *text)
{
    g_autofree char *escaped = docs_escape(text, "\\'");
    return g_strdup_printf("'%s'", escaped);
}

/* The names of the options, from an ended list, behind which an argument stands. */
static void print_with_argument(const CliOption *option)
{
    for (; option->name != NULL; option++) {
        if (option->kind != ARGUMENT_NONE)
            printf(" --%s", option->name);
    }
}

static void print_command_function(void)
{
    puts("# fish completion of rootstock(1), made from its table of commands\n"
         "\n"
         "# The command of the line, if there is one yet.\n"
         "function __rootstock_command\n"
         "    set -l words (commandline -opc)\n"
         "    set -l skip 1\n"
         "    for word in $words\n"
         "        if test $skip = 1\n"
         "            set skip 0\n"
         "            continue\n"
         "        end\n"
         "        switch $word");
    printf("            case");
    print_with_argument(cli_global_options());
    puts("\n"
         "                set skip 1\n"
         "            case '-*'\n"
         "            case '*'\n"
         "                echo $word\n"
         "                return 0\n"
         "        end\n"
         "    end\n"
         "    return 1\n"
         "end\n"
         "\n"
         "function __rootstock_in\n"
         "    test (__rootstock_command; or echo) = $argv[1]\n"
         "end\n"
         "\n"
         "# Whether NUMBER words that are no options stand behind the command, and the first of\n"
         "# them is ACTION.\n"
         "function __rootstock_at\n"
         "    set -l words (__rootstock_arguments)\n"
         "    test (count $words) = $argv[1]; or return 1\n"
         "    test (count $argv) = 1; or test \"$words[1]\" = $argv[2]\n"
         "end\n"
         "\n"
         "complete -c rootstock -f");
}

/* The words behind the command that are no options. */
static void print_arguments_function(void)
{
    puts("function __rootstock_arguments\n"
         "    set -l command (__rootstock_command; or return)\n"
         "    set -l skip 0\n"
         "    set -l seen 0\n"
         "    for word in (commandline -opc)\n"
         "        if test $skip = 1\n"
         "            set skip 0\n"
         "            continue\n"
         "        end\n"
         "        switch $word");
    printf("            case");
    print_with_argument(cli_global_options());
    for (int id = 0; id < COMMANDS; id++)
        print_with_argument(cli_command((CommandId)id)->options);
    puts("\n"
         "                set skip 1\n"
         "            case '-*'\n"
         "            case '*'\n"
         "                test $seen = 1; and echo $word\n"
         "                test $word = $command; and set seen 1\n"
         "        end\n"
         "    end\n"
         "end\n");
}

static void print_action(ArgumentKind kind, const char *const *words)
{
    g_autofree char *joined = words != NULL ? g_strjoinv(" ", (char **)words) : NULL;

    if (docs_candidates(kind) != NULL)
        printf(" -x -a '(rootstock __complete %s 2>/dev/null)'", docs_candidates(kind));
    else if (kind == ARGUMENT_FILE)
        printf(" -r -F");
    else if (kind == ARGUMENT_FOLDER)
        printf(" -x -a '(__fish_complete_directories)'");
    else if (joined != NULL)
        printf(" -x -a '%s'", joined);
    else
        printf(" -x");
}

static void print_options(const char *condition, const CliOption *options)
{
    for (; options->name != NULL; options++) {
        g_autofree char *summary = quote(options->summary);
        printf("complete -c rootstock%s -l %s", condition, options->name);
        if (options->letter != 0)
            printf(" -s %c", options->letter);
        if (options->kind != ARGUMENT_NONE)
            print_action(options->kind, options->words);
        printf(" -d %s\n", summary);
    }
}

static void print_actions(const CliCommand *command, const char *condition)
{
    for (const CliAction *action = command->actions; action != NULL && action->name != NULL;
         action++) {
        g_autofree char *summary = quote(action->summary);
        printf("complete -c rootstock%s -n '__rootstock_at 0' -a %s -d %s\n", condition,
               action->name, summary);
        for (guint i = 0; action->arguments[i].kind != ARGUMENT_NONE; i++) {
            if (action->arguments[i].kind == ARGUMENT_VALUE)
                continue;
            printf("complete -c rootstock%s -n '__rootstock_at %u %s'", condition, i + 1,
                   action->name);
            print_action(action->arguments[i].kind, NULL);
            putchar('\n');
        }
    }
}

static void print_command(const CliCommand *command)
{
    g_autofree char *condition = g_strdup_printf(" -n '__rootstock_in %s'", command->name);
    g_autofree char *summary = quote(command->summary);

    printf("complete -c rootstock -n 'not __rootstock_command' -a %s -d %s\n", command->name,
           summary);
    if (command->argument.kind == ARGUMENT_COMMAND) {
        printf("complete -c rootstock%s -a '", condition);
        for (int id = 0; id < COMMANDS; id++)
            printf("%s%s", id > 0 ? " " : "", cli_command((CommandId)id)->name);
        puts("'");
    } else if (docs_candidates(command->argument.kind) != NULL) {
        printf("complete -c rootstock%s", condition);
        print_action(command->argument.kind, NULL);
        putchar('\n');
    }
    print_actions(command, condition);
    print_options(condition, command->options);
}

void docs_fish(void)
{
    print_arguments_function();
    print_command_function();
    print_options("", cli_global_options());
    for (int id = 0; id < COMMANDS; id++)
        print_command(cli_command((CommandId)id));
}
