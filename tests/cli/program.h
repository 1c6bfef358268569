/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Runs the built program as a person would.
 *
 *     g_autoptr(Result) result = program_run(NULL, "check", "--json", NULL);
 *     g_assert_cmpint(result->status, ==, 0);
 */
typedef struct {
    int status;      /* exit status; 128 + number for a signal */
    char *out, *err; /* ended by NUL */
    gsize out_length;
    long peak_kib;      /* peak resident memory */
    double cpu_seconds; /* user and system time */
} Result;

typedef struct {
    const char *input;       /* standard input; NULL: /dev/null */
    int input_fd;            /* the same as a descriptor; 0: none */
    const char *output_file; /* standard output goes there instead of Result.out */
    gboolean close_output;   /* standard output is closed */
    gboolean no_reader;      /* it is a pipe that nobody reads */
    const char *const *env;  /* "NAME=VALUE", ended by NULL; may be NULL */
    guint64 file_size_max;   /* no file may grow beyond this; 0: as it is */
} RunOptions;

/* OPTIONS may be NULL; the arguments end with NULL. */
Result *program_run(const RunOptions *options, ...) G_GNUC_NULL_TERMINATED;
Result *program_run_argv(const RunOptions *options, const char *const *arguments);

/* Any program of PATH; ARGV[0] is its name. */
Result *program_run_other(const RunOptions *options, const char *const *argv);

void result_free(Result *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Result, result_free)

/* The snapshot NAME of tests/hosts. The caller owns the path. */
char *host_path(const char *name);

/* A new folder, and its removal with all that is in it. */
char *folder_new(void);
void folder_free(char *path);

/* Whether there is anything in the folder, which need not exist. */
gboolean folder_is_empty(const char *path);

/* Asserts that RESULT is a failure of STATUS with one line of error that has WORDS in it, and
 * nothing on standard output. */
void assert_refused(const Result *result, int status, const char *words);

/* Asserts that RESULT's standard output is one JSON object with MEMBER. */
void assert_json(const Result *result, const char *member);

/* Holds TEXT against the golden FILE ("releases.txt"). With ROOTSTOCK_GOLDEN=write in the
 * environment it is written anew: read what changed. */
void assert_golden(const char *file, const char *text);

/* No line of TEXT has more than WIDTH letters. */
void assert_fits(const char *text, glong width);
