/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/catalog.h"
#include "facts/facts.h"
#include "machine/machine.h"
#include "plan/goal.h"
#include "verdict/verdict.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The path: all that lies between a fresh Linux host and a macOS guest that one can use, as one
 * ordered list of steps. Pure: the same facts, verdict, catalog and machine give the same path.
 *
 * What counts is what is there to be seen: the kernel that runs, sysfs, sockets, the groups of the
 * session. A file that will do something at the next start of the host is an intention, and its
 * step is not done. A Path refers to what it was made from, which must outlive it.
 */
typedef enum {
    SECTION_HARDWARE,
    SECTION_FIRMWARE,
    SECTION_KERNEL,
    SECTION_PACKAGES,
    SECTION_LIBVIRT,
    SECTION_IOMMU,
    SECTION_BINDING,
    SECTION_OPENCORE,
    SECTION_MEDIA,
    SECTION_MACHINE,
    SECTION_PREFLIGHT,
    SECTION_INSTALL,
    SECTION_GRAPHICS,
    SECTION_AFTER,
    SECTION_UPKEEP,
    SECTIONS,
} PathSection;

/* "hardware", and "Hardware" */
const char *path_section_id(PathSection section);
const char *path_section_title(PathSection section);

typedef enum {
    STEP_UNKNOWN,    /* the host does not say; the reason names what would settle it */
    STEP_DONE,       /* the evidence shows it */
    STEP_TODO,       /* Rootstock or a command does it */
    STEP_MANUAL,     /* only a person can do it */
    STEP_BLOCKED,    /* steps before it are not done */
    STEP_NOT_NEEDED, /* not with this hardware, or not for this machine */
    STEP_STATES,
} StepState;

/* "unknown", "done", "todo", "manual", "blocked", "not-needed" */
const char *step_state_name(StepState state);

/* For people: "unknown", "done", "to do", "needs you", "blocked", "not needed" */
const char *step_state_word(StepState state);

/* How a graphics card comes to the guest. */
typedef enum {
    GRAPHICS_UNKNOWN,
    GRAPHICS_NONE,   /* it does not: the guest has an emulated display */
    GRAPHICS_DUAL,   /* the host keeps another display */
    GRAPHICS_SINGLE, /* it is the host's only one, which the host gives away while the guest runs */
} GraphicsMode;

/* "unknown", "none", "dual", "single" */
const char *graphics_mode_name(GraphicsMode mode);

/* What the path leads to: the machine's choices, or without a machine the best that the verdict
 * sees. */
typedef struct {
    const Release *release; /* NULL: none that this host is known to run */
    GraphicsMode graphics;
    const DeviceVerdict *gpu;      /* the card that the guest gets, or NULL */
    GPtrArray *card;               /* of const DeviceVerdict *: it and all that must go with it */
    GPtrArray *functions;          /* the same, and whatever else the machine gets of the host */
    const DeviceVerdict *host_gpu; /* what the host keeps for its picture, or NULL */
    const char *reason;            /* why so: a sentence; owned by the Path */
} PathTarget;

/* A change that an apply made and that stands, as the journal and the host's files tell of it.
 * Texts are the caller's, and must outlive the Path. */
typedef struct {
    guint apply;        /* its number, for undo */
    const char *step;   /* id of the step that asked for it */
    const char *kind;   /* as step_goal_kind() names them: "kernel-argument" */
    const char *target; /* "intel_iommu", a path, a unit, "jo in libvirt" */
    const char *after;  /* what it was made; NULL: taken away */
    const char *tool;   /* what keeps it: "grub (update-grub)"; NULL: nothing does */
    const char *lost;   /* a file that no longer has what was written; NULL: each has it */
    bool restart;       /* it counts from the next start of the host */
    Tri restarted;      /* the host has started since */
} PathApplied;

/* What there is of the machine outside its file, as far as the caller knows. */
typedef struct {
    Tri disk;             /* its disk image is there */
    Tri nvram;            /* its variable store is there */
    Tri domain;           /* its libvirt domain was written and is what would be written now */
    Tri opencore;         /* its OpenCore image is there */
    Tri media;            /* its installer is there */
    Tri unconfirmed;      /* an apply that changed the network waits to be confirmed */
    Tri preflight;        /* the last preflight of what it is now passed */
    const char *account;  /* the person who asks, by whose account name groups are given; NULL: no
                           * goal about groups is made. The caller's */
    gint64 disk_used;     /* bytes that the disk takes on the host; UNKNOWN */
    GStrv other_machines; /* without a machine: the names of those that there are; NULL: unknown.
                           * The caller's, and must outlive the Path */
    const GPtrArray *applied; /* of const PathApplied *: what was applied to this host and stands,
                               * the oldest first; NULL: unknown, or nothing. The caller's */
} PathMachine;

/* Everything unknown. */
PathMachine path_machine_unknown(void);

typedef struct Step Step;

/* One step, judged. */
typedef struct {
    const Step *step;
    Tri needed;
    StepState state;
    char *evidence;    /* what was seen, with this host's values: a sentence; NULL: nothing */
    char *reason;      /* why it is in this state, or not needed; NULL: the evidence says it */
    char *manual;      /* what only a person can do: sentences; NULL: nothing */
    char *next;        /* the command to type for it; NULL: there is none */
    GPtrArray *blocks; /* of const char *: ids of the steps that keep it back */
    GPtrArray *goals;  /* of Goal *: how Rootstock would have the host */
} PathStep;

typedef struct {
    const Facts *facts;
    const Verdict *verdict;
    const Catalog *catalog;
    const Machine *machine; /* NULL: the path of the host alone */
    PathMachine state;
    PathTarget target;
    GPtrArray *steps;   /* of PathStep *, in order */
    GStringChunk *text; /* where the target's reason is */
} Path;

/* Judges every step. MACHINE may be NULL; STATE may be NULL: nothing is known. */
Path *path_make(const Facts *facts, const Verdict *verdict, const Catalog *catalog,
                const Machine *machine, const PathMachine *state);
void path_free(Path *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Path, path_free)

/* What kind of change GOAL is, as `plan --json` names them ("kernel-argument", "file", "package"),
 * and in words, with code in backticks: "the kernel argument `intel_iommu=on`". The caller owns the
 * latter. */
const char *step_goal_kind(const Goal *goal);
char *step_goal_describe(const Goal *goal);

/* The rows of the table, whatever the host: id ("iommu-enabled"), section, title. In order. */
guint path_step_count(void);
const Step *path_step_row(guint index);
const char *step_id(const Step *step);
const char *step_title(const Step *step);
PathSection step_section(const Step *step);

/* The row or judged step of that id, or NULL. */
const Step *path_step_named(const char *id);
const PathStep *path_step(const Path *path, const char *id);

/* The first step that one can do something about now: to do, or for a person; NULL when there is
 * none. */
const PathStep *path_next(const Path *path);

/* How many steps are done, and how many are needed (all but those in STEP_NOT_NEEDED). */
guint path_count_done(const Path *path);
guint path_count_needed(const Path *path);
