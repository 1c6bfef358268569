/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

static const char *const HUGE_PAGES[] = {"no", "2M", "1G", NULL};
static const char *const NETWORK_KINDS[] = {"user", "default", "bridge", NULL};

static const CliOption NEW_OPTIONS[] = {
    {.name = "os",
     .kind = ARGUMENT_RELEASE,
     .metavar = "RELEASE",
     .summary = "The release that the machine is for (required)"},
    {.name = "gpu",
     .kind = ARGUMENT_FUNCTION,
     .metavar = "ADDRESS",
     .summary = "Pass this graphics card, and its other functions, through",
     .repeatable = true},
    {.name = "device",
     .kind = ARGUMENT_FUNCTION,
     .metavar = "ADDRESS",
     .summary = "Pass this PCI function through",
     .repeatable = true},
    {.name = "memory",
     .kind = ARGUMENT_SIZE,
     .metavar = "SIZE",
     .summary = "Memory of the guest, for example 16G"},
    {.name = "huge-pages",
     .kind = ARGUMENT_WORD,
     .metavar = "SIZE",
     .summary = "Keep that memory in reserved huge pages: 2M, 1G or no",
     .words = HUGE_PAGES},
    {.name = "cores",
     .kind = ARGUMENT_NUMBER,
     .metavar = "COUNT",
     .summary = "Logical processors of the guest",
     .min = 1,
     .max = 1024},
    {.name = "disk",
     .kind = ARGUMENT_SIZE,
     .metavar = "SIZE",
     .summary = "Size of the guest's disk, for example 128G"},
    {.name = "network",
     .kind = ARGUMENT_WORD,
     .metavar = "KIND",
     .summary = "By `user` (QEMU), `default` (libvirt) or `bridge` (on the host's network)",
     .words = NETWORK_KINDS},
    {.name = "bridge",
     .kind = ARGUMENT_VALUE,
     .metavar = "NAME",
     .summary = "The host's bridge that the guest is on (br0 where there is none)"},
    {.name = "interface",
     .kind = ARGUMENT_VALUE,
     .metavar = "NAME",
     .summary = "The host's network card for that bridge (that of the default route)"},
    {.name = "force",
     .summary = "Write it although check says no; the machine file keeps that as force=yes"},
    {0},
};

static const CliStatus NEW_STATUSES[] = {
    {1, "`check` says no to what was asked for, and `--force` was not given."},
    {0, NULL},
};

static const char *const NEW_PARAGRAPHS[] = {
    "Writes the machine file NAME with what was chosen, and shows every value that the machine "
    "gets, with its reason. What was not chosen is filled in from the host and the release each "
    "time the machine is used. Only the file is written; `build` makes the rest.",
    "By default the guest reaches the network through QEMU (`user`), and nobody reaches it. With "
    "`--network default` it is on libvirt's network, which the host and its guests reach. With "
    "`--network bridge` it is on the network of the host's card, as a machine of its own: the "
    "path then has the step `bridge`, which makes one.",
    "NAME has 1 to 60 letters, digits, dots, underscores and dashes, and begins with a letter or a "
    "digit.",
    "Huge pages (`--huge-pages`, `huge-pages=2M` below `[memory]` of the machine file) have to be "
    "reserved before the guest starts, which the step huge-pages of the path does. They are gone "
    "for "
    "the host also while the guest does not run.",
    NULL,
};

static const CliMember NEW_MEMBERS[] = {
    {"(all)", "As `rootstock show --json` writes them."},
    {NULL, NULL},
};

static const CliExample NEW_EXAMPLES[] = {
    {"rootstock new demo --os sonoma", "Every other value is a default."},
    {"rootstock new studio --os monterey --gpu 0a:00.0 --memory 16G --cores 8 --disk 256G",
     "A machine with a graphics card of the host."},
    {"rootstock new office --os sonoma --network bridge",
     "A machine that others on the network reach."},
    {NULL, NULL},
};

static const CliOption CLONE_OPTIONS[] = {
    {.name = "as",
     .kind = ARGUMENT_NEW_MACHINE,
     .metavar = "NEW",
     .summary = "The name of the new machine (required)"},
    {.name = "no-disk", .summary = "Do not copy the disk: `build` makes an empty one"},
    {0},
};

