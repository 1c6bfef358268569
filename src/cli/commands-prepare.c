/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

static const CliOption PLAN_OPTIONS[] = {
    {.name = "machine",
     .kind = ARGUMENT_MACHINE,
     .metavar = "NAME",
     .summary = "For this machine (else for the only one there is, or for the host alone)"},
    {0},
};

static const CliOption APPLY_OPTIONS[] = {
    {.name = "machine",
     .kind = ARGUMENT_MACHINE,
     .metavar = "NAME",
     .summary = "For this machine (else for the only one there is, or for the host alone)"},
    {.name = "yes", .letter = 'y', .summary = "Make the changes without asking"},
    {0},
};

static const CliStatus PLAN_STATUSES[] = {
    {1, "What keeps something on this host is not known well enough to change it, or two steps "
        "want different things: the message says what to do by hand."},
    {2, "There is no such step."},
    {0, NULL},
};

static const CliStatus APPLY_STATUSES[] = {
    {1, "As for plan; or the host is not as the plan found it, and nothing was changed."},
    {2, "There is no such step, or nobody is there to be asked and --yes was not given."},
    {3, "Changing this host needs root; what to type by hand was shown."},
    {4, "A change failed. Those before it were taken back, or the message says what was not."},
    {0, NULL},
};

static const char *const PLAN_PARAGRAPHS[] = {
    "Shows every change to the host that the steps of the path ask for, in order: files as "
    "differences, packages, services, groups and the commands that make the initramfs and the boot "
    "menu anew, and which of them count from the next start. Changes nothing.",
    "With STEP, only what these steps ask for (`rootstock status` lists them). What is so already "
    "is not in the plan.",
    NULL,
};

static const char *const APPLY_PARAGRAPHS[] = {
    "Shows the plan, asks, and makes it. Before the first change everything is held against the "
    "plan again; before each one what it replaces is recorded and synced to disk. A change that "
    "fails takes back those before it, and a run that was killed is taken back by the next one. "
    "`rootstock undo` gives the host back to the byte. What is left for you is said at the end: a "
    "restart, a new login, options of the firmware's set-up.",
    "A plan that changes the network, by which you may have come, first sets a timer of systemd's "
    "that takes the whole apply back after three minutes: look that you still reach the host, and "
    "type `rootstock confirm`.",
    "Without root nothing is begun: the commands that do the same by hand are shown.",
    NULL,
};

static const CliMember PLAN_MEMBERS[] = {
    {"changes[].step", "The step that asks for it."},
    {"changes[].kind", "`kernel-argument`, `file`, `setting`, `package`, `service`, `group` or "
                       "`command`."},
    {"changes[].target, .before, .after", "What is changed, from what to what; null: not there."},
    {"changes[].restart", "Whether it counts from the next start of the host."},
    {"restart", "Whether any of them does."},
    {"confirm", "Whether it is taken back by itself unless `rootstock confirm` follows."},
    {"boot_loader.kind, .evidence, .others[]",
     "What started this kernel, what shows it, and the others that are installed."},
    {NULL, NULL},
};

static const CliMember APPLY_MEMBERS[] = {
    {"id", "Its number, for undo; null: nothing was to be changed."},
    {"changes[]", "As `rootstock plan --json` writes them."},
    {"restart", "Whether the host has to be restarted for all of it to count."},
    {"confirm", "Whether it is taken back by itself unless `rootstock confirm` follows."},
    {"left[].what, .step, .text",
     "What only a person does: `confirm` (within three minutes), `restart`, `login` (for a new "
     "group) or `firmware`; the step that it is about, or null; a sentence."},
    {NULL, NULL},
};

static const CliExample PLAN_EXAMPLES[] = {
    {"rootstock plan", "What would change on this host."},
    {"rootstock plan --machine demo iommu-enabled", "For one step of one machine's path."},
    {NULL, NULL},
};

static const CliExample APPLY_EXAMPLES[] = {
    {"sudo rootstock apply", "Show the plan, ask, and make it."},
    {"sudo rootstock apply --yes --machine demo", "Without asking, for one machine."},
    {NULL, NULL},
};

static const CliStatus CONFIRM_STATUSES[] = {
    {1, "No apply waits to be confirmed, or it was taken back already."},
    {3, "Changing this host needs root."},
    {0, NULL},
};

static const char *const CONFIRM_PARAGRAPHS[] = {
    "Keeps an apply that changed the network. Such an apply is taken back by itself three minutes "
    "after it was begun unless this is typed, since whoever is cut off by it could not undo it. "
    "The timer is one of systemd's (`rootstock-takeback.timer`), so that it does not matter what "
    "becomes of the session that it was set from; after a restart of the host its time begins "
    "anew. "
    "Confirming removes it.",
    "That you can type this shows that you reach the host by this session. Where you came over the "
    "network that was changed, open a new session for it.",
    NULL,
};

static const CliMember CONFIRM_MEMBERS[] = {
    {"id", "The number of the apply that was confirmed."},
    {NULL, NULL},
};

static const CliExample CONFIRM_EXAMPLES[] = {
    {"sudo rootstock confirm", "Keep what the last apply made of the network."},
    {NULL, NULL},
};

static const CliOption UNDO_OPTIONS[] = {
    {.name = "keep-changed",
     .summary = "Leave files that were changed since as they are, and undo the rest"},
    {.name = "unconfirmed",
     .summary = "Undo an apply that nobody confirmed or that was cut short, if there is one"},
    {.name = "yes", .letter = 'y', .summary = "Undo without asking"},
    {0},
};

