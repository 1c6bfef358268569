/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

static const CliOption CHECK_OPTIONS[] = {
    {.name = "os",
     .kind = ARGUMENT_RELEASE,
     .metavar = "RELEASE",
     .summary = "Judge this release only, in detail"},
    {.name = "gpu",
     .kind = ARGUMENT_CARD,
     .metavar = "CARD",
     .summary = "Judge this graphics card only: an address (0a:00.0) or VENDOR:DEVICE (1002:73ff)"},
    {0},
};

static const CliStatus CHECK_STATUSES[] = {
    {0, "At least one release, or with `--os` that release, is `yes` or `limited`."},
    {1, "No release is, or with `--os` that release is `no` or `unknown`."},
    {0, NULL},
};

static const char *const CHECK_PARAGRAPHS[] = {
    "Says which releases of OS X and macOS this host can run, what each of its graphics cards can "
    "do for them, and what macOS makes of its other devices. Reads the host and changes nothing.",
    "`yes`: it runs. `limited`: it runs, but not as one would wish, and the reasons say what is "
    "missing. `no`: it does not run. `unknown`: the host does not say enough; nothing is guessed.",
    "With `--gpu`, the verdict is about that card: a release that the card does not accelerate is "
    "no `yes`. VENDOR:DEVICE may be a card that is not in this host.",
    "What is to be changed or looked at in the set-up of the firmware (BIOS) is named as the "
    "board's maker calls it; with `--verbose` every option is, with what proves it on or off.",
    "With `--host`, FILE may be text: the output of lspci (`lspci -nnk` says most; `lspci -t` "
    "tells "
    "what is behind which bridge), a listing of IOMMU groups, /proc/cpuinfo, lscpu in any "
    "language, "
    "/proc/cmdline, lines of dmesg, lsusb, /proc/asound/card0/codec#0, `uname -a`, dmidecode, "
    "lshw, "
    "inxi or Proxmox's list of PCI devices, in any order and with prose between. What it does not "
    "say, or says in two ways, is unknown, and so is what an excerpt leaves out; what a guest "
    "showed is left out where its host's is there, too.",
    NULL,
};

static const CliMember CHECK_MEMBERS[] = {
    {"host.cpu, host.board, host.distribution", "Names; null where unknown."},
    {"host.processor.kind, .generation", "What the processor is; null where no table knows it."},
    {"host.processor.hybrid, .p_threads, .p_list",
     "Whether it has P and E cores, how many threads the P cores have, and which (`0-15`); null "
     "where unknown."},
    {"host.kvm", "Whether KVM works here; null where unknown."},
    {"host.verdict, host.reasons[]", "Whether the host can run a guest at all."},
    {"releases[].id, .version, .verdict, .reasons[]", "The release and the verdict on it."},
    {"releases[].cpu.verdict, .reasons[]", "What the processor is good for."},
    {"releases[].cpu.accelerator",
     "This and the following where the processor is known and not `no`. What a guest would run on: "
     "`kvm`, or `tcg` where KVM does not work."},
    {"releases[].cpu.model, .vendor",
     "The processor that the guest is shown (`name`), and why (`reason`); `spoofed` where the "
     "host's is another maker's."},
    {"releases[].cpu.features[]",
     "What is turned on or off (`on`) of the model, as libvirt calls it, and why."},
    {"releases[].cpu.topology",
     "How many logical processors the guest would get, in sockets, cores and threads; `most` is "
     "how many it may have on this host."},
    {"releases[].graphics[].address, .id, .verdict, .reasons[]",
     "What each card is good for; the address is null for a card that is not in this host."},
    {"situation.kind", "`single-gpu`, `dual-gpu`, `integrated-and-card`, `server`, `notebook`, "
                       "`no-fitting-card`, `no-card`, `virtual-machine` or `unknown`."},
    {"situation.guest, .host, .boot",
     "Addresses of the card that is best for a guest, of the one that the host keeps, and of the "
     "one that the firmware starts on; null for none or unknown."},
    {"situation.text, .advice[]", "The same in sentences, and what to do or buy."},
    {"obstacles[], devices[], usb[], codecs[]", "As `rootstock devices --json` writes them."},
    {"firmware[].id, .title, .wanted, .state, .needed",
     "An option of the firmware set-up: how it should be (`on`, `off`, `any`), how it is (`on`, "
     "`off`, `unknown`), and whether this host needs it so."},
    {"firmware[].evidence, .why, .todo",
     "What tells the state, what the option is for, and what to do; null: nothing."},
    {"firmware[].names[], .path, .generic, .places[]",
     "What the board's maker calls it and where it is; `generic` where only the technology's own "
     "names are known."},
    {NULL, NULL},
};

static const CliExample CHECK_EXAMPLES[] = {
    {"rootstock check", "Every release against every card."},
    {"rootstock check --os sonoma", "One release, with every reason and what to do next."},
    {"rootstock check --os 14 --gpu 0a:00.0", "One release with one card."},
    {"rootstock --host friend.json check --json", "Somebody else's machine, for a script."},
    {"rootstock --host post.txt check",
     "The host in text that somebody pasted; `-` is standard input."},
    {NULL, NULL},
};