static const CliStatus CLONE_STATUSES[] = {
    {2, "There is no such machine, its file is wrong, or the new name is taken."},
    {4, "A guest has the disk open, or it cannot be copied; no machine was made."},
    {0, NULL},
};

static const char *const CLONE_PARAGRAPHS[] = {
    "Makes a new machine of what was chosen for NAME, with a copy of its disk: shared blocks where "
    "the file system can do so, else as much as is in use. Shut the guest down first.",
    "No two machines are the same Mac: the new one gets a UUID and a MAC address of its own at "
    "once, and serial numbers when its image is made (of OpenCore's macserial, or placeholders "
    "that no Mac has). Serial numbers of your own in the machine file of NAME are left out, and "
    "what its firmware has stored is not copied. `build` refuses a machine with the identity of "
    "another one of the store.",
    NULL,
};

static const CliMember CLONE_MEMBERS[] = {
    {"name, from", "The new machine, and the one that it was made of."},
    {"disk", "Whether a disk was copied."},
    {"numbers_left_out", "Whether serial numbers of the machine file were left out."},
    {"shared[]", "Functions of the host that both are to have."},
    {NULL, NULL},
};

static const CliExample CLONE_EXAMPLES[] = {
    {"rootstock clone demo --as second", "With the disk, as another Mac."},
    {NULL, NULL},
};

static const char *const SHOW_PARAGRAPHS[] = {
    "Shows every value of a machine and why it is so: chosen in the machine file, or a default. "
    "Values in the machine file can be edited with any editor.",
    NULL,
};

static const CliMember SHOW_MEMBERS[] = {
    {"name, file", "The machine and the path of its file."},
    {"os.id, os.name, os.version", "The release."},
    {"values[].key, .value, .reason", "One value of the machine: `processor.model`."},
    {"values[].chosen", "true: in the machine file; false: a default."},
    {"devices[].address, .id, .name, .role", "The host's functions that the guest gets."},
    {"mac.model, .serial, .board_serial, .rom",
     "The Mac that the guest is told to be; the numbers with all but their ends as `*`."},
    {"mac.from", "`own`, `macserial` or `placeholder`."},
    {"state.disk, .nvram, .opencore, .domain", "Whether `build` has made it."},
    {"state.current", "Whether the built domain is what would be built now."},
    {"state.disk_used", "Bytes that the disk takes on the host; null: there is none."},
    {NULL, NULL},
};

static const CliExample SHOW_EXAMPLES[] = {
    {"rootstock show demo", "The table of values."},
    {NULL, NULL},
};

static const CliOption LIST_OPTIONS[] = {
    {.name = "names", .summary = "Print the names only, one a line"},
    {0},
};

static const char *const LIST_PARAGRAPHS[] = {
    "Lists the machines of the store with their release and state: `new` (nothing is built), "
    "`partly built`, `built`, `out of date` (the built domain is not what would be built now) or "
    "`wrong` (the machine file cannot be used; the reason is said).",
    NULL,
};

static const CliMember LIST_MEMBERS[] = {
    {"store", "The folder of the store."},
    {"machines[].name, .os, .version",
     "The machine and its release; null where the file is wrong."},
    {"machines[].state", "`new`, `partly built`, `built`, `out of date` or `wrong`."},
    {"machines[].disk_used", "Bytes that the disk takes on the host; null: there is none."},
    {"machines[].problem", "What is wrong with the machine; null: nothing."},
    {NULL, NULL},
};

static const CliExample LIST_EXAMPLES[] = {
    {"rootstock list", "The table."},
    {NULL, NULL},
};

static const CliOption DELETE_OPTIONS[] = {
    {.name = "yes", .letter = 'y', .summary = "Do not ask"},
    {0},
};

static const CliStatus DELETE_STATUSES[] = {
    {1, "The question was answered with no; nothing was deleted."},
    {2, "There is no such machine, or standard input is no terminal and `--yes` was not given."},
    {0, NULL},
};

