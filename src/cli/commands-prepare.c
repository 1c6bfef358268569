/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_OPTIONS ((const CliOption[]){{0}})
#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

static const CliOption UNDO_OPTIONS[] = {
    {.name = "keep-changed",
     .summary = "Leave files that were changed since as they are, and undo the rest"},
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
    NULL,
};

static const CliMember UNDO_MEMBERS[] = {
    {"id", "The number of the apply that was undone."},
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
    "back first.",
    NULL,
};

static const CliMember HISTORY_MEMBERS[] = {
    {"applies[].id", "Its number, for undo."},
    {"applies[].time", "When it was begun, ISO 8601 in UTC."},
    {"applies[].state", "`done`, `failed`, `undone`, `unfinished` or `undoing`."},
    {"applies[].ended", "When it was taken back; null where it is not."},
    {"applies[].changes[].step, .kind, .target", "What it changed."},
    {NULL, NULL},
};

static const CliExample HISTORY_EXAMPLES[] = {
    {"sudo rootstock history", "What was applied and undone."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_PREPARE[] = {
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