static const CliStatus DEVICES_STATUSES[] = {
    {1, "It is not known what devices the host has."},
    {0, NULL},
};

static const char *const DEVICES_PARAGRAPHS[] = {
    "Shows every PCI function in its IOMMU group: what it is, whether a guest may have it, what "
    "would have to go with it, and what stands against it. All functions of a group belong to one "
    "owner: host or guest.",
    "A function that holds the host's file systems, carries its default route or shows its console "
    "is `no`, and what is in the way is named.",
    "The notes say what macOS makes of a device: the versions that work with it and what they need "
    "(a kext, a spoofed device-id), or why it is left to the host. Bluetooth adapters and audio "
    "codecs stand below the function that they hang on. What no table names is unknown.",
    NULL,
};

static const CliMember DEVICES_MEMBERS[] = {
    {"iommu", "Whether the host has IOMMU groups; null where unknown."},
    {"obstacles[].id, .text, .advice",
     "What stands in the way of many devices: `iommu`, `group-listing`, `interrupt-remapping`, "
     "`vfio`, `acs-override`, `disks`, `network`, `displays`, `boot-display`; in words; what to "
     "do, or null."},
    {"obstacles[].passable, .risk",
     "What it leaves of `devices[].passable`; whether the kernel passes the devices all the same, "
     "at a risk."},
    {"obstacles[].command", "What tells, also when its output is added to a pasted text; or null."},
    {"devices[].address, .id, .class, .name", "The function: `0000:0a:00.0`, `1002:73ff`, `0300`."},
    {"devices[].role", "`gpu`, `gpu-audio`, `audio`, `usb`, `nvme`, `sata`, `ethernet`, `wifi`, "
                       "`bridge` or `other`."},
    {"devices[].family, .first, .last, .native",
     "Of a graphics card: its family, the first and last version that accelerate it, and whether "
     "they do so without a patch. Null for others."},
    {"devices[].reset", "`ok`, `bug`, `none` or `unknown`."},
    {"devices[].group", "Number of its IOMMU group, or null."},
    {"devices[].driver", "The host's driver that is bound; empty for none, null where unknown."},
    {"devices[].passable", "`yes`, `no` or `unknown`."},
    {"devices[].with[]", "Addresses of what would have to go with it."},
    {"devices[].against[]", "What keeps it on the host: `0000:01:00.0 holds /`."},
    {"devices[].obstacles[]", "Ids of the obstacles that stand in its way."},
    {"devices[].held", "Whether a driver of the host has it now; null where unknown."},
    {"devices[].claims[]",
     "Drivers that would take it when the host starts again; null where unknown."},
    {"devices[].macos",
     "What macOS makes of it when a guest has it: null for bridges, and for graphics cards with "
     "their sound and their other functions."},
    {"devices[].macos.verdict",
     "`yes`, `limited`, `no` or `unknown`, for all releases from `first` "
     "to `last`."},
    {"devices[].macos.what", "What the tables call it; null where they do not name it."},
    {"devices[].macos.first, .last", "Versions that it works with; null for none, or unknown."},
    {"devices[].macos.needs, .advice", "What must be set up for it, and what to know of it."},
    {"devices[].macos.releases[].first, .last, .verdict, .needs",
     "The same by release, where they differ."},
    {"usb[].port, .controller, .id, .name, .macos",
     "USB devices, and the function that each hangs on; null for the list where unknown."},
    {"codecs[].controller, .id, .name, .layouts[]",
     "Audio codecs, and the layout-ids that AppleALC has for each."},
    {NULL, NULL},
};

static const CliExample DEVICES_EXAMPLES[] = {
    {"rootstock devices", "The tree of IOMMU groups."},
    {"rootstock devices --json | jq -r '.devices[] | select(.passable == \"yes\").address'",
     "Addresses of what a guest may have."},
    {NULL, NULL},
};

static const CliOption GPUS_OPTIONS[] = {
    {.name = "os",
     .kind = ARGUMENT_RELEASE,
     .metavar = "RELEASE",
     .summary = "Cards for this release only"},
    {0},
};

static const CliStatus GPUS_STATUSES[] = {
    {1, "No card that one can buy is known for the release."},
    {0, NULL},
};

static const char *const GPUS_PARAGRAPHS[] = {
    "Lists the graphics cards that one can buy for a guest, the best first, with what each needs: "
    "first those that Apple's drivers take as they are and that come back after the guest has "
    "ended, last those that need a spoofed device-id, a kext or a driver from elsewhere.",
    "Cards of one name can have different chips; the device id decides. `rootstock check` also "
    "judges a card that is not in this host.",
    NULL,
};