static const char *const DELETE_PARAGRAPHS[] = {
    "Deletes a machine with its disk. Asks before it does so when standard input is a terminal; "
    "otherwise `--yes` has to be given. A disk that is in use is not deleted.",
    NULL,
};

static const CliMember DELETE_MEMBERS[] = {
    {"name", "The machine."},
    {"deleted", "true."},
    {NULL, NULL},
};

static const CliExample DELETE_EXAMPLES[] = {
    {"rootstock delete demo", "Ask, then delete."},
    {"rootstock delete demo --yes", "Delete."},
    {NULL, NULL},
};

static const char *const BUILD_PARTS[] = {"disk", "opencore", "domain", "probe", NULL};

static const CliOption BUILD_OPTIONS[] = {
    {.name = "only",
     .kind = ARGUMENT_WORD,
     .metavar = "PART",
     .summary = "Make this part only: disk, opencore, domain or probe",
     .words = BUILD_PARTS},
    {.name = "recovery",
     .kind = ARGUMENT_FOLDER,
     .metavar = "DIR",
     .summary = "Put the recovery of macOS in DIR on the boot loader's disk from now on"},
    {.name = "no-recovery", .summary = "Leave it out again"},
    {.name = "rollback",
     .summary = "Take the boot loader's image before the newest again, and make nothing"},
    {0},
};

static const char *const BUILD_PARAGRAPHS[] = {
    "Makes what is missing or out of date: the disk and the variable store of the firmware (once; "
    "they are never overwritten), the boot loader's image, the image that `preflight` boots, and "
    "the libvirt domain XML. Needs no root. A run that is interrupted leaves nothing half-made.",
    "The boot loader's image is made of what `rootstock opencore fetch` has fetched, with a "
    "configuration for this machine that has been held against OpenCore's schema and rules. Where "
    "nothing was fetched yet the rest is made, and the result says so. The three images before the "
    "newest are kept; `--rollback` exchanges the newest with the one before it, which then stays "
    "until its machine file or its parts change, or `--only opencore` asks for a new one.",
    "`--recovery` puts a recovery of macOS that you have on the boot loader's disk, from which "
    "OpenCore starts the installer: `BaseSystem.dmg` with `BaseSystem.chunklist` (or "
    "`RecoveryImage`), as Apple's servers give them, in DIR or in `com.apple.recovery.boot` in it. "
    "Nothing is downloaded. The disk grows by what they take, and each image that is kept takes as "
    "much. The machine file keeps the folder (`recovery=`), which has to stay. The size of the "
    "image is held against its chunk list. Its digests and Apple's signature are not checked "
    "here; OpenCore checks them when it starts it.",
    "The machine file may say of the boot loader, below `[opencore]`: `log=no` (the build of "
    "OpenCore without a log), `verbose=yes` (macOS says what it does), `picker=graphical`, "
    "`protection=no` (no System Integrity Protection), `memory-map=yes` (modules in a Mac Pro's "
    "slots), `resolution=1920x1080`, `language=de-DE:3` (with the keyboard's number), `layout=11` "
    "(of AppleALC), `add=VMHide.kext;OpenShell.efi` and `leave-out=` (names of `opencore list "
    "NAME`), and `serial=`, `board-serial=` and `rom=` of a Mac of your own. Below `[config]` "
    "any key of OpenCore's config.plist: `Misc.Boot.Timeout = 10`.",
    NULL,
};

static const CliMember BUILD_MEMBERS[] = {
    {"name", "The machine."},
    {"parts[].part, .path", "What it is and where."},
    {"parts[].action, .why", "`made`, `kept`, `updated` or `missing`, and why."},
    {NULL, NULL},
};

static const CliStatus BUILD_STATUSES[] = {
    {1, "`--rollback`: there is no image before the newest."},
    {3, "`--only opencore`: parts of the boot loader are not here; the message names them."},
    {0, NULL},
};