static const CliStatus UNDO_STATUSES[] = {
    {1,
     "There is nothing to undo, or a file is no longer what was written: the difference is shown "
     "and nothing was changed."},
    {3, "Changing this host needs root."},
    {0, NULL},
};

static const char *const UNDO_PARAGRAPHS[] = {
    "Takes back what an apply changed on this host, the last change first: files get the bytes, "
    "mode, owner and label that were recorded before they were changed, packages that came are "
    "removed, and services and groups are as they were. Without ID the newest apply that stands is "
    "undone; `rootstock history` shows them.",
    "What a command made from other files, as the boot menu, is put back too; where somebody made "
    "it anew since, as an update of the kernel does, it is made anew from the restored files.",
    "A file that was changed since is never written over: undo then refuses, and shows the "
    "difference. An undo that was cut short goes on where it stopped when it is run again.",
    "With `--unconfirmed`, which is what the timer of `rootstock confirm` calls, a file that was "
    "changed since is put back too, as the host may be cut off by it; what it held is kept in "
    "/var/lib/rootstock/journal/ID/changed.N.",
    NULL,
};

static const CliMember UNDO_MEMBERS[] = {
    {"id", "The number of the apply that was undone; null: there was none (`--unconfirmed`)."},
    {"restart", "Whether the host has to be restarted for it to take effect."},
    {"changes[].step, .kind, .target", "What was taken back."},
    {NULL, NULL},
};

static const CliExample UNDO_EXAMPLES[] = {
    {"sudo rootstock undo", "Undo the newest apply."},
    {"sudo rootstock undo 3 --keep-changed", "Undo the third, but for files changed since."},
    {NULL, NULL},
};

static const char *const HISTORY_PARAGRAPHS[] = {
    "Shows what was applied to this host, when, what became of it, and what it changed. An apply "
    "is "
    "`done`, `failed` (a change failed, and all of them were taken back), `undone`, or, where the "
    "program was stopped in the middle, `unfinished` or `undoing`: the next apply or undo takes "
    "that "
    "back first. One that changed the network is `unconfirmed` until `rootstock confirm`, and "
    "`expired` when that did not come and it was taken back.",
    NULL,
};

static const CliMember HISTORY_MEMBERS[] = {
    {"applies[].id", "Its number, for undo."},
    {"applies[].time", "When it was begun, ISO 8601 in UTC."},
    {"applies[].state", "`done`, `failed`, `undone`, `unfinished`, `undoing`, `unconfirmed` or "
                        "`expired`."},
    {"applies[].ended", "When it was taken back; null where it is not."},
    {"applies[].changes[].step, .kind, .target", "What it changed."},
    {NULL, NULL},
};

static const CliExample HISTORY_EXAMPLES[] = {
    {"sudo rootstock history", "What was applied and undone."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_PREPARE[] = {
    {.id = COMMAND_PLAN,
     .name = "plan",
     .group = GROUP_PREPARE,
     .argument = {ARGUMENT_STEP, "STEP", true},
     .many = true,
     .summary = "Show every change to the host, and make none",
     .options = PLAN_OPTIONS,
     .statuses = PLAN_STATUSES,
     .paragraphs = PLAN_PARAGRAPHS,
     .members = PLAN_MEMBERS,
     .examples = PLAN_EXAMPLES},
    {.id = COMMAND_APPLY,
     .name = "apply",
     .group = GROUP_PREPARE,
     .argument = {ARGUMENT_STEP, "STEP", true},
     .many = true,
     .summary = "Show the plan, ask, and make its changes",
     .changes = true,
     .options = APPLY_OPTIONS,
     .statuses = APPLY_STATUSES,
     .paragraphs = APPLY_PARAGRAPHS,
     .members = APPLY_MEMBERS,
     .examples = APPLY_EXAMPLES},
    {.id = COMMAND_CONFIRM,
     .name = "confirm",
     .group = GROUP_PREPARE,
     .summary = "Keep an apply that changed the network, which else is taken back",
     .changes = true,
     .options = NO_OPTIONS,
     .statuses = CONFIRM_STATUSES,
     .paragraphs = CONFIRM_PARAGRAPHS,
     .members = CONFIRM_MEMBERS,
     .examples = CONFIRM_EXAMPLES},
    {.id = COMMAND_UNDO,
     .name = "undo",
     .group = GROUP_PREPARE,
     .argument = {ARGUMENT_NUMBER, "ID", true},
     .summary = "Take back what an apply changed, to the byte",
     .changes = true,
     .options = UNDO_OPTIONS,
     .statuses = UNDO_STATUSES,
     .paragraphs = UNDO_PARAGRAPHS,
     .members = UNDO_MEMBERS,
     .examples = UNDO_EXAMPLES},
    {.id = COMMAND_HISTORY,
     .name = "history",
     .group = GROUP_PREPARE,
     .summary = "What was applied to this host and undone, and when",
     .options = NO_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = HISTORY_PARAGRAPHS,
     .members = HISTORY_MEMBERS,
     .examples = HISTORY_EXAMPLES},
};
const unsigned CLI_COMMANDS_PREPARE_COUNT = G_N_ELEMENTS(CLI_COMMANDS_PREPARE);
