/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * One change to the host, with the old and the new side by side: what a person is shown is printed
 * from the same values that are carried out. A plain value: nothing here reads or writes anything.
 */
typedef enum {
    CHANGE_KERNEL_ARGUMENT, /* target: the argument's key, "intel_iommu" */
    CHANGE_FILE,            /* target: the path of a file of our own, in whole */
    CHANGE_SETTING,         /* target: "PATH: KEY", one setting in somebody else's file */
    CHANGE_PACKAGE,         /* target: the names of packages, with a space between */
    CHANGE_SERVICE,         /* target: a systemd unit */
    CHANGE_GROUP,           /* target: "USER in GROUP" */
    CHANGE_COMMAND,         /* target: what the command makes anew, in words */
    CHANGE_KINDS,
} ChangeKind;

/* When a change comes in a plan: what later ones rest on is first. */
typedef enum {
    RANK_PACKAGE, /* packages bring files, groups and units */
    RANK_FILE,
    RANK_ACCOUNT,
    RANK_SERVICE,      /* units are started with their files in place */
    RANK_INITRAMFS,    /* holds a copy of files */
    RANK_BOOT_MENU,    /* names kernel arguments and the initramfs */
    RANK_TAKEBACK,     /* what takes the plan back unless somebody confirms it; gone with that */
    RANK_NETWORK,      /* may cut off who asked for it, so it is last, and taken back first */
    RANK_NETWORK_LOAD, /* has the network's files read: the way back too, once they are restored */
    RANKS,
} ChangeRank;

/* A file of the host. BEFORE and AFTER are the whole texts, UTF-8; NULL: there is none. */
typedef struct {
    char *path; /* absolute, below the root */
    char *before;
    char *after;
    bool secret; /* a new file is to be read by root alone */
} FileEdit;

/* How it is seen that a change took: TEXT stands in a file, or in what a program prints. */
typedef struct {
    char *file; /* `*` for any letters of a name: one that matches will do. NULL: PROGRAM says it */
    GStrv program; /* it only reads; `*` in its last argument: any file that matches will do */
    char *text;
    bool absent; /* TEXT must not be there */
} Effect;

typedef struct {
    char *step; /* id of the step of the path that asks for it */
    ChangeKind kind;
    ChangeRank rank;
    char *target;
    char *before, *after; /* NULL: not there */
    bool restart;         /* it takes effect with the next start of the host */
    char *why;            /* a sentence */
    char *tool;           /* the package manager, boot loader or initramfs tool; NULL: none */
    GPtrArray *edits;     /* of FileEdit *, in order */
    GStrv command;        /* run after the edits; NULL: none */
    GStrv revert;         /* takes back what COMMAND did where recorded files cannot; NULL: none */
    GStrv outputs;        /* the files that COMMAND writes; `*` for any letters of a name */
    GPtrArray *effects;   /* of Effect * */
} Change;

Change *change_new(const char *step, ChangeKind kind, const char *target);
void change_free(Change *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

/* Texts are copied; NULL where there is none. */
void change_set_states(Change *change, const char *before, const char *after);
void change_add_edit(Change *change, const char *path, const char *before, const char *after);

/* The same for a file that only root may read. */
void change_add_secret(Change *change, const char *path, const char *before, const char *after);
void change_add_effect_file(Change *change, const char *file, const char *text, bool absent);
void change_add_effect_program(Change *change, const char *const *program, const char *text,
                               bool absent);

/* "kernel-argument", "file", ... */
const char *change_kind_name(ChangeKind kind);
bool change_kind_from_name(const char *name, ChangeKind *ret_kind);
