/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
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
static const char *const GETTING[] = {"get", NULL};
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
    {.name = "why",
     .summary = "Of a machine: say why each value is as it is (with --verbose: and the source)",
     .actions = GETTING},
    {.name = "force",
     .summary = "Change the file although OpenCore would not take it (not of a machine)",
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
    "nothing is changed. FILE can also be the name of a machine: its configuration as `build` "
    "would "
    "make it now. Of its serial numbers, ROM and UUID a listing shows the ends only; who asks for "
    "one by its key gets it.",
    "Of a machine `set` keeps what you set as a line `KEY = VALUE` below `[config]` of its machine "
    "file, so that every build has it, with a name in place of the number of an element, as "
    "another build may number them otherwise. It refuses what OpenCore would not take, with the "
    "files that the image will have. `delete` takes such lines out again, so that Rootstock's own "
    "value counts. A value there may begin with its type where any is good: `hex:`, `base64:`, "
    "`int:`, `bool:`, `string:`.",
    "`validate` finds what OpenCore's own checker finds and what it is silent about, and says for "
    "each finding what would be right. Unless `--opencore` says another, it takes the version of "
    "OpenCore whose schema the file fits best, and says which. Warnings do not make a file wrong.",
    "With `--efi`, or where `OpenCore.efi` lies beside FILE, every driver, kext, table and tool "
    "that is enabled has to be there, and so has the vault that is asked for.",
    "`set` and `delete` change what they have to and leave every other byte of FILE as it is: "
    "comments, order and indentation. They refuse a change that makes an error which was not there "
    "before, and say what they make doubtful. What belongs together can be set in one go.",
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
    {"file", "FILE; `set`, `delete` of a machine: its machine file."},
    {"machine", "`set`, `delete`: the machine, where it is one."},
    {"path, type, value", "`get`: the value. Data is a string of hexadecimal digits."},
    {"reasons[].path, .why, .source", "`get --why`: why a value is not OpenCore's default."},
    {"changes[].path, .before, .after", "`set`, `delete`: what was changed."},
    {"efi", "`validate`: the folder whose files were looked for; null: none."},
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
    {"rootstock config get demo Booter.Quirks --why", "Why has a machine these settings?"},
    {"rootstock config set demo Misc.Boot.Timeout 10", "A value of a machine, for every build."},
    {"rootstock config set config.plist Misc.Security.Vault Optional", "One value."},
    {"rootstock config set config.plist 'UEFI.Drivers[+]' "
     "'{\"Path\": \"OpenHfsPlus.efi\", \"Enabled\": true}'",
     "A new driver."},
    {"rootstock config diff old.plist new.plist", "What has changed?"},
    {NULL, NULL},
};

static const CliArgument MACHINE_ARGUMENTS[] = {{ARGUMENT_MACHINE, "NAME", true}, END};

static const CliAction PARTS_ACTIONS[] = {
    {"list", "Show the boot loader and kexts: versions, digests, where from", MACHINE_ARGUMENTS, 0},
    {"fetch", "Download and verify what is missing", MACHINE_ARGUMENTS, 0},
    {NULL, NULL, NULL, 0},
};

static const char *const FETCHING[] = {"fetch", NULL};

static const CliOption PARTS_OPTIONS[] = {
    {.name = "mirror",
     .kind = ARGUMENT_URI,
     .metavar = "URL",
     .summary = "Take the archives, by their names, from the folder at this address",
     .actions = FETCHING},
    {.name = "from",
     .kind = ARGUMENT_FILE,
     .metavar = "PATH",
     .summary = "Take them from this folder, archive or EFI folder instead",
     .actions = FETCHING},
    {0},
};

static const CliStatus PARTS_STATUSES[] = {
    {1, "`fetch --from`: nothing that is wanted is there."},
    {4, "`fetch`: an archive cannot be had, or it is another one than it should be."},
    {0, NULL},
};

static const char *const PARTS_PARAGRAPHS[] = {
    "The boot loader OpenCore and the kexts that it gives to macOS are downloaded from their "
    "publishers, each in the version that this program is made for, and kept in `STORE/parts`.",
    "`list` shows them. With NAME, the files that this machine gets, and why.",
    "`fetch` brings what is missing for the machine NAME, without it for all machines, and "
    "everything where there is no machine yet. Archives are "
    "held against the digests that this program has (`pinned`). Where no public digest is known "
    "the archive is locked when it is first seen (`at first`), and compared ever after (`locked`). "
    "Nothing is installed and "
    "nothing of it is run, but for OpenCore's macserial, when its archive is pinned.",
    "Without a network: bring the archives in a folder and give it with `--from`, or give a single "
    "one. A folder in which somebody has unpacked them, or an EFI folder, will do, too; its "
    "versions are what its kexts say, and its content is locked.",
    NULL,
};

