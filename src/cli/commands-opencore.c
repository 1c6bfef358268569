/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define END                                                                                        \
    {                                                                                              \
        ARGUMENT_NONE, NULL, false                                                                 \
    }

static const CliArgument GET_ARGUMENTS[] = {
    {ARGUMENT_FILE, "FILE", false}, {ARGUMENT_CONFIG_KEY, "KEY", true}, END};
static const CliArgument SET_ARGUMENTS[] = {{ARGUMENT_FILE, "FILE", false},
                                            {ARGUMENT_CONFIG_KEY, "KEY", false},
                                            {ARGUMENT_VALUE, "VALUE", false},
                                            END};
static const CliArgument DELETE_ARGUMENTS[] = {
    {ARGUMENT_FILE, "FILE", false}, {ARGUMENT_CONFIG_KEY, "KEY", false}, END};
static const CliArgument VALIDATE_ARGUMENTS[] = {{ARGUMENT_FILE, "FILE", false}, END};
static const CliArgument DIFF_ARGUMENTS[] = {
    {ARGUMENT_FILE, "FILE", false}, {ARGUMENT_FILE, "FILE", false}, END};

static const CliAction CONFIG_ACTIONS[] = {
    {"get", "Print the value of KEY, or every value of the file", GET_ARGUMENTS, 0},
    {"set", "Set KEY to VALUE", SET_ARGUMENTS, 2},
    {"delete", "Delete KEY with what is below it", DELETE_ARGUMENTS, 1},
    {"validate", "Say everything that is wrong with the file", VALIDATE_ARGUMENTS, 0},
    {"diff", "Compare two files by what they mean", DIFF_ARGUMENTS, 0},
    {NULL, NULL, NULL, 0},
};

static const char *const CHECKING[] = {"set", "delete", "validate", NULL};
static const char *const SETTING[] = {"set", NULL};
static const char *const EDITING[] = {"set", "delete", NULL};
static const char *const VALIDATING[] = {"validate", NULL};
static const char *const TYPE_WORDS[] = {"string", "data", "integer", "boolean", NULL};

static const CliOption CONFIG_OPTIONS[] = {
    {.name = "opencore",
     .kind = ARGUMENT_VALUE,
     .metavar = "VERSION",
     .summary = "Check for this version of OpenCore instead of the one that the file fits best",
     .actions = CHECKING},
    {.name = "efi",
     .kind = ARGUMENT_FOLDER,
     .metavar = "DIR",
     .summary = "Hold the file against the files in DIR, which has EFI/OC in it",
     .actions = VALIDATING},
    {.name = "type",
     .kind = ARGUMENT_WORD,
     .metavar = "TYPE",
     .summary = "Type of a new value of NVRAM or DeviceProperties, where any is good",
     .words = TYPE_WORDS,
     .actions = SETTING},
    {.name = "force",
     .summary = "Change the file although OpenCore would not take it",
     .actions = EDITING},
    {0},
};

static const CliStatus CONFIG_STATUSES[] = {
    {1, "`validate`: there are errors. `diff`: the files differ. `get`, `delete`: there is no such "
        "key. `set`, `delete`: OpenCore would not take the file, and it was not changed."},
    {2, "The command line is wrong, or FILE is no property list in XML."},
    {0, NULL},
};

static const char *const CONFIG_PARAGRAPHS[] = {
    "Reads and changes OpenCore's config.plist, anybody's. FILE `-` is standard input, where "
    "nothing is changed.",
    "`validate` finds what OpenCore's own checker finds and what it is silent about, and says for "
    "each finding what would be right. Unless `--opencore` says another, it takes the version of "
    "OpenCore whose schema the file fits best, and says which. Warnings do not make a file wrong.",
    "With `--efi`, every driver, kext, table and tool that is enabled has to be there, and so has "
    "the vault that is asked for.",
    "`set` and `delete` change what they have to and leave every other byte of FILE as it is: "
    "comments, order and indentation. They refuse a change that makes an error which was not there "
    "before. What belongs together can be set in one go.",
    "KEY is a path of keys with dots between them. An element of an array is told by its number "
    "from 0, or by what it is: `UEFI.Drivers[0].Path`, `Kernel.Add[Lilu.kext].Enabled`, "
    "`UEFI.Drivers[+]` is a new one at the end. A key that has one of . [ ] \" in it stands in "
    "double quotes, with a backslash before a quote in it.",
    "VALUE has the type that OpenCore's schema gives to KEY: a text as it is; a number in decimal, "
    "or in hexadecimal with 0x; true or false; data as two hexadecimal digits a byte, or as base64 "
    "with `base64:` before it. A dictionary or array is written in JSON; keys of a new entry that "
    "are left out get OpenCore's defaults. Where any type is good the value keeps its type; a new "
    "one is a text, data when it begins with `hex:` or `base64:`, or what `--type` says.",
    "`diff` knows elements of an array by what they are, so that a kext that was moved is not "
    "another kext. Order counts for kexts, drivers and patches.",
    NULL,
};

static const CliMember CONFIG_MEMBERS[] = {
    {"file", "FILE."},
    {"path, type, value", "`get`: the value. Data is a string of hexadecimal digits."},
    {"changes[].path, .before, .after", "`set`, `delete`: what was changed."},
    {"opencore.checked", "`validate`, `set`, `delete`: the version that was checked for."},
    {"opencore.exact", "Whether the file has exactly the keys of a version."},
    {"opencore.first, .last", "The versions that it fits, or fits best."},
    {"valid, errors, warnings", "Whether there is no error; how many findings there are."},
    {"findings[].id, .severity", "The rule, which keeps its name; `error` or `warning`."},
    {"findings[].path, .line", "The key, and the line of the file; 0 where none is known."},
    {"findings[].what, .right", "What is wrong, to follow the path; what would be right."},
    {"before, after, same", "`diff`: the two files; whether they mean the same."},
    {"differences[].path, .change, .before, .after",
     "`added`, `removed`, `changed` or `order`, and both values."},
    {NULL, NULL},
};

static const CliExample CONFIG_EXAMPLES[] = {
    {"rootstock config validate config.plist", "What is wrong with it?"},
    {"rootstock config validate /mnt/EFI/OC/config.plist --efi /mnt", "And are its files there?"},
    {"rootstock config get config.plist Misc.Security", "A part of it, one value a line."},
    {"rootstock config set config.plist Misc.Security.Vault Optional", "One value."},
    {"rootstock config set config.plist 'UEFI.Drivers[+]' "
     "'{\"Path\": \"OpenHfsPlus.efi\", \"Enabled\": true}'",
     "A new driver."},
    {"rootstock config diff old.plist new.plist", "What has changed?"},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_OPENCORE[] = {
    {.id = COMMAND_CONFIG,
     .name = "config",
     .group = GROUP_BUILD,
     .actions = CONFIG_ACTIONS,
     .summary = "Read, check and change OpenCore's config.plist",
     .options = CONFIG_OPTIONS,
     .statuses = CONFIG_STATUSES,
     .paragraphs = CONFIG_PARAGRAPHS,
     .members = CONFIG_MEMBERS,
     .examples = CONFIG_EXAMPLES},
};
const unsigned CLI_COMMANDS_OPENCORE_COUNT = G_N_ELEMENTS(CLI_COMMANDS_OPENCORE);
