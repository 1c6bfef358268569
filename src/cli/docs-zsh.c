/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/docs-forms.h"

#include "cli/docs-text.h"

#include <glib.h>
#include <stdio.h>

static const char HEAD[] =
    "#compdef rootstock\n"
    "# zsh completion of rootstock(1), made from its table of commands\n"
    "\n"
    "_rootstock_candidates() {\n"
    "    local -a candidates\n"
    "    local line\n"
    "    for line in ${(f)\"$(_call_program $1 rootstock __complete $1 2>/dev/null)\"}; do\n"
    "        candidates+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
    "    done\n"
    "    _describe $1 candidates\n"
    "}\n"
    "\n"
    "_rootstock_commands() {\n"
    "    local -a commands\n"
    "    commands=(\n";

/* The `:MESSAGE:ACTION` of _arguments(1). */
static char *action_spec(ArgumentKind kind, const char *metavar, const char *const *words)
{
    g_autofree char *joined = words != NULL ? g_strjoinv(" ", (char **)words) : NULL;

    if (docs_candidates(kind) != NULL)
        return g_strdup_printf(":%s: _rootstock_candidates %s", metavar, docs_candidates(kind));
    if (kind == ARGUMENT_FILE)
        return g_strdup_printf(":%s:_files", metavar);
    if (kind == ARGUMENT_FOLDER)
        return g_strdup_printf(":%s:_files -/", metavar);
    if (kind == ARGUMENT_COMMAND)
        return g_strdup_printf(":%s: _rootstock_commands", metavar);
    if (joined != NULL)
        return g_strdup_printf(":%s:(%s)", metavar, joined);
    return g_strdup_printf(":%s: ", metavar);
}

static void print_option(const CliOption *option, const char *name)
{
    g_autofree char *summary = docs_escape(option->summary, "[]:\\");
    g_autofree char *value = option->kind != ARGUMENT_NONE
                                 ? action_spec(option->kind, option->metavar, option->words)
                                 : g_strdup("");
    /* `=`: the value may stand in the same word */
    const char *equals = option->kind != ARGUMENT_NONE && name[1] == '-' ? "=" : "";
    g_autofree char *spec = g_strdup_printf("%s%s%s[%s]%s", option->repeatable ? "*" : "", name,
                                            equals, summary, value);
    g_autofree char *quoted = docs_quote(spec);
    printf("        %s\n", quoted);
}

static void print_options(const CliOption *options)
{
    for (; options->name != NULL; options++) {
        g_autofree char *name = g_strdup_printf("--%s", options->name);
        print_option(options, name);
        if (options->letter != 0)
            print_option(options, (char[]){'-', options->letter, 0});
    }
}

/* What is behind the action's name depends on it. */
static void print_actions(const CliCommand *command)
{
    fputs("        options+=('1:action:(", stdout);
    for (const CliAction *action = command->actions; action->name != NULL; action++)
        printf("%s%s", action > command->actions ? " " : "", action->name);
    puts(")')\n        case $words[2] in");
    for (const CliAction *action = command->actions; action->name != NULL; action++) {
        printf("        %s) options+=(", action->name);
        for (guint i = 0; action->arguments[i].kind != ARGUMENT_NONE; i++) {
            const CliArgument *argument = &action->arguments[i];
            g_autofree char *value = action_spec(argument->kind, argument->metavar, NULL);
            g_autofree char *spec = g_strdup_printf("%u%s", i + 2, value);
            g_autofree char *quoted = docs_quote(spec);
            printf("%s%s", i > 0 ? " " : "", quoted);
        }
        puts(") ;;");
    }
    puts("        esac");
}

static void print_case(const CliCommand *command)
{
    printf("    %s)\n        options=(\n", command->name);
    print_options(command->options);
    if (command->argument.kind != ARGUMENT_NONE) {
        g_autofree char *value =
            action_spec(command->argument.kind, command->argument.metavar, NULL);
        g_autofree char *spec = g_strdup_printf("%s%s", command->many ? "*" : "1", value);
        g_autofree char *quoted = docs_quote(spec);
        printf("        %s\n", quoted);
    }
    puts("        )");
    if (command->actions != NULL)
        print_actions(command);
    puts("        ;;");
}

void docs_zsh(void)
{
    fputs(HEAD, stdout);
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        g_autofree char *item = g_strdup_printf("%s:%s", command->name, command->summary);
        g_autofree char *quoted = docs_quote(item);
        printf("        %s\n", quoted);
    }
    puts("    )\n"
         "    _describe command commands\n"
         "}\n"
         "\n"
         "_rootstock() {\n"
         "    local curcontext=$curcontext state line\n"
         "    local -A opt_args\n"
         "    local -a globals options\n"
         "    globals=(");
    print_options(cli_global_options());
    puts("    )\n"
         "    _arguments -C $globals '1: :->command' '*:: :->argument' && return\n"
         "    if [[ $state == command ]]; then\n"
         "        _rootstock_commands\n"
         "        return\n"
         "    fi\n"
         "    case $words[1] in");
    for (int id = 0; id < COMMANDS; id++)
        print_case(cli_command((CommandId)id));
    puts("    *) return 1 ;;\n"
         "    esac\n"
         "    _arguments $globals $options\n"
         "}\n"
         "\n"
         "_rootstock \"$@\"");
}
