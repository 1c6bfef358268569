/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>
#include <string.h>

const char *const CLI_PROGRAM_SUMMARY =
    "from a Linux host to a macOS guest with a real graphics card";

const char *const CLI_PROGRAM_PARAGRAPHS[] = {
    "`rootstock` reads a Linux host, says which releases of OS X and macOS it can run and with "
    "which "
    "graphics card, writes a virtual machine with a reason for every value, builds what it boots "
    "from, and proves with a probe inside the guest that the guest sees what the machine file "
    "says.",
    "Guests are ordinary libvirt domains. What changes the host's own configuration shows it "
    "first, "
    "keeps what was there, and can be undone to the byte.",
    "Nothing asks a question unless standard input is a terminal.",
    "Apple's licence ties macOS to Apple hardware. Rootstock ships no Apple software.",
    NULL,
};

const CliExample CLI_PROGRAM_EXAMPLES[] = {
    {"rootstock check", "What can this host run?"},
    {"rootstock new demo --os sonoma", "Write a machine with a default for every value."},
    {"rootstock build demo", "Make its disk, its variable store and its libvirt domain XML."},
    {"rootstock preflight demo", "Boot its firmware with the probe and compare."},
    {NULL, NULL},
};

const CliMember CLI_ENVIRONMENT[] = {
    {"ROOTSTOCK_CONNECT", "The libvirt connection when `--connect` is not given."},
    {"ROOTSTOCK_PROBE",
     "The UEFI program that `preflight` boots, in place of the installed `probe.efi`."},
    {"ROOTSTOCK_PROGRAMS",
     "Under a `--root` other than `/`: the folder of programs that are run in place of the host's; "
     "they get that root's path as `ROOTSTOCK_ROOT`."},
    {"XDG_DATA_HOME",
     "Where the store is for users other than root: `rootstock` below it, or below "
     "`~/.local/share`."},
    {"PAGER", "The program that long texts go through at a terminal; less without it."},
    {"NO_COLOR", "When it is set and not empty, `--color auto` means no colours."},
    {"COLUMNS", "The width of tables where standard output is no terminal; 80 without it."},
    {NULL, NULL},
};

const CliMember CLI_FILES[] = {
    {"/var/lib/rootstock", "The store of root and of the system connection."},
    {"/var/lib/libvirt/images/rootstock-USER",
     "The store of USER, where the step storage-access has made it."},
    {"/var/lib/rootstock/journal", "What was applied to the host, and what was there before."},
    {"STORE/machines/NAME/machine.ini", "What was chosen for a machine; made to be edited."},
    {"STORE/machines/NAME/disk.qcow2", "The guest's disk."},
    {"STORE/machines/NAME/nvram.fd", "The guest's firmware variables."},
    {"STORE/machines/NAME/opencore.img",
     "The boot loader's image; opencore.img.1 to .3 are those before it."},
    {"STORE/machines/NAME/mac.ini", "Serial numbers of the guest's Mac; nobody else's business."},
    {"STORE/machines/NAME/domain.xml", "The libvirt domain, as last built."},
    {"STORE/machines/NAME/preflight.ini", "Whether the last preflight passed."},
    {"STORE/parts", "The boot loader and kexts that were fetched; `lock` has their digests."},
    {"STORE/probe.img", "The image that `preflight` boots."},
    {NULL, NULL},
};

static const char *const COLOR_WORDS[] = {"auto", "always", "never", NULL};

static const CliOption GLOBAL_OPTIONS[] = {
    {.name = "host",
     .kind = ARGUMENT_FILE,
     .metavar = "FILE",
     .summary =
         "Judge the host in FILE, a snapshot that scan made or pasted text, instead of this one"},
    {.name = "root",
     .kind = ARGUMENT_FOLDER,
     .metavar = "DIR",
     .summary = "Read the host's files under DIR instead of /"},
    {.name = "connect",
     .kind = ARGUMENT_URI,
     .metavar = "URI",
     .summary =
         "Use this libvirt connection (else $ROOTSTOCK_CONNECT, qemu:///system where its daemon "
         "answers, or libvirt's embedded driver)"},
    {.name = "store",
     .kind = ARGUMENT_FOLDER,
     .metavar = "DIR",
     .summary = "Keep machines and images in DIR"},
    {.name = "json", .summary = "Write one JSON document and nothing else to standard output"},
    {.name = "quiet", .letter = 'q', .summary = "Say only what was asked for, and errors"},
    {.name = "verbose", .letter = 'v', .summary = "Say more: every reason instead of the main one"},
    {.name = "color",
     .kind = ARGUMENT_WORD,
     .metavar = "WHEN",
     .summary = "Colour the output: auto, always or never",
     .words = COLOR_WORDS},
    {.name = "version", .letter = 'V', .summary = "Print the version and exit"},
    {.name = "help", .letter = 'h', .summary = "Explain the command and exit"},
    {0},
};

static const CliStatus STATUSES[] = {
    {0, "It is so, or it was done."},
    {1, "The answer is no: a verdict, a failed check, nothing found."},
    {2, "The command line or an input file is wrong."},
    {3, "Something that is needed is missing here; the message names it and how to get it."},
    {4, "An operation failed. What was begun is undone or said."},
    {128, "128 and the signal's number: a signal ended it (130 after Ctrl-C)."},
    {0, NULL},
};

const CliOption *cli_global_options(void)
{
    return GLOBAL_OPTIONS;
}

const CliStatus *cli_statuses(void)
{
    return STATUSES;
}

const char *cli_group_name(CommandGroup group)
{
    static const char *const NAMES[] = {
        [GROUP_KNOW] = "Know",
        [GROUP_PREPARE] = "Prepare",
        [GROUP_BUILD] = "Build",
        [GROUP_RUN] = "Run",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == GROUPS);
    return NAMES[group];
}

static const CliCommand *find_in(const CliCommand *commands, unsigned count, CommandId id)
{
    for (unsigned i = 0; i < count; i++) {
        if (commands[i].id == id)
            return &commands[i];
    }
    return NULL;
}

const CliCommand *cli_command(CommandId id)
{
    const CliCommand *command = find_in(CLI_COMMANDS_KNOW, CLI_COMMANDS_KNOW_COUNT, id);
    if (command == NULL)
        command = find_in(CLI_COMMANDS_PATH, CLI_COMMANDS_PATH_COUNT, id);
    if (command == NULL)
        command = find_in(CLI_COMMANDS_PREPARE, CLI_COMMANDS_PREPARE_COUNT, id);
    if (command == NULL)
        command = find_in(CLI_COMMANDS_BUILD, CLI_COMMANDS_BUILD_COUNT, id);
    if (command == NULL)
        command = find_in(CLI_COMMANDS_OPENCORE, CLI_COMMANDS_OPENCORE_COUNT, id);
    if (command == NULL)
        command = find_in(CLI_COMMANDS_RUN, CLI_COMMANDS_RUN_COUNT, id);
    g_assert(command != NULL);
    return command;
}

const CliCommand *cli_command_named(const char *name)
{
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

const CliAction *cli_action_named(const CliCommand *command, const char *name)
{
    for (const CliAction *action = command->actions; action != NULL && action->name != NULL;
         action++) {
        if (strcmp(action->name, name) == 0)
            return action;
    }
    return NULL;
}

bool cli_action_takes(const CliAction *action, const CliOption *option)
{
    return action == NULL || option->actions == NULL ||
           g_strv_contains(option->actions, action->name);
}
