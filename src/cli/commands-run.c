/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

static const CliOption PREFLIGHT_OPTIONS[] = {
    {.name = "bootloader",
     .summary = "Boot the machine's OpenCore to its picker instead, and read its log"},
    {.name = "log",
     .kind = ARGUMENT_FILE,
     .metavar = "FILE",
     .summary = "With --bootloader: keep OpenCore's log in FILE (serial numbers are in it)"},
    {.name = "screenshot",
     .kind = ARGUMENT_FILE,
     .metavar = "FILE",
     .summary = "Put the picture of the guest's screen into FILE"},
    {.name = "timeout",
     .kind = ARGUMENT_NUMBER,
     .metavar = "SECONDS",
     .summary = "Give up after so many seconds (120 with KVM, 300 without)",
     .min = 1,
     .max = 86400},
    {0},
};

static const CliStatus PREFLIGHT_STATUSES[] = {
    {0, "The guest sees what the machine promises; with `--bootloader`, the picker is up and no "
        "error was logged."},
    {1, "A check failed; the table says what was expected and what was found. With "
        "`--bootloader`: an error was logged, or the log does not show the picker with an entry."},
    {3, "QEMU, libvirt's QEMU driver, the guest's firmware or the boot loader's image is "
        "missing."},
    {4, "The guest did not report: QEMU died, or the time was up."},
    {0, NULL},
};

static const char *const PREFLIGHT_PARAGRAPHS[] = {
    "Boots the machine's own firmware, processor, memory and devices with a probe instead of an "
    "operating system, and holds what the guest sees against the machine file. The guest gets "
    "throw-away disks and a throw-away variable store; the machine's own are not touched.",
    "However it ends, no guest stays running and no temporary file stays behind. A picture of the "
    "guest's screen is left as `preflight.png` beside the machine file, or where `--screenshot` "
    "says.",
    "`--bootloader` boots the machine's own OpenCore image instead, with a copy of its variables "
    "and a layer over its disk that are thrown away, until the picker is up. It reads OpenCore's "
    "own log, from the file on that disk or from the serial port, and reports the version, what "
    "was "
    "loaded, what the picker shows, and each warning and error with what it means and what to do. "
    "In the copy both logs are turned on and the picker waits; each such change is named. Kexts "
    "are "
    "put into macOS's kernel after the picker, so they are not seen here.",
    "OpenCore's DEBUG build, which `build` takes unless the machine file says `log=no` below "
    "`[opencore]`, logs its whole start. A RELEASE build logs warnings and errors alone: where the "
    "DEBUG build of the same version was fetched it takes its place in the copy; else the guest is "
    "watched until it rests, and the picture shows what is on its screen.",
    NULL,
};

static const CliMember PREFLIGHT_MEMBERS[] = {
    {"booted", "Whether the probe reported."},
    {"seconds", "From the start of the guest to its end."},
    {"guest", "What the probe saw."},
    {"checks[].id, .ok, .expected, .found", "One comparison."},
    {"screenshot", "Path of the picture; null: none was taken."},
    {"connection", "The libvirt connection that was used."},
    {"end", "With `--bootloader`, from here on: `picker`, `halted` (it stops by itself), `still` "
            "(it rests, and no log says where), `off`, `time`."},
    {"version, build, date, model", "Of OpenCore, and the Mac that it makes; null: not logged."},
    {"phase", "How far it got by its log."},
    {"drivers[].name, .loaded, .problem", "UEFI drivers; a problem in OpenCore's words, or null."},
    {"tables[].action, .signature, .table, .bytes",
     "ACPI tables that it added, deleted, replaced."},
    {"kexts[].name, .version, .injected, .status", "Kexts, where a kernel was started."},
    {"entries[].name, .kind, .flavour, .path, .external", "What the picker shows, in its order."},
    {"messages[].severity, .line, .count, .seconds, .meaning, .advice",
     "`error`, `warning`, `unknown` (reads like a failure, and is not known here), `note` (reads "
     "like a failure, and is none). Serial numbers are left out."},
    {"changes[]", "What is other than in the image."},
    {"log", "Name of the log's file on the boot loader's disk; null: it is from the serial port."},
    {NULL, NULL},
};

static const CliExample PREFLIGHT_EXAMPLES[] = {
    {"rootstock preflight demo", "The table of what the guest saw."},
    {"rootstock preflight demo --json | jq '.checks[] | select(.ok | not)'", "Only what failed."},
    {"rootstock preflight demo --bootloader", "Does OpenCore start, and what does it find?"},
    {NULL, NULL},
};

static const char *const HELP_PARAGRAPHS[] = {
    "Without COMMAND, lists the commands. With it, explains that command, as `--help` does.",
    NULL,
};

static const CliMember HELP_MEMBERS[] = {
    {"commands[].name, .group, .summary", "Every command, or the one that was asked for."},
    {"commands[].argument", "Its argument's name, or null."},
    {"commands[].options[].name, .letter, .argument, .summary", "Its options; null for none."},
    {"global_options[]", "Options that every command takes."},
    {NULL, NULL},
};

static const CliExample HELP_EXAMPLES[] = {
    {"rootstock help new", "Explain new."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_RUN[] = {
    {.id = COMMAND_PREFLIGHT,
     .name = "preflight",
     .group = GROUP_RUN,
     .argument = {ARGUMENT_MACHINE, "NAME", false},
     .summary = "Boot the guest's firmware or its boot loader, and look at what comes",
     .changes = true,
     .options = PREFLIGHT_OPTIONS,
     .statuses = PREFLIGHT_STATUSES,
     .paragraphs = PREFLIGHT_PARAGRAPHS,
     .members = PREFLIGHT_MEMBERS,
     .examples = PREFLIGHT_EXAMPLES},
    {.id = COMMAND_HELP,
     .name = "help",
     .group = GROUP_KNOW,
     .argument = {ARGUMENT_COMMAND, "COMMAND", true},
     .summary = "Explain a command, or list them all",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = HELP_PARAGRAPHS,
     .members = HELP_MEMBERS,
     .examples = HELP_EXAMPLES},
};
const unsigned CLI_COMMANDS_RUN_COUNT = G_N_ELEMENTS(CLI_COMMANDS_RUN);