static const CliExample BUILD_EXAMPLES[] = {
    {"rootstock build demo", "Make what is missing."},
    {"rootstock build demo --only domain", "Only write the domain XML anew."},
    {"rootstock build demo --recovery ~/com.apple.recovery.boot", "With Apple's recovery."},
    {"rootstock build demo --rollback", "Start from the boot loader as it was before."},
    {NULL, NULL},
};

static const char *const XML_PARAGRAPHS[] = {
    "Prints the libvirt domain XML of a machine as it would be built now, valid against libvirt's "
    "schema for version 9 and newer.",
    NULL,
};

static const CliMember XML_MEMBERS[] = {
    {"xml", "The document as text."},
    {NULL, NULL},
};

static const CliExample XML_EXAMPLES[] = {
    {"rootstock xml demo | virsh define /dev/stdin", "Hand it to libvirt."},
    {NULL, NULL},
};

static const char *const QEMU_PARAGRAPHS[] = {
    "Prints the same machine as a QEMU command line, to paste into a shell or to compare with.",
    NULL,
};

static const CliMember QEMU_MEMBERS[] = {
    {"argv[]", "The argument vector, the program first."},
    {NULL, NULL},
};

static const CliExample QEMU_EXAMPLES[] = {
    {"rootstock qemu demo", "The command line, one option a line."},
    {NULL, NULL},
};

#define ON_MACHINE .argument = {ARGUMENT_MACHINE, "NAME", false}

const CliCommand CLI_COMMANDS_BUILD[] = {
    {.id = COMMAND_NEW,
     .name = "new",
     .group = GROUP_BUILD,
     .argument = {ARGUMENT_NEW_MACHINE, "NAME", false},
     .summary = "Write a machine with every choice made and explained",
     .changes = true,
     .options = NEW_OPTIONS,
     .statuses = NEW_STATUSES,
     .paragraphs = NEW_PARAGRAPHS,
     .members = NEW_MEMBERS,
     .examples = NEW_EXAMPLES},
    {.id = COMMAND_CLONE,
     .name = "clone",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Make a machine of another one, with an identity of its own",
     .changes = true,
     .options = CLONE_OPTIONS,
     .statuses = CLONE_STATUSES,
     .paragraphs = CLONE_PARAGRAPHS,
     .members = CLONE_MEMBERS,
     .examples = CLONE_EXAMPLES},
    {.id = COMMAND_SHOW,
     .name = "show",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Show every value of a machine and the reason for it",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = SHOW_PARAGRAPHS,
     .members = SHOW_MEMBERS,
     .examples = SHOW_EXAMPLES},
    {.id = COMMAND_LIST,
     .name = "list",
     .group = GROUP_BUILD,
     .summary = "List the machines and their state",
     .options = LIST_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = LIST_PARAGRAPHS,
     .members = LIST_MEMBERS,
     .examples = LIST_EXAMPLES},
    {.id = COMMAND_DELETE,
     .name = "delete",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Delete a machine with its disk",
     .changes = true,
     .options = DELETE_OPTIONS,
     .statuses = DELETE_STATUSES,
     .paragraphs = DELETE_PARAGRAPHS,
     .members = DELETE_MEMBERS,
     .examples = DELETE_EXAMPLES},
    {.id = COMMAND_BUILD,
     .name = "build",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Make what a machine needs and what is out of date",
     .changes = true,
     .options = BUILD_OPTIONS,
     .statuses = BUILD_STATUSES,
     .paragraphs = BUILD_PARAGRAPHS,
     .members = BUILD_MEMBERS,
     .examples = BUILD_EXAMPLES},
    {.id = COMMAND_XML,
     .name = "xml",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Print the libvirt domain XML of a machine",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = XML_PARAGRAPHS,
     .members = XML_MEMBERS,
     .examples = XML_EXAMPLES},
    {.id = COMMAND_QEMU,
     .name = "qemu",
     .group = GROUP_BUILD,
     ON_MACHINE,
     .summary = "Print a machine as a QEMU command line",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = QEMU_PARAGRAPHS,
     .members = QEMU_MEMBERS,
     .examples = QEMU_EXAMPLES},
};
const unsigned CLI_COMMANDS_BUILD_COUNT = G_N_ELEMENTS(CLI_COMMANDS_BUILD);
