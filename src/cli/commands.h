/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * The one table of commands and options. The parser, --help, the manual pages and the completions
 * of bash, zsh and fish are all made from it; nothing of it is written a second time elsewhere.
 *
 * Texts are plain English. `...` marks what a person types or a file's name: bold in a manual page,
 * without the marks in --help.
 */

typedef enum {
    COMMAND_CHECK,
    COMMAND_DEVICES,
    COMMAND_GPUS,
    COMMAND_SCAN,
    COMMAND_RELEASES,
    COMMAND_STATUS,
    COMMAND_GUIDE,
    COMMAND_EXPLAIN,
    COMMAND_PLAN,
    COMMAND_APPLY,
    COMMAND_CONFIRM,
    COMMAND_UNDO,
    COMMAND_HISTORY,
    COMMAND_NEW,
    COMMAND_CLONE,
    COMMAND_SHOW,
    COMMAND_LIST,
    COMMAND_DELETE,
    COMMAND_BUILD,
    COMMAND_XML,
    COMMAND_QEMU,
    COMMAND_OPENCORE,
    COMMAND_EFI,
    COMMAND_CONFIG,
    COMMAND_PREFLIGHT,
    COMMAND_HELP,
    COMMANDS,
} CommandId;

typedef enum {
    GROUP_KNOW,
    GROUP_PREPARE,
    GROUP_BUILD,
    GROUP_RUN,
    GROUPS,
} CommandGroup;

/* What an argument is: how it is checked and how a shell completes it. */
typedef enum {
    ARGUMENT_NONE, /* the option takes none */
    ARGUMENT_FILE,
    ARGUMENT_FOLDER,
    ARGUMENT_URI,
    ARGUMENT_RELEASE,
    ARGUMENT_FUNCTION,    /* PCI address */
    ARGUMENT_CARD,        /* PCI address or VENDOR:DEVICE of a graphics card */
    ARGUMENT_MACHINE,     /* name of a machine that there is */
    ARGUMENT_NEW_MACHINE, /* name of one that there is not yet */
    ARGUMENT_SIZE,        /* base/size.h */
    ARGUMENT_NUMBER,      /* whole number in MIN..MAX */
    ARGUMENT_WORD,        /* one of WORDS */
    ARGUMENT_COMMAND,
    ARGUMENT_CONFIG_KEY, /* key path of OpenCore's config.plist */
    ARGUMENT_VALUE,      /* anything */
    ARGUMENT_STEP,       /* id of a step of the path */
    ARGUMENT_TERM,       /* id of a term of the glossary */
    ARGUMENT_KINDS,
} ArgumentKind;

typedef struct {
    const char *name; /* long name without its dashes; NULL ends a list */
    char letter;      /* short name, or 0 */
    ArgumentKind kind;
    const char *metavar;
    const char *summary;      /* one line, no full stop */
    const char *const *words; /* of ARGUMENT_WORD */
    int min, max;             /* of ARGUMENT_NUMBER */
    bool repeatable;
    const char *const *actions; /* of a command with actions, which of them take it; NULL: all */
} CliOption;

typedef struct {
    int status;
    const char *meaning; /* NULL ends a list */
} CliStatus;

typedef struct {
    const char *command; /* what is typed; NULL ends a list */
    const char *meaning;
} CliExample;

/* A member of the document that --json writes; `a.b` is member b of a, `a[]` an element of a. */
typedef struct {
    const char *name; /* NULL ends a list */
    const char *meaning;
} CliMember;

typedef struct {
    ArgumentKind kind; /* ARGUMENT_NONE ends a list */
    const char *metavar;
    bool optional;
} CliArgument;

/* What a command with several actions does when its first word is NAME. */
typedef struct {
    const char *name; /* NULL ends a list */
    const char *summary;
    const CliArgument *arguments;
    unsigned repeat; /* so many of the last arguments may be given again, together; 0: none */
} CliAction;

typedef struct {
    CommandId id;
    const char *name;
    CommandGroup group;
    CliArgument argument;     /* ARGUMENT_NONE: it takes none */
    bool many;                /* the argument may be given more than once */
    const CliAction *actions; /* NULL: it does one thing, with `argument` */
    const char *summary;      /* one line, no full stop */
    bool changes;             /* it changes or starts something, so that it refuses --host */
    const CliOption *options;
    const CliStatus *statuses; /* where they say more than cli_statuses() */
    const char *const *paragraphs;
    const CliMember *members;
    const CliExample *examples;
} CliCommand;

/* The command of that id; never NULL. */
const CliCommand *cli_command(CommandId id);

/* The command of that name, or NULL. */
const CliCommand *cli_command_named(const char *name);

/* The action of that name, or NULL. */
const CliAction *cli_action_named(const CliCommand *command, const char *name);

/* Whether ACTION, which may be NULL, takes OPTION of its command. */
bool cli_action_takes(const CliAction *action, const CliOption *option);

/* Options that every command takes, before and after its name. */
const CliOption *cli_global_options(void);

/* What the exit statuses mean for every command. */
const CliStatus *cli_statuses(void);

/* "Know", "Prepare", "Build", "Run" */
const char *cli_group_name(CommandGroup group);

/* The tables of the groups; commands.c puts them together. */
extern const CliCommand CLI_COMMANDS_KNOW[], CLI_COMMANDS_PATH[], CLI_COMMANDS_PREPARE[],
    CLI_COMMANDS_BUILD[], CLI_COMMANDS_OPENCORE[], CLI_COMMANDS_RUN[];
extern const unsigned CLI_COMMANDS_KNOW_COUNT, CLI_COMMANDS_PATH_COUNT, CLI_COMMANDS_PREPARE_COUNT,
    CLI_COMMANDS_BUILD_COUNT, CLI_COMMANDS_OPENCORE_COUNT, CLI_COMMANDS_RUN_COUNT;

/* Where the program's own manual page gets its paragraphs and lists from. */
extern const char *const CLI_PROGRAM_SUMMARY;
extern const char *const CLI_PROGRAM_PARAGRAPHS[]; /* ended by NULL */
extern const CliMember CLI_ENVIRONMENT[];          /* variables that are looked at */
extern const CliMember CLI_FILES[];
extern const CliExample CLI_PROGRAM_EXAMPLES[];