static const CliMember GPUS_MEMBERS[] = {
    {"release", "The release that was asked for; null for all."},
    {"gpus[].family, .vendor, .cards", "The family, its maker and cards that are of it."},
    {"gpus[].first, .last", "First and last version that accelerates it."},
    {"gpus[].native, .metal",
     "Whether Apple's drivers take it as it is, and whether it has Metal."},
    {"gpus[].needs, .limits", "What must be set up, and why it is limited; empty for nothing."},
    {"gpus[].reset", "`ok`, `bug`, `none` or `unknown`."},
    {"gpus[].avoid[]", "Makers whose cards of the family are known for troublesome firmware."},
    {"gpus[].devices[]", "PCI ids: `1002:73ff`, with a revision `1002:67df/e1`."},
    {"gpus[].source", "Where this is from, and where sources contradict each other."},
    {NULL, NULL},
};

static const CliExample GPUS_EXAMPLES[] = {
    {"rootstock gpus --os sequoia", "What to buy for macOS 15."},
    {"rootstock gpus --json", "The whole table, with PCI ids and sources, for a script."},
    {NULL, NULL},
};

static const CliOption SCAN_OPTIONS[] = {
    {.name = "output",
     .letter = 'o',
     .kind = ARGUMENT_FILE,
     .metavar = "FILE",
     .summary = "Write the snapshot to FILE"},
    {.name = "private", .summary = "Include serial numbers, MAC addresses, UUIDs and host names"},
    {0},
};

static const char *const SCAN_PARAGRAPHS[] = {
    "Writes what is known of the host as one JSON document: processor, memory, PCI functions, "
    "IOMMU groups, storage, network, USB devices, audio codecs, displays, firmware and board, "
    "kernel, boot loader, distribution, packages, QEMU and libvirt. What is not known is left out.",
    "Serial numbers, MAC addresses, UUIDs and host names are left out unless `--private` is given, "
    "so that a snapshot can be shown to others. Every command that reads the host takes it back "
    "with `--host`. With `-o`, FILE is replaced in one step.",
    NULL,
};

static const CliMember SCAN_MEMBERS[] = {
    {"schema", "Version of the form, 1."},
    {"cpu, kvm, memory, pci, iommu, storage, network, usb, codecs, displays, firmware, kernel, "
     "boot_loader, distribution, software",
     "One member a subject."},
    {"file", "With `-o` and `--json`, the only member of what standard output gets."},
    {NULL, NULL},
};

static const CliExample SCAN_EXAMPLES[] = {
    {"rootstock scan -o myhost.json", "A snapshot to keep or to send."},
    {"rootstock --host myhost.json check", "Judge it, here or elsewhere."},
    {NULL, NULL},
};

static const char *const RELEASES_PARAGRAPHS[] = {
    "Lists the releases of OS X and macOS that are known, the oldest first. Wherever a command "
    "takes a release, its id (`sonoma`) and its version (`14`, `10.6`) are accepted.",
    NULL,
};

static const CliMember RELEASES_MEMBERS[] = {
    {"releases[].id, .name, .version, .darwin", "The release and its kernel's major version."},
    {"releases[].mac_model", "The Mac that a guest of it takes after."},
    {"releases[].memory_min, .disk_min", "Least memory and disk, in bytes."},
    {"releases[].cpu_required[]", "Processor flags that it does not run without."},
    {"releases[].installer", "How it is installed."},
    {NULL, NULL},
};

static const CliExample RELEASES_EXAMPLES[] = {
    {"rootstock releases", "The table."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_KNOW[] = {
    {.id = COMMAND_CHECK,
     .name = "check",
     .group = GROUP_KNOW,
     .summary = "Say which releases this host can run, and with which graphics card",
     .options = CHECK_OPTIONS,
     .statuses = CHECK_STATUSES,
     .paragraphs = CHECK_PARAGRAPHS,
     .members = CHECK_MEMBERS,
     .examples = CHECK_EXAMPLES},
    {.id = COMMAND_DEVICES,
     .name = "devices",
     .group = GROUP_KNOW,
     .summary = "Show every PCI function by IOMMU group, and whether a guest may have it",
     .options = NO_OPTIONS,
     .statuses = DEVICES_STATUSES,
     .paragraphs = DEVICES_PARAGRAPHS,
     .members = DEVICES_MEMBERS,
     .examples = DEVICES_EXAMPLES},
    {.id = COMMAND_GPUS,
     .name = "gpus",
     .group = GROUP_KNOW,
     .summary = "List the graphics cards to buy, the best first",
     .options = GPUS_OPTIONS,
     .statuses = GPUS_STATUSES,
     .paragraphs = GPUS_PARAGRAPHS,
     .members = GPUS_MEMBERS,
     .examples = GPUS_EXAMPLES},
    {.id = COMMAND_SCAN,
     .name = "scan",
     .group = GROUP_KNOW,
     .summary = "Write a snapshot of the host as JSON",
     .options = SCAN_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = SCAN_PARAGRAPHS,
     .members = SCAN_MEMBERS,
     .examples = SCAN_EXAMPLES},
    {.id = COMMAND_RELEASES,
     .name = "releases",
     .group = GROUP_KNOW,
     .summary = "List the releases of OS X and macOS",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = RELEASES_PARAGRAPHS,
     .members = RELEASES_MEMBERS,
     .examples = RELEASES_EXAMPLES},
};
const unsigned CLI_COMMANDS_KNOW_COUNT = G_N_ELEMENTS(CLI_COMMANDS_KNOW);
