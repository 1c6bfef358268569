/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-forms.h"

#include "cli/docs-text.h"

#include <glib.h>
#include <stdio.h>

static const char HEAD[] =
    "# bash completion of rootstock(1), made from its table of commands\n"
    "\n"
    "_rootstock_words()\n"
    "{\n"
    "    COMPREPLY=($(compgen -W \"$1\" -- \"$cur\"))\n"
    "    if declare -F __ltrim_colon_completions >/dev/null; then\n"
    "        __ltrim_colon_completions \"$cur\"\n"
    "    fi\n"
    "}\n"
    "\n"
    "_rootstock_candidates()\n"
    "{\n"
    "    _rootstock_words \"$(rootstock __complete \"$1\" 2>/dev/null | cut -f1)\"\n"
    "}\n"
    "\n"
    "_rootstock_files()\n"
    "{\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    COMPREPLY=($(compgen \"$1\" -- \"$cur\"))\n"
    "}\n"
    "\n"
    "_rootstock()\n"
    "{\n"
    "    local cur prev words cword command cword_left i\n"
    "    local -a args\n"
    "    if declare -F _get_comp_words_by_ref >/dev/null; then\n"
    "        _get_comp_words_by_ref -n : cur prev words cword\n"
    "    else\n"
    "        words=(\"${COMP_WORDS[@]}\") cword=$COMP_CWORD\n"
    "        cur=${words[cword]} prev=${words[cword - 1]}\n"
    "    fi\n"
    "    if [[ $cur == '=' ]]; then\n"
    "        cur=\n"
    "    elif [[ $prev == '=' ]]; then\n"
    "        prev=${words[cword - 2]}\n"
    "    fi\n"
    "    COMPREPLY=()\n"
    "    command=\n"
    "    for ((i = 1; i < cword; i++)); do\n"
    "        case ${words[i]} in\n";

/* `--host | --root | ...`: global options that take a value. */
static void print_value_options(void)
{
    const char *separator = "        ";
    for (const CliOption *option = cli_global_options(); option->name != NULL; option++) {
        if (option->kind == ARGUMENT_NONE)
            continue;
        printf("%s--%s", separator, option->name);
        separator = " | ";
    }
    puts(") ((i++)) ;;");
}

/* The same with those of all commands. */
static void print_all_value_options(void)
{
    const char *separator = "        ";
    for (int id = -1; id < COMMANDS; id++) {
        const CliOption *option =
            id < 0 ? cli_global_options() : cli_command((CommandId)id)->options;
        for (; option->name != NULL; option++) {
            if (option->kind == ARGUMENT_NONE)
                continue;
            printf("%s--%s", separator, option->name);
            separator = " | ";
            if (option->letter != 0)
                printf("%s-%c", separator, option->letter);
        }
    }
    puts(") ((i++)) ;;");
}

static void print_action(ArgumentKind kind, const char *const *words)
{
    g_autofree char *joined = words != NULL ? g_strjoinv(" ", (char **)words) : NULL;

    if (docs_candidates(kind) != NULL)
        printf("_rootstock_candidates %s; return", docs_candidates(kind));
    else if (kind == ARGUMENT_FILE)
        printf("_rootstock_files -f; return");
    else if (kind == ARGUMENT_FOLDER)
        printf("_rootstock_files -d; return");
    else if (joined != NULL)
        printf("_rootstock_words '%s'; return", joined);
    else
        printf("return");
}

/* The cases for the values of OPTIONS; COMMAND is a pattern. */
static void print_values(const char *command, const CliOption *options)
{
    for (; options->name != NULL; options++) {
        if (options->kind == ARGUMENT_NONE)
            continue;
        printf("    %s:--%s", command, options->name);
        if (options->letter != 0)
            printf(" | %s:-%c", command, options->letter);
        fputs(") ", stdout);
        print_action(options->kind, options->words);
        puts(" ;;");
    }
}

static void print_names(const CliOption *options)
{
    for (; options->name != NULL; options++) {
        if (options->letter != 0)
            printf(" -%c", options->letter);
        printf(" --%s", options->name);
    }
}

static void print_command_names(void)
{
    for (int id = 0; id < COMMANDS; id++)
        printf(" %s", cli_command((CommandId)id)->name);
}

/* The cases for the action's name, and for each argument behind it. */
static void print_action_cases(const CliCommand *command)
{
    printf("case $cword_left:${args[0]} in\n    0:*) _rootstock_words '");
    for (const CliAction *action = command->actions; action->name != NULL; action++)
        printf("%s%s", action > command->actions ? " " : "", action->name);
    puts("' ;;");
    for (const CliAction *action = command->actions; action->name != NULL; action++) {
        for (guint i = 0; action->arguments[i].kind != ARGUMENT_NONE; i++) {
            printf("    %u:%s) ", i + 1, action->name);
            print_action(action->arguments[i].kind, NULL);
            puts(" ;;");
        }
    }
    printf("    esac");
}

static void print_argument(const CliCommand *command)
{
    if (command->actions != NULL) {
        print_action_cases(command);
        return;
    }
    if (command->argument.kind == ARGUMENT_COMMAND) {
        printf("_rootstock_words '");
        print_command_names();
        printf("'");
    } else if (docs_candidates(command->argument.kind) != NULL) {
        printf("_rootstock_candidates %s", docs_candidates(command->argument.kind));
    } else {
        printf(":");
    }
}

void docs_bash(void)
{
    fputs(HEAD, stdout);
    print_value_options();
    puts("        -* | =) ;;\n"
         "        *) command=${words[i]}; break ;;\n"
         "        esac\n"
         "    done\n"
         "    args=()\n"
         "    for ((i++; i < cword; i++)); do\n"
         "        case ${words[i]} in");
    print_all_value_options();
    puts("        -* | =) ;;\n"
         "        *) args+=(\"${words[i]}\") ;;\n"
         "        esac\n"
         "    done\n"
         "    cword_left=${#args[@]}\n"
         "\n"
         "    case $command:$prev in");
    print_values("*", cli_global_options());
    for (int id = 0; id < COMMANDS; id++)
        print_values(cli_command((CommandId)id)->name, cli_command((CommandId)id)->options);
    puts("    esac\n\n    case $command:$cur in");
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        printf("    %s:-*) _rootstock_words '", command->name);
        print_names(command->options);
        print_names(cli_global_options());
        printf("' ;;\n    %s:*) ", command->name);
        print_argument(command);
        puts(" ;;");
    }
    fputs("    :-*) _rootstock_words '", stdout);
    print_names(cli_global_options());
    fputs("' ;;\n    :*) _rootstock_words '", stdout);
    print_command_names();
    puts("' ;;\n    esac\n}\n\ncomplete -F _rootstock rootstock");
}