static const CliMember PARTS_MEMBERS[] = {
    {"parts[].name, .version, .url, .for", "`list`: an archive of the table."},
    {"parts[].here", "The version that is here; null: none."},
    {"parts[].sha256, .pinned", "Its digest, or null; whether this program has it."},
    {"parts[].own", "Whether what is here is of somebody's own folder."},
    {"parts[].seen, .from", "When it was first seen and where it came from; null: never."},
    {"machine", "`list NAME`, `fetch NAME`: the machine."},
    {"files[].name, .kind, .part, .why", "`list NAME`: a file that the machine gets."},
    {"fetched[].name, .version, .result",
     "`fetch`: `kept`, `taken`, `locked`, or `absent` from the folder."},
    {NULL, NULL},
};

static const CliExample PARTS_EXAMPLES[] = {
    {"rootstock opencore fetch demo", "Bring what the machine demo starts from."},
    {"rootstock opencore list demo", "Which kexts does it get, and why?"},
    {"rootstock opencore fetch --from /media/stick", "From a stick instead of the network."},
    {NULL, NULL},
};

static const CliArgument LS_ARGUMENTS[] = {
    {ARGUMENT_FILE, "IMAGE", false}, {ARGUMENT_VALUE, "PATH", true}, END};
static const CliArgument PATH_ARGUMENTS[] = {
    {ARGUMENT_FILE, "IMAGE", false}, {ARGUMENT_VALUE, "PATH", false}, END};
static const CliArgument GET_FILE_ARGUMENTS[] = {{ARGUMENT_FILE, "IMAGE", false},
                                                 {ARGUMENT_VALUE, "PATH", false},
                                                 {ARGUMENT_FILE, "FILE", true},
                                                 END};
static const CliArgument PUT_ARGUMENTS[] = {{ARGUMENT_FILE, "IMAGE", false},
                                            {ARGUMENT_VALUE, "PATH", false},
                                            {ARGUMENT_FILE, "FILE", false},
                                            END};

static const CliAction EFI_ACTIONS[] = {
    {"ls", "List what is in the folder PATH, or everything", LS_ARGUMENTS, 0},
    {"cat", "Print the file PATH", PATH_ARGUMENTS, 0},
    {"get", "Copy the file PATH to FILE", GET_FILE_ARGUMENTS, 0},
    {"put", "Copy FILE to PATH", PUT_ARGUMENTS, 0},
    {"rm", "Remove the file or folder PATH", PATH_ARGUMENTS, 0},
    {NULL, NULL, NULL, 0},
};

static const CliStatus EFI_STATUSES[] = {
    {1, "There is nothing at PATH."},
    {2, "IMAGE is no image with an EFI system partition, or PATH cannot be in one."},
    {4, "A guest has the image open, or it cannot be written."},
    {0, NULL},
};

static const char *const EFI_PARAGRAPHS[] = {
    "Looks into an image with an EFI system partition, a whole disk or a FAT file system alone, "
    "and changes it, without mounting it or being root. IMAGE is a file, or the name of a machine, "
    "whose boot loader's image is meant.",
    "PATH has slashes between its parts: `EFI/OC/config.plist`. `put` makes the folders above it; "
    "FILE `-` is standard input. `rm` removes a folder with all that is in it.",
    "A change is made in a copy that takes the image's place when it is complete, and not while a "
    "guest has it open. The next `build` that makes the image of a machine anew does not know of "
    "it: what shall last belongs into the machine file.",
    NULL,
};

static const CliMember EFI_MEMBERS[] = {
    {"image", "The path of the image."},
    {"entries[]", "`ls`: the paths; folders end with a slash."},
    {"path, size", "The file, and its size in bytes."},
    {"text", "`cat`: its content, where it is text; else null."},
    {NULL, NULL},
};

static const CliExample EFI_EXAMPLES[] = {
    {"rootstock efi ls demo", "What is in the boot loader's image of the machine demo?"},
    {"rootstock efi get demo EFI/OC/config.plist", "Copy its configuration to this folder."},
    {"rootstock efi put stick.img EFI/OC/config.plist config.plist", "Put one into an image."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_OPENCORE[] = {
    {.id = COMMAND_OPENCORE,
     .name = "opencore",
     .group = GROUP_BUILD,
     .actions = PARTS_ACTIONS,
     .summary = "The boot loader and its kexts: what there is, and fetching it",
     .options = PARTS_OPTIONS,
     .statuses = PARTS_STATUSES,
     .paragraphs = PARTS_PARAGRAPHS,
     .members = PARTS_MEMBERS,
     .examples = PARTS_EXAMPLES},
    {.id = COMMAND_EFI,
     .name = "efi",
     .group = GROUP_BUILD,
     .actions = EFI_ACTIONS,
     .summary = "Look into an image with an EFI system partition, and change it",
     .options = NO_OPTIONS,
     .statuses = EFI_STATUSES,
     .paragraphs = EFI_PARAGRAPHS,
     .members = EFI_MEMBERS,
     .examples = EFI_EXAMPLES},
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
