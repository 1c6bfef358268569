/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include <glib.h>

#define NO_STATUSES ((const CliStatus[]){{0, NULL}})

#define MACHINE_SUMMARY                                                                            \
    "The path of this machine (else of the only one there is, or of the host alone)"

static const CliOption PATH_OPTIONS[] = {
    {.name = "machine", .kind = ARGUMENT_MACHINE, .metavar = "NAME", .summary = MACHINE_SUMMARY},
    {0},
};

static const CliOption GUIDE_OPTIONS[] = {
    {.name = "html",
     .kind = ARGUMENT_FILE,
     .metavar = "FILE",
     .summary = "Write the whole path as one page, with pictures; - is standard output"},
    {.name = "machine", .kind = ARGUMENT_MACHINE, .metavar = "NAME", .summary = MACHINE_SUMMARY},
    {0},
};

static const char *const STATUS_PARAGRAPHS[] = {
    "Shows the path from a fresh Linux host to a finished macOS guest as a checklist: what is "
    "done, what is to do, what only a person can do, what waits for other steps, what this "
    "hardware does not need, and the next thing to do. Changes nothing.",
    "A step is `done` when the running host shows it: the kernel's groups, a socket, a driver that "
    "is bound. A configuration that counts from the next start is not enough. `unknown` says what "
    "would settle it. What was applied is held against the running kernel: a step says that it "
    "waits "
    "for a restart, or why it likely did not take. Only root may read what was applied. With "
    "`--verbose`, the evidence of every step and why others are not needed.",
    "Without a machine the path is judged for the newest release that this host runs, with the "
    "card of the host that serves best.",
    NULL,
};

static const CliMember STATUS_MEMBERS[] = {
    {"steps[].id, .section, .title", "The step."},
    {"steps[].state", "`done`, `todo`, `manual`, `blocked`, `not-needed` or `unknown`."},
    {"steps[].evidence, .reason", "What was seen, and why the state is so; null where there is "
                                  "nothing to say."},
    {"steps[].manual", "What only a person can do; null: nothing."},
    {"steps[].next", "The command to type for it; null: none."},
    {"steps[].blocks[]", "Ids of the steps that it waits for."},
    {"steps[].goals[].kind, .target, .what, .why, .restart",
     "How Rootstock would have the host: `kernel-argument`, `file`, `package`, ...; in words; why; "
     "and whether it counts from the next start of the host."},
    {"done, total", "How many steps are done, and how many are needed."},
    {"next", "Id of the next step; null: there is none."},
    {"machine", "The machine whose path it is; null: the host's alone."},
    {"release, graphics, gpu", "What the path leads to: release, `none`, `dual`, `single` or "
                               "`unknown`, address of the card."},
    {NULL, NULL},
};

static const CliExample STATUS_EXAMPLES[] = {
    {"rootstock status", "Where this host stands."},
    {"rootstock status --machine demo --verbose", "One machine, with all evidence."},
    {"rootstock --host friend.json status", "Somebody else's host."},
    {NULL, NULL},
};

static const CliStatus GUIDE_STATUSES[] = {
    {1, "No step was named, and none is left to do."},
    {2, "There is no such step."},
    {0, NULL},
};

static const char *const GUIDE_PARAGRAPHS[] = {
    "Explains a step of the path: what it is, why it is needed, how Rootstock does it, how to do "
    "it by hand with this host's own values, how to see that it worked, and what usually goes "
    "wrong. Without STEP, the next one that can be done.",
    "At a terminal the text goes through `$PAGER`, or less. Values that the host does not tell "
    "stand as words in capitals, and where it is unknown which boot loader or distribution the "
    "host has, the ways of all are shown.",
    "With `--html`, the whole path as one page for a browser: every step with its state and text, "
    "the glossary, and pictures of the IOMMU groups, of the processor with a pinning, of releases "
    "against cards, and of the guest. The page loads nothing and has no script; it can be printed, "
    "and shown to others: serial numbers and addresses of network cards are not in it.",
    NULL,
};

static const CliMember GUIDE_MEMBERS[] = {
    {"id, section, title, state, evidence, reason, manual, next, blocks[], goals[]",
     "As `rootstock status --json` writes them."},
    {"text", "The text of the step, in Markdown."},
    {"file", "With `--html`, and nothing else: where the page is."},
    {NULL, NULL},
};

static const CliExample GUIDE_EXAMPLES[] = {
    {"rootstock guide", "What to do next, and how."},
    {"rootstock guide iommu-enabled", "One step."},
    {"rootstock guide --html handbook.html", "The handbook of this host."},
    {NULL, NULL},
};

static const CliStatus EXPLAIN_STATUSES[] = {
    {2, "There is no such term."},
    {0, NULL},
};

static const char *const EXPLAIN_PARAGRAPHS[] = {
    "Says what a term of the field means: `iommu`, `reset-bug`, `ovmf`. Other names of it are "
    "accepted, too (`VT-d`). Without TERM, lists them all.",
    NULL,
};

static const CliMember EXPLAIN_MEMBERS[] = {
    {"terms[].id, .name, .others[]", "The term, and what else it is called."},
    {"terms[].summary, .text", "What it is, and what else there is to know, in Markdown."},
    {NULL, NULL},
};

static const CliExample EXPLAIN_EXAMPLES[] = {
    {"rootstock explain", "The glossary."},
    {"rootstock explain iommu", "One term."},
    {NULL, NULL},
};

const CliCommand CLI_COMMANDS_PATH[] = {
    {.id = COMMAND_STATUS,
     .name = "status",
     .group = GROUP_KNOW,
     .summary = "Show the path to a finished guest as a checklist",
     .options = PATH_OPTIONS,
     .statuses = NO_STATUSES,
     .paragraphs = STATUS_PARAGRAPHS,
     .members = STATUS_MEMBERS,
     .examples = STATUS_EXAMPLES},
    {.id = COMMAND_GUIDE,
     .name = "guide",
     .group = GROUP_KNOW,
     .argument = {ARGUMENT_STEP, "STEP", true},
     .summary = "Explain a step, with this host's values",
     .options = GUIDE_OPTIONS,
     .statuses = GUIDE_STATUSES,
     .paragraphs = GUIDE_PARAGRAPHS,
     .members = GUIDE_MEMBERS,
     .examples = GUIDE_EXAMPLES},
    {.id = COMMAND_EXPLAIN,
     .name = "explain",
     .group = GROUP_KNOW,
     .argument = {ARGUMENT_TERM, "TERM", true},
     .summary = "Say what a term of the field means",
     .options = ((const CliOption[]){{0}}),
     .statuses = EXPLAIN_STATUSES,
     .paragraphs = EXPLAIN_PARAGRAPHS,
     .members = EXPLAIN_MEMBERS,
     .examples = EXPLAIN_EXAMPLES},
};
const unsigned CLI_COMMANDS_PATH_COUNT = G_N_ELEMENTS(CLI_COMMANDS_PATH);
