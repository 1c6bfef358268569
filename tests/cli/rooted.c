/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rooted.h"

static Result *run(const Fixture *fixture, const char *const *arguments)
{
    g_autofree char *programs = g_strconcat("ROOTSTOCK_PROGRAMS=", fixture->programs, NULL);
    const char *const env[] = {programs, "COLUMNS=300", NULL};
    return program_run_argv(&(RunOptions){.env = env}, arguments);
}

Result *rooted_run(const Fixture *fixture, const char *command, const char *first,
                   const char *second)
{
    const char *const arguments[] = {"--root", fixture->path, command, first, second, NULL};
    return run(fixture, arguments);
}

Result *rooted_apply(const Fixture *fixture, const char *first, const char *second)
{
    const char *const arguments[] = {"--root", fixture->path, "apply", "--yes",
                                     first,    second,        NULL};
    return run(fixture, arguments);
}
