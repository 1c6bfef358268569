/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The one way to run a program: an argument vector and never a shell, a time limit, the output
 * captured, the exit status always checked.
 *
 *     const char *argv[] = {"qemu-img", "create", "-f", "qcow2", path, size, NULL};
 *     g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
 *
 * The child gets LC_ALL=C, standard input from /dev/null (or from INPUT) and no descriptor beyond
 * the standard ones. It is killed with its whole process group when the time is up or when the user
 * cancels (os/cancel.h).
 */
typedef struct {
    guint timeout_ms;       /* 0: 60 seconds */
    const char *input;      /* standard input; NULL: none */
    gsize output_max;       /* bytes of standard output kept at the most; 0: 16 MiB. More is an
                             * error */
    const char *const *env; /* "NAME=VALUE" to add, ended by NULL; may be NULL */
    const char *folder;     /* the folder to run in; NULL: this program's own */
    const char *package;    /* what to install when the program is not there, for the message */
    bool any_status;        /* true: a non-zero exit status is not an error */
} OsRunOptions;

typedef struct {
    char *out;  /* standard output, ended by NUL */
    char *err;  /* standard error, its first 64 KiB, ended by NUL */
    int status; /* exit status */
} OsOutput;

/* Runs ARGV (ARGV[0] is looked up in PATH, and in the sbin folders). ERROR_MISSING when there is no
 * such program; ERROR_FAILED, with the last lines of its standard error, when it fails, dies or
 * runs out of time. OPTIONS may be NULL. */
OsOutput *os_run(const char *const *argv, const OsRunOptions *options, GError **error);

/* The full path of a program, looked up as os_run() does; NULL when it is not there. */
char *os_find_program(const char *name);

void os_output_free(OsOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsOutput, os_output_free)
